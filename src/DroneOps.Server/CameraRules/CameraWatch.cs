using DroneOps.Mavlink.Messages;
using DroneOps.Missions.Items;
using DroneOps.Missions.Zones;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;
using DroneOps.Server.Storage;
using DroneOps.Server.Video;
using DroneOps.Server.Video.Recording;
using DroneOps.Vehicles;
using Microsoft.Extensions.Options;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.CameraRules;

/// <summary>Looks each second at every camera in the air: ends the recording in a no-record zone and goes on behind it, records by the legs where that is
/// the rule, and has what is otherwise entered as a breach. Owner: its own loop.</summary>
internal sealed partial class CameraWatch(
    VideoStreams streams, RecordingDesk desk, VehicleBoard vehicles, MissionsAboard missions, FleetCommands commands, AirspaceBook airspace, BreachBook book, Quiescence quiescence,
    IOptions<CameraRulesOptions> options, TimeProvider time, ILogger<CameraWatch> logger) : BellLoop(quiescence, time, Every, Every)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, (IReadOnlyList<PlanItem> Mission, IReadOnlyList<LegDuty>? Duties)> _duties = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _asked = new(StringComparer.Ordinal);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await book.RestoreAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task LookAsync(CancellationToken cancellation)
    {
        foreach (var stream in streams.All)
        {
            try
            {
                await LookAsync(stream, cancellation);
            }
            catch (Exception error) when (error is IOException || Outage.Is(error))
            {
                // What the store does not take now is entered with the next look: the breach goes on, or its end is still to come.
                LogNotEntered(error, stream.Id);
            }
        }
    }

    private async Task LookAsync(VideoStream stream, CancellationToken cancellation)
    {
        var now = Time.GetUtcNow();
        var vehicle = vehicles.Find(stream.Settings.VehicleId);
        var snapshot = vehicle?.Snapshot;
        var isUp = snapshot is { Armed: true, InAir: not false };

        // While nobody knows where it is, what was last known holds: it is hardly out of the zone because its position is late.
        var isLost = snapshot is { Armed: true, Position: not { IsStale: false } };
        var zone = isLost ? desk.ForbiddenBy(stream.Id) : isUp ? ZoneAt(snapshot!, now) : null;
        if (!isLost && zone is not null)
            await desk.ForbidAsync(stream, zone, cancellation);
        else if (!isLost)
            await desk.AllowAsync(stream, cancellation);

        var (leg, item) = isUp ? LegOf(vehicle!, now) : default;
        if (options.Value.Rule == RecordingRule.Legs && zone is null && leg is { } duty)
            await FollowAsync(stream, duty, cancellation);
        var pitch = stream.View is { } view && now - view.At < Fresh ? view.PitchDeg : null;
        List<BreachKind> kinds = [.. CameraCheck.Of(new(leg, zone), new(stream.IsRecorded, pitch), options.Value.Rule, options.Value.LevelDeg)];
        await book.TakeAsync(new(stream.Settings.VehicleId, stream.Id, item, zone, vehicle?.Assignment?.Label), kinds, cancellation);
    }

    private async Task FollowAsync(VideoStream stream, LegDuty duty, CancellationToken cancellation)
    {
        var order = desk.OrderOf(stream.Id);
        if (duty.Records && order is null)
            await desk.BeginWithSortieAsync(stream, "scene", cancellation);

        // What a person has ordered a person ends; it is a breach all the same, and the auditor sees whose.
        else if (!duty.Records && order is { By: Actors.System })
            await desk.EndAsync(stream.Id, Actors.System, cancellation);
    }

    private string? ZoneAt(VehicleSnapshot snapshot, DateTimeOffset now)
    {
        if (snapshot.Position is not { Value.Point: var at })
            return null;
        var current = airspace.Current;
        Point point = new(at.LongitudeDeg, at.LatitudeDeg);
        return current.ZonesDuring(now, now).FirstOrDefault(zone => zone.Effect == ZoneEffect.NoRecord && current.Zones.First(place => place.Id == zone.Id).Shape.Intersects(point))?.Name;
    }

    private (LegDuty? Leg, int? Item) LegOf(FleetVehicle vehicle, DateTimeOffset now)
    {
        if (vehicle.Snapshot is not { Mission.Value: { PlanIndex: >= 0 and var item } flown } snapshot || !IsFlying(flown.State, snapshot.Mode))
            return default;
        if (missions.Find(vehicle.Id) is not { } mission || flown.Total is { } total && total != mission.Count)
        {
            // Somebody else has written it, or this service was started while it is flown: it is on board, to be read.
            if (now - _asked.GetValueOrDefault(vehicle.Id) >= AskAgain)
            {
                _asked[vehicle.Id] = now;
                _ = commands.DownloadAsync(vehicle.Id, PlanKind.Mission);
            }

            return (null, item);
        }

        if (!_duties.TryGetValue(vehicle.Id, out var known) || !ReferenceEquals(known.Mission, mission))
            _duties[vehicle.Id] = known = (mission, LegDuty.Of(mission));
        return (known.Duties is { } duties && item < duties.Count ? duties[item] : null, item);
    }

    /// <summary>Whether the vehicle flies its mission: by its own word, or by its mode where it has none for that.</summary>
    private static bool IsFlying(MissionState state, string? mode) =>
        state == MissionState.Active || (state == MissionState.Unknown && mode is not null && (mode.Equals("AUTO", StringComparison.OrdinalIgnoreCase) || mode.Contains("mission", StringComparison.OrdinalIgnoreCase)));

    [LoggerMessage(LogLevel.Warning, "What the camera {Stream} does could not be entered now")]
    private partial void LogNotEntered(Exception problem, string stream);
}
