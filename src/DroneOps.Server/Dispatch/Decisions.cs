using DroneOps.Missions.Flight;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Patterns;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Dispatch;

/// <summary>Keeps why each drone was sent, so that it can be said afterwards what the choice and the way have cost.</summary>
internal sealed partial class Decisions(IDbContextFactory<FleetDb> databases, ILogger<Decisions> logger)
{
    /// <summary>What is known at the instant of the choice. Pure.</summary>
    /// <param name="vehicle">The chosen drone as it stands.</param>
    public static DispatchDecision Of(
        IncidentRecord incident, FleetVehicle vehicle, IReadOnlyList<Candidate> ranked, Transit transit, AirframeProfile profile, Wind wind, string actor, DateTimeOffset now)
    {
        var (straightM, climbS, detourS) = (0.0, 0.0, 0.0);
        if (vehicle.Snapshot is { Position: { Value: var position } } snapshot)
        {
            var height = snapshot.InAir == true ? position.AboveHome.Metres : 0;
            var standing = new VehicleStanding(position.Point, Math.Max(0, height), snapshot.InAir == true, 100, position.Point, position.Velocity.East, position.Velocity.North);
            var request = new SceneRequest(incident.Scene, Candidates.SceneHeightM, WithinM: SceneTask.ShownWithinM);
            straightM = Geodesic.DistanceM(position.Point, incident.Scene);
            climbS = Math.Max(0, Candidates.SceneHeightM - standing.HeightM) / profile.ClimbMps;
            if (transit.Corners(position.Point, incident.Scene) is { } corners)
                detourS = Math.Max(0, Eta.ToScene(profile, wind, standing, request, Candidates.SpeedMps, corners).P50S - Eta.ToScene(profile, wind, standing, request, Candidates.SpeedMps).P50S);
        }

        return new DispatchDecision
        {
            Id = Guid.CreateVersion7(now),
            IncidentId = incident.Id,
            At = now,
            Actor = actor,
            VehicleId = vehicle.Id,
            StraightM = Math.Round(straightM, 1),
            ClimbS = Math.Round(climbS, 1),
            DetourS = Math.Round(double.IsFinite(detourS) ? detourS : 0, 1),
            Considered = [.. ranked.Select(candidate => candidate.InTenths()).Select(candidate => new ConsideredDrone(candidate.VehicleId, candidate.Name, candidate.Rank, candidate.EtaS, candidate.EtaP90S, candidate.Excluded))],
        };
    }

    /// <summary>Writes it down. It explains afterwards; the flight does not depend on it, so a store that is away costs the explanation only.</summary>
    public async Task WriteAsync(DispatchDecision? decision, CancellationToken cancellation)
    {
        if (decision is null)
            return;
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            db.Add(decision);
            await db.SaveChangesAsync(cancellation);
        }
        catch (Exception error) when (Outage.Is(error))
        {
            LogNotKept(error, decision.IncidentId);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Incident {Incident}: why the drone was chosen could not be kept")]
    private partial void LogNotKept(Exception error, Guid incident);
}
