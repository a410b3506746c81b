using System.Globalization;
using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Sorties;

/// <summary><c>GET /sorties</c>: newest first, by time, vehicle, pilot, purpose, incident and place.</summary>
internal static class ListSorties
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("", HandleAsync)
        .WithSummary("Sorties, newest first; near=lon,lat&withinM= finds those that passed a place");

    private static async Task<Results<Ok<Page<SortieView>>, ProblemHttpResult>> HandleAsync([AsParameters] Filter filter, [AsParameters] PageRequest page, FleetDb db, CancellationToken cancellation)
    {
        if (page.Fault is { } fault)
            return Problems.Invalid(fault);
        var rows = filter.Apply(db.Set<SortieRecord>().AsNoTracking());
        if (!TimeCursor.TryRead(page, out var cursor))
            return Problems.Invalid(TimeCursor.Wrong);
        if (cursor is { At: var at, Id: var id })
            rows = rows.Where(sortie => sortie.TakeoffAt < at || (sortie.TakeoffAt == at && sortie.Id.CompareTo(id) < 0));
        var ordered = rows.OrderByDescending(sortie => sortie.TakeoffAt).ThenByDescending(sortie => sortie.Id);

        List<SortieRecord> found;
        if (filter.Near is null)
        {
            found = await ordered.Take(page.Take + 1).ToListAsync(cancellation);
        }
        else
        {
            if (Place(filter.Near) is not { } place || filter.WithinM is not (> 0 and <= 50_000))
                return Problems.Invalid(new Fault("near", "near is lon,lat in degrees, with withinM from 1 to 50000 metres."));
            var candidates = await ordered.InBox(SpatialQueries.BoxAround(place.LongitudeDeg, place.LatitudeDeg, filter.WithinM.Value)).ToListAsync(cancellation);
            found = [.. candidates.Where(sortie => DistanceM(sortie, place) <= filter.WithinM).Take(page.Take + 1)];
        }

        return TypedResults.Ok(page.Of(found, SortieView.Of, sortie => new TimeCursor(sortie.TakeoffAt, sortie.Id).Key));
    }

    private static GeoPoint? Place(string text) =>
        text.Split(',') is [var lon, var lat]
        && double.TryParse(lon, NumberStyles.Float, CultureInfo.InvariantCulture, out var longitude)
        && double.TryParse(lat, NumberStyles.Float, CultureInfo.InvariantCulture, out var latitude)
        && new GeoPoint(latitude, longitude) is { IsValid: true } point
            ? point
            : null;

    /// <summary>The least distance from a place to the track, on a plane around the place.</summary>
    private static double DistanceM(SortieRecord sortie, GeoPoint place)
    {
        var plane = new LocalPlane(place);
        NetTopologySuite.Geometries.Coordinate[] line =
        [
            .. sortie.Shape.Coordinates.Select(point => plane.ToPlane(new GeoPoint(point.Y, point.X))).Select(point => new NetTopologySuite.Geometries.Coordinate(point.EastM, point.NorthM)),
        ];
        NetTopologySuite.Geometries.Geometry shape = line.Length > 1 ? new NetTopologySuite.Geometries.LineString(line) : new NetTopologySuite.Geometries.Point(line[0]);
        return shape.Distance(new NetTopologySuite.Geometries.Point(0, 0));
    }

    /// <summary>The filters; all that are given must hold. A purpose, an incident or a patrol is that of any part of the sortie.</summary>
    internal sealed record Filter(QueryTime? From, QueryTime? To, string? VehicleId, string? Pilot, string? Purpose, string? Incident, string? Patrol, string? Near, double? WithinM)
    {
        public IQueryable<SortieRecord> Apply(IQueryable<SortieRecord> rows)
        {
            if (From is { Utc: var from })
                rows = rows.Where(sortie => sortie.TakeoffAt >= from);
            if (To is { Utc: var to })
                rows = rows.Where(sortie => sortie.TakeoffAt < to);
            if (VehicleId is { } vehicle)
                rows = rows.Where(sortie => sortie.VehicleId == vehicle);
            if (Pilot is { } pilot)
                rows = rows.Where(sortie => sortie.Pilot == pilot);
            if (Purpose is { } purpose)
                rows = rows.Where(sortie => sortie.Purpose == purpose || sortie.Turns.Any(turn => turn.Purpose == purpose));
            if (Incident is { } incident)
                rows = rows.Where(sortie => (sortie.TaskKind == "incident" && sortie.TaskId == incident) || sortie.Turns.Any(turn => turn.TaskKind == "incident" && turn.TaskId == incident));
            if (Patrol is { } patrol)
                rows = rows.Where(sortie => (sortie.TaskKind == "patrol" && sortie.TaskId == patrol) || sortie.Turns.Any(turn => turn.TaskKind == "patrol" && turn.TaskId == patrol));
            return rows;
        }
    }
}
