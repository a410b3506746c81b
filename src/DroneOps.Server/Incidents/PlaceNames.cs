using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Airspace;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Incidents;

/// <summary>In which grid a place lies, and at which key site.</summary>
internal static class PlaceNames
{
    /// <summary>What happens within this distance of a key site's point happens at it, metres: a school's gate, a bridge's ends.</summary>
    public const double AtKeySiteM = 200;

    /// <summary>The first grid that holds the place, and the nearest key site within reach.</summary>
    public static (string? GridId, string? KeySiteId) Of(AirspaceSnapshot drawn, double longitude, double latitude)
    {
        var corner = new Coordinate(longitude, latitude);
        Point? point = null;
        string? grid = null;
        foreach (var candidate in drawn.Grids)
        {
            if (candidate.Shape.EnvelopeInternal.Contains(corner) && candidate.Shape.Covers(point ??= new Point(corner)))
            {
                grid = candidate.Id;
                break;
            }
        }

        var near = SpatialQueries.BoxAround(longitude, latitude, AtKeySiteM);
        var (site, least) = ((string?)null, AtKeySiteM);
        foreach (var candidate in drawn.KeySites)
        {
            if (!near.Intersects(candidate.Shape.EnvelopeInternal))
                continue;
            var to = candidate.Shape.InteriorPoint;
            var distance = Geodesic.DistanceM(new GeoPoint(latitude, longitude), new GeoPoint(to.Y, to.X));
            if (distance <= least)
                (site, least) = (candidate.Id, distance);
        }

        return (grid, site);
    }
}

/// <summary>Keeps the grids and key sites of the incidents' times as they are drawn now: when the map changes, places are looked up again.</summary>
internal sealed partial class PlaceKeeper(AirspaceBook airspace, IDbContextFactory<FleetDb> databases, TimeProvider time, ILogger<PlaceKeeper> logger) : BackgroundService
{
    private const int Batch = 5000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // Nothing drawn is a map that is not read yet.
            await foreach (var drawn in airspace.WatchAsync(stoppingToken))
            {
                if (drawn.Grids.Length + drawn.KeySites.Length > 0)
                    await LookUpAsync(drawn, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Closing.
        }
    }

    /// <summary>Looks all places up on a map.</summary>
    public async Task LookUpAsync(AirspaceSnapshot drawn, CancellationToken cancellation)
    {
        try
        {
            Guid? last = null;
            do
            {
                await using var db = await databases.CreateDbContextAsync(cancellation);
                var rows = db.Set<IncidentTimes>().OrderBy(row => row.Id).AsQueryable();
                if (last is { } after)
                    rows = rows.Where(row => row.Id.CompareTo(after) > 0);
                var batch = await rows.Take(Batch).ToListAsync(cancellation);
                foreach (var row in batch)
                {
                    if (PlaceNames.Of(drawn, row.Longitude, row.Latitude) is var (grid, site) && (grid != row.GridId || site != row.KeySiteId))
                        (row.GridId, row.KeySiteId, row.ChangedAt) = (grid, site, time.GetUtcNow());
                }

                await db.SaveChangesAsync(cancellation);
                last = batch.Count == Batch ? batch[^1].Id : null;
            }
            while (last is not null);
        }
        catch (Exception error) when (Outage.Is(error))
        {
            LogNotLookedUp(error);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The places of incidents could not be looked up on the new map; the next change of it or the next start does")]
    private partial void LogNotLookedUp(Exception error);
}
