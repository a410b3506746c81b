using DroneOps.Mavlink;
using DroneOps.Server.Airspace;
using DroneOps.Server.Dispatch;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Server.Units;
using DroneOps.Server.Video;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.FieldLinks;

/// <summary>Puts together what a link shows: the incident, its own drones, and the crew the link is for. Nothing is asked for that is not of
/// these.</summary>
internal sealed class FieldPicture(VehicleBoard vehicles, UnitBoard units, Arrivals arrivals, VideoStreams streams, IOptions<IncidentsOptions> options, TimeProvider time)
{
    private readonly IncidentTypes _types = options.Value.TypesInForce();
    private readonly IReadOnlyList<StageName> _stages = options.Value.StageNamesInForce();

    /// <summary>What the link shows of its incident now.</summary>
    public FieldView Of(FieldLinkRecord link, IncidentView incident)
    {
        var (now, type) = (time.GetUtcNow(), _types.Find(incident.Type));
        var scene = incident.Location.Coordinates is [var lon, var lat, ..] ? new GeoPoint(lat, lon) : default;
        return new(
            now,
            new(link.CallSign, link.ExpiresAt),
            new(
                incident.ExternalNumber, type?.NameZh ?? incident.Type, type?.NameEn ?? incident.Type, incident.Priority, incident.Summary, incident.Location, incident.Address, incident.ReportedAt, incident.State,
                [.. _stages.Select(stage => new FieldStep(stage.Stage, stage.NameZh, stage.NameEn, incident.TimeAxis.FirstOrDefault(step => step.Stage == stage.Stage)?.At))], incident.CrewReports),
            [.. incident.Drones.Select(drone => Of(drone, scene, now))],
            units.Find(link.CallSign) is { } unit ? new(PointOf(unit.Point), unit.PositionAt) : null);
    }

    /// <summary>Whether a crew sees what the drone sees: while it is there for the incident.</summary>
    public static bool IsSeen(IncidentDrone drone) => drone.State is DroneState.OnTheWay or DroneState.OnScene or DroneState.Lost;

    private FieldDrone Of(IncidentDrone drone, GeoPoint scene, DateTimeOffset now)
    {
        var vehicle = vehicles.Find(drone.VehicleId);
        var position = vehicle?.Snapshot.Position;
        return new(
            vehicle?.Name ?? drone.VehicleId, drone.Role, drone.State, position is { Value: var at } ? PointOf(at.Point) : null,
            position?.Value.HeadingDeg is { } heading ? Math.Round(heading) : null,
            position is { Value.AboveHome.Metres: var height } ? Math.Round(height) : null,
            vehicle?.Snapshot.Battery?.Value.RemainingPercent,
            drone.State == DroneState.OnTheWay && arrivals.SecondsTo(drone.VehicleId, scene) is { } eta ? Math.Round(eta) : null,
            drone.OnSceneAt,
            position is { At: var said } ? Math.Max(0, Math.Round((now - said).TotalSeconds)) : null,
            IsSeen(drone) ? [.. streams.Of(drone.VehicleId).Select(stream => new FieldCamera(stream.Id, stream.Settings.Kind, stream.StateAt(now)))] : []);
    }

    /// <summary>To a metre: a phone shows no more.</summary>
    private static PointGeometry PointOf(GeoPoint point) => new("Point", [Math.Round(point.LongitudeDeg, 5), Math.Round(point.LatitudeDeg, 5)]);
}
