using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;
using NetTopologySuite.Index.Strtree;

namespace DroneOps.Server.Oversight;

/// <summary><c>GET /oversight/coverage</c>: how often each grid and each key site was flown over in a period, and when last; those that never were come with a zero.</summary>
internal static class ShowCoverage
{
    /// <summary>A key site counts as seen from this near, metres.</summary>
    private const double SeenFromM = 300;

    public static void Map(RouteGroupBuilder group) => group.MapGet("/coverage", HandleAsync)
        .WithSummary("How many sorties passed each grid, and each key site within 300 m, and when last");

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> HandleAsync(QueryTime? from, QueryTime? to, FleetDb db, AirspaceBook airspace, TimeProvider time, CancellationToken cancellation)
    {
        if (Period.Read(from, to, time.GetUtcNow(), out var period) is { } fault)
            return Problems.Invalid(fault);
        var places = PlacesOf(airspace.Current);
        var tree = new STRtree<Place>();
        foreach (var place in places)
            tree.Insert(place.Shape.Geometry.EnvelopeInternal, place);
        var legs = db.Set<TrackLeg>().AsNoTracking().Where(leg => leg.From >= period.From && leg.From < period.To && db.Set<SortieRecord>().Any(sortie => sortie.Id == leg.SortieId)).Select(leg => new { leg.SortieId, leg.To, leg.Shape }).AsAsyncEnumerable();
        await foreach (var leg in legs.WithCancellation(cancellation))
        {
            foreach (var place in tree.Query(leg.Shape.EnvelopeInternal))
            {
                if ((leg.To > place.LastAt || !place.Sorties.Contains(leg.SortieId)) && place.Shape.Intersects(leg.Shape))
                    place.Pass(leg.SortieId, leg.To);
            }
        }

        return TypedResults.Ok(new Answer(period.From, period.To, [.. places.Select(place => place.Counted())]));
    }

    private static List<Place> PlacesOf(AirspaceSnapshot drawn) =>
    [
        .. drawn.Grids.Select(grid => new Place("grid", grid.Id, grid.Properties.NameZh, grid.Properties.NameEn, PreparedGeometryFactory.Prepare(grid.Shape))),
        .. drawn.KeySites.Select(site => new Place("keySite", site.Id, site.Properties.NameZh, site.Properties.NameEn, PreparedGeometryFactory.Prepare(Around(site.Shape.InteriorPoint)))),
    ];

    private static Polygon Around(Point middle)
    {
        var plane = new LocalPlane(new GeoPoint(middle.Y, middle.X));
        Coordinate[] ring = [.. Enumerable.Range(0, 32).Select(i => i * Math.PI / 16).Select(angle => plane.ToGeo(new PlanePoint(SeenFromM * Math.Sin(angle), SeenFromM * Math.Cos(angle)))).Select(at => new Coordinate(at.LongitudeDeg, at.LatitudeDeg))];
        return new Polygon(new LinearRing([.. ring, ring[0].Copy()]));
    }

    /// <summary>A place while it is counted.</summary>
    private sealed class Place(string kind, string id, string nameZh, string nameEn, IPreparedGeometry shape)
    {
        public IPreparedGeometry Shape => shape;

        public HashSet<Guid> Sorties { get; } = [];

        public DateTimeOffset LastAt { get; private set; } = DateTimeOffset.MinValue;

        public void Pass(Guid sortie, DateTimeOffset at)
        {
            Sorties.Add(sortie);
            LastAt = at > LastAt ? at : LastAt;
        }

        public Coverage Counted() => new(kind, id, nameZh, nameEn, Sorties.Count, Sorties.Count == 0 ? null : LastAt);
    }

    /// <summary>How often a place was seen.</summary>
    /// <param name="Kind"><c>grid</c> or <c>keySite</c>.</param>
    internal sealed record Coverage(string Kind, string Id, string NameZh, string NameEn, int Sorties, DateTimeOffset? LastAt);

    /// <summary>Every grid and key site that is drawn now.</summary>
    internal sealed record Answer(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<Coverage> Items);
}
