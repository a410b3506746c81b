using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Tests.Harness;

/// <summary>Sorties put straight into the database, as the flight log would have written them.</summary>
internal static class FlownRows
{
    /// <summary>A sortie along a line at 10 m/s, a point a second, at a height above home, in pieces of ten points.</summary>
    public static async Task<SortieRecord> FlyAsync(
        TestServer server, DateTimeOffset takeoff, (double Lon, double Lat)[] corners, double heightM = 60, string vehicle = "9101", string? purpose = "training", string? taskKind = null, string? taskId = null,
        string? pilot = "user:wang", string? authorisedBy = "user:admin", bool isClosed = true, string? unit = null, string battery = "B-1", (int Cycles, int HealthPercent)? wear = null)
    {
        List<TrackPoint> points = [.. Along(takeoff, corners, heightM)];
        var airborne = (points[^1].At - takeoff).TotalSeconds;
        var row = new SortieRecord
        {
            Id = Guid.CreateVersion7(takeoff),
            VehicleId = vehicle,
            VehicleName = $"UAV-{vehicle}",
            HardwareId = $"HW-{vehicle}",
            Firmware = "4.6.1",
            SystemId = 1,
            Pilot = pilot,
            Purpose = purpose,
            AuthorisedBy = authorisedBy,
            TaskKind = taskKind,
            TaskId = taskId,
            TaskLabel = taskId,
            DockId = null,
            BatterySerial = battery,
            BatteryCycles = wear?.Cycles,
            BatteryHealthPercent = wear?.HealthPercent,
            Unit = unit,
            ArmedAt = takeoff.AddSeconds(-4),
            TakeoffAt = takeoff,
            TakeoffSource = ClockSource.LandedState,
            LandedAt = isClosed ? points[^1].At : null,
            LandingSource = ClockSource.LandedState,
            DisarmedAt = isClosed ? points[^1].At.AddSeconds(3) : null,
            LastHeardAt = points[^1].At,
            AirborneS = airborne,
            ArmedS = airborne + 7,
            MaxAltitudeAboveHomeM = heightM,
            IsClosed = isClosed,
            Shape = new LineString([.. points.Select(point => new Coordinate(point.Lon, point.Lat))]),
        };
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<FleetDb>>().CreateDbContextAsync();
        db.Add(row);
        db.AddRange(points.Chunk(10).Select((piece, number) => new TrackPiece { SortieId = row.Id, Number = number, Points = [.. piece] }));
        await db.SaveChangesAsync();
        return row;
    }

    private static IEnumerable<TrackPoint> Along(DateTimeOffset from, (double Lon, double Lat)[] corners, double heightM)
    {
        const double MetresADegree = 110_600;
        var at = from;
        for (var leg = 0; leg + 1 < corners.Length; leg++)
        {
            var ((lon, lat), (toLon, toLat)) = (corners[leg], corners[leg + 1]);
            var metres = Math.Sqrt(Math.Pow((toLon - lon) * MetresADegree * Math.Cos(lat * Math.PI / 180), 2) + Math.Pow((toLat - lat) * MetresADegree, 2));
            var steps = Math.Max(1, (int)(metres / 10));
            for (var step = 0; step <= steps; step++, at = at.AddSeconds(1))
                yield return new TrackPoint(at, lon + ((toLon - lon) * step / steps), lat + ((toLat - lat) * step / steps), heightM + 20, heightM, 10);
        }
    }
}
