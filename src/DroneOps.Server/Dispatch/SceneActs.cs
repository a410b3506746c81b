using System.Globalization;
using DroneOps.Mavlink;
using DroneOps.Missions;
using DroneOps.Missions.Flight;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Airspace;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Server.Units;
using DroneOps.Vehicles;
using Route = DroneOps.Missions.Route;

namespace DroneOps.Server.Dispatch;

/// <summary>What a dispatcher asks of a drone at a scene: where it stands, what it circles, whom it follows. The dispatcher does not fly: each wish is
/// checked as a whole, flown by the service for the incident, and refused while a pilot has control.</summary>
internal sealed class SceneActs(IncidentBook book, AirspaceBook airspace, WaysNow ways, UnitBoard units, VehicleBoard board, SceneFlight flight, FleetCommands commands)
{
    /// <summary>The law's ceiling for a flight of this kind, metres above ground; homes and scenes of the city differ by less than the margin to it.</summary>
    public const double CeilingM = 120;

    /// <summary>Lower is among people and wires.</summary>
    public const double FloorM = 30;

    /// <summary>A drone that could stay less than this is not moved about.</summary>
    private static readonly TimeSpan LeastStay = TimeSpan.FromMinutes(2);

    private const double OrbitSpeedMps = 6;
    private const double MostTurns = 60;

    // A PX4 flies circles as waypoints, two dozen each.
    private const double MostTurnsOnPx4 = 15;
    private const int Corners = 36;

    /// <summary>Gives a drone its task at the scene.</summary>
    /// <param name="vehicleId">Which drone, or null for the primary.</param>
    public async Task<SceneResult> TaskAsync(Guid id, string? vehicleId, SceneTask wanted, string actor, CancellationToken cancellation)
    {
        if (await book.FindAsync(id, cancellation) is not { } incident)
            return new SceneResult.NoSuchIncident();
        if (incident.DroneOf(vehicleId ?? incident.VehicleId ?? "") is not { IsWorking: true } drone || board.Find(drone.VehicleId) is not { } vehicle)
            return new SceneResult.Refused("no-drone", "No drone works this incident.");
        var commander = new Commander(actor, false, id.ToString());
        if (commands.Refusal(drone.VehicleId, new VehicleCommand.ContinueMission(), commander) is { } refusal)
            return new SceneResult.Refused(refusal.Slug, refusal.Detail);
        if (vehicle.Snapshot is not { InAir: true, Position: { IsStale: false, Value: var position } })
            return new SceneResult.Refused("drone-not-in-air", $"{vehicle.Name} is not in the air.");
        if (PlaceOf(incident, wanted) is not { } place)
            return new SceneResult.Refused("no-place", wanted.Task == SceneTaskKind.FollowUnit ? $"There is no unit '{wanted.UnitCallSign}'." : $"There is no key site '{wanted.KeySiteId}'.");
        if (wanted.Task == SceneTaskKind.FollowUnit && drone.State != DroneState.OnScene)
            return new SceneResult.Refused("drone-not-there", $"{vehicle.Name} is not at the scene yet.");
        var task = wanted with { BearingDeg = wanted.Task == SceneTaskKind.Orbit ? null : wanted.BearingDeg ?? Math.Round(Geodesic.Inverse(place, position.Point).StartAzimuthDeg) };
        if (ConflictOf(incident, drone, vehicle, task, place, position.Point) is { } conflict)
            return conflict;

        var stay = flight.StayOf(drone.VehicleId, place, task);
        if (stay < LeastStay)
            return new SceneResult.Refused("battery-low", $"The battery of {vehicle.Name} would not bring it home with the reserve after that.");
        if (task.Task == SceneTaskKind.FollowUnit)
            return await WriteAsync(id, drone.VehicleId, task, null, actor);

        var entry = EntryOf(task, place, position.Point).StandAt(place);
        var corners = ways.Transit.Corners(position.Point, entry)!;
        var turns = TurnsOf(task, stay, vehicle.Snapshot.Identity?.Autopilot == Mavlink.Messages.MavAutopilot.Px4);
        var route = RouteOf(incident.ExternalNumber ?? incident.Summary, place, task, stay, turns, corners, entry);
        if (task.Task == SceneTaskKind.Orbit)
            stay = TimeSpan.FromSeconds(turns * LapS(task));
        return await flight.FlyAsync(drone.VehicleId, vehicle.Snapshot, route, commander, cancellation) is FlyResult.Stopped stopped
            ? new SceneResult.Refused("drone-did-not-go", $"{vehicle.Name} did not go: {stopped.Step}, {stopped.Reason}")
            : await WriteAsync(id, drone.VehicleId, task, stay, actor);
    }

    private async Task<SceneResult> WriteAsync(Guid id, string vehicleId, SceneTask task, TimeSpan? stay, string actor)
    {
        var row = await book.ChangeAsync(id, actor, (incident, now) => incident.Change(vehicleId, drone => drone with
        {
            Task = task with { GivenAt = now },
            StayS = stay?.TotalSeconds ?? 0,
            FliesUntil = drone.State == DroneState.OnScene && stay is { } known ? now + known : null,
        })
            ? ("incident.sceneTask", new { vehicleId, task = task.Task.ToString(), task.HeightM, task.RadiusM, task.BearingDeg, task.UnitCallSign, task.KeySiteId })
            : null, CancellationToken.None);
        return new SceneResult.Done(row!);
    }

    /// <summary>Where a task is about, or null when there is no such unit or site.</summary>
    private GeoPoint? PlaceOf(IncidentRecord incident, SceneTask task) => task.Task switch
    {
        SceneTaskKind.FollowUnit => units.Find(task.UnitCallSign ?? "")?.Point,
        SceneTaskKind.WatchKeySite => airspace.Current.KeySites.FirstOrDefault(site => site.Id == task.KeySiteId)?.Centre(),
        _ => incident.Scene,
    };

    private SceneResult.Refused? ConflictOf(IncidentRecord incident, IncidentDrone drone, FleetVehicle vehicle, SceneTask task, GeoPoint place, GeoPoint here)
    {
        var amsl = SceneFlight.HomeOf(vehicle.Snapshot).AmslM + task.HeightM;
        var near = incident.Drones.Where(other => other.State != DroneState.Gone && other.VehicleId != drone.VehicleId)
            .FirstOrDefault(other => board.Find(other.VehicleId)?.Snapshot is { Position: not null } known && Math.Abs(SceneFlight.HomeOf(known).AmslM + other.Task.HeightM - amsl) < SceneStand.SeparationM);
        if (near is not null)
            return new("height-taken", string.Create(CultureInfo.InvariantCulture, $"{board.Find(near.VehicleId)?.Name} is there at {near.Task.HeightM:0} m; keep {SceneStand.SeparationM:0} m of height from it."));
        if (task.KeySiteId is { } siteId && airspace.Current.KeySites.FirstOrDefault(site => site.Id == siteId) is { } site && task.RadiusM < site.Properties.StandOffM)
            return new("too-close", string.Create(CultureInfo.InvariantCulture, $"The site is to be kept {site.Properties.StandOffM:0} m away from."));
        var free = ways.Transit;
        var entry = EntryOf(task, place, here).StandAt(place);
        if (!free.IsFree(entry) || free.Way(here, entry) is null)
            return new("keep-out-zone", "The stand is inside a no-fly zone or no way leads there.");
        if (task.Task != SceneTaskKind.Orbit)
            return null;
        GeoPoint[] circle = [.. Enumerable.Range(0, Corners + 1).Select(corner => Geodesic.Direct(place, corner * 360.0 / Corners, task.RadiusM))];
        return circle.Zip(circle.Skip(1)).All(piece => free.IsFree(piece.First, piece.Second))
            ? null
            : new("keep-out-zone", "The circle meets a no-fly zone or leaves the city's limit.");
    }

    /// <summary>Where a task begins: at its stand, or where the circle is met on the side it comes from.</summary>
    private static SceneTask EntryOf(SceneTask task, GeoPoint place, GeoPoint here) =>
        task.Task == SceneTaskKind.Orbit ? task with { BearingDeg = Geodesic.Inverse(place, here).StartAzimuthDeg } : task;

    private static double LapSpeedMps(SceneTask task) => Motion.OrbitSpeedMps(AirframeProfile.PatrolQuad, OrbitSpeedMps, Math.Max(1, task.RadiusM));

    private static double LapS(SceneTask task) => 2 * Math.PI * Math.Max(1, task.RadiusM) / LapSpeedMps(task);

    private static double TurnsOf(SceneTask task, TimeSpan stay, bool isPx4) => Math.Clamp(Math.Floor(stay.TotalSeconds / LapS(task)), 1, isPx4 ? MostTurnsOnPx4 : MostTurns);

    private static Route RouteOf(string label, GeoPoint place, SceneTask task, TimeSpan stay, double turns, GeoPoint[] corners, GeoPoint entry)
    {
        var height = Altitude.Relative(task.HeightM);
        GeoPoint? look = task.CameraOnPlace ? place : null;
        var last = new RouteLeg { To = entry, Altitude = height, Camera = CameraDuty.Scene, LookAt = look };
        RouteLeg[] work = task.Task == SceneTaskKind.Orbit
            ? [last, new RouteLeg { To = entry, Altitude = height, SpeedMps = LapSpeedMps(task), Camera = CameraDuty.Scene, Orbit = new Missions.Orbit(place, task.RadiusM, turns, Clockwise: true) }]
            : [last with { Dwell = stay }];
        var transit = corners.Select(corner => new RouteLeg { To = corner, Altitude = height, Camera = CameraDuty.Transit });
        return new Route { Name = label, Legs = [.. transit, .. work], CruiseSpeedMps = Candidates.SpeedMps, TakeoffHeightM = task.HeightM, End = RouteEnd.ReturnToLaunch };
    }
}

/// <summary>How a wish for a scene ended.</summary>
internal abstract record SceneResult
{
    private SceneResult()
    {
    }

    /// <summary>The drone does it.</summary>
    internal sealed record Done(IncidentRecord Incident) : SceneResult;

    /// <summary>Not done, and why.</summary>
    internal sealed record Refused(string Slug, string Detail) : SceneResult;

    /// <summary>There is no such incident.</summary>
    internal sealed record NoSuchIncident : SceneResult;
}
