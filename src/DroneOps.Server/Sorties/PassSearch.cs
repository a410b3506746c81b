using System.Globalization;
using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;

namespace DroneOps.Server.Sorties;

/// <summary>How a sortie passed a place: when it was nearest, how near, and how high.</summary>
internal sealed record SortiePass(DateTimeOffset At, double DistanceM, double AltitudeAboveHomeM, double AltitudeAmslM);

/// <summary>Which sorties passed a place. The legs of all tracks are looked through: by the index of PostGIS, or by their boxes and then their lines.</summary>
internal sealed class PassSearch
{
    private const double WidestM = 50_000;

    /// <summary>Corners of the disc; it falls short of a circle by three parts in ten thousand of the radius.</summary>
    private const int Corners = 128;

    private readonly LocalPlane _plane;
    private readonly Polygon _disc;
    private readonly DateTimeOffset? _from;
    private readonly DateTimeOffset? _to;

    private PassSearch(GeoPoint place, double withinM, DateTimeOffset? from, DateTimeOffset? to)
    {
        _plane = new LocalPlane(place);
        _disc = Disc(_plane, withinM);
        (_from, _to) = (from, to);
    }

    /// <summary>What is wrong with the place of a search.</summary>
    public static Fault Wrong => new("near", "near is lon,lat in degrees, with withinM from 1 to 50000 metres.");

    /// <summary>Reads a place and how far around it, and between when it was passed.</summary>
    /// <returns>Null when it is none.</returns>
    public static PassSearch? Read(string near, double? withinM, DateTimeOffset? from, DateTimeOffset? to) =>
        near.Split(',') is [var lon, var lat]
        && double.TryParse(lon, NumberStyles.Float, CultureInfo.InvariantCulture, out var longitude)
        && double.TryParse(lat, NumberStyles.Float, CultureInfo.InvariantCulture, out var latitude)
        && new GeoPoint(latitude, longitude) is { IsValid: true, LatitudeDeg: > -89 and < 89 } point
        && withinM is > 0 and <= WidestM
            ? new(point, withinM.Value, from, to)
            : null;

    /// <summary>The sorties that passed, in no order.</summary>
    public async Task<List<Guid>> FindAsync(FleetDb db, CancellationToken cancellation)
    {
        var legs = InTime(db.Set<TrackLeg>().AsNoTracking());
        if (db.HasSpatialSql)
            return await legs.Where(leg => leg.Shape.Intersects(_disc)).Select(leg => leg.SortieId).Distinct().ToListAsync(cancellation);
        var prepared = PreparedGeometryFactory.Prepare(_disc);
        var found = new HashSet<Guid>();
        var near = legs.InBox(_disc.EnvelopeInternal).Select(leg => new { leg.SortieId, leg.Shape });
        await foreach (var leg in near.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            if (!found.Contains(leg.SortieId) && prepared.Intersects(leg.Shape))
                found.Add(leg.SortieId);
        }

        return [.. found];
    }

    /// <summary>How each of a page of sorties passed.</summary>
    public async Task<Dictionary<Guid, SortiePass>> PassesAsync(FleetDb db, IReadOnlyCollection<Guid> sorties, CancellationToken cancellation)
    {
        var legs = await InTime(db.Set<TrackLeg>().AsNoTracking()).Where(leg => sorties.Contains(leg.SortieId)).InBox(_disc.EnvelopeInternal)
            .Select(leg => new { leg.SortieId, leg.Number, leg.Shape }).ToListAsync(cancellation);
        var nearest = legs.GroupBy(leg => leg.SortieId).Select(own => own.MinBy(leg => DistanceM(leg.Shape))!).ToList();
        List<int> numbers = [.. nearest.SelectMany(leg => new[] { leg.Number, leg.Number + 1 }).Distinct()];
        var chosen = nearest.ToDictionary(leg => leg.SortieId, leg => leg.Number);
        var flown = new Dictionary<(Guid, bool IsNext), List<TrackPoint>>();
        var pieces = db.Set<TrackPiece>().AsNoTracking().Where(piece => sorties.Contains(piece.SortieId) && numbers.Contains(piece.Number)).AsAsyncEnumerable();
        await foreach (var piece in pieces.WithCancellation(cancellation))
        {
            if (chosen.TryGetValue(piece.SortieId, out var number) && piece.Number - number is 0 or 1)
                flown[(piece.SortieId, piece.Number > number)] = piece.Points;
        }

        return nearest.ToDictionary(leg => leg.SortieId, leg => Nearest(WithStep(flown[(leg.SortieId, false)], flown.GetValueOrDefault((leg.SortieId, true)))));
    }

    /// <summary>A piece with the step to the next one, which its leg may hold.</summary>
    private static List<TrackPoint> WithStep(List<TrackPoint> points, List<TrackPoint>? next) =>
        next is [var first, ..] && first.At - points[^1].At <= TrackLeg.LongestStep ? [.. points, first] : points;

    private static Polygon Disc(LocalPlane plane, double radiusM)
    {
        var ring = new Coordinate[Corners + 1];
        for (var i = 0; i < Corners; i++)
        {
            var angle = 2 * Math.PI * i / Corners;
            var corner = plane.ToGeo(new PlanePoint(radiusM * Math.Sin(angle), radiusM * Math.Cos(angle)));
            ring[i] = new(corner.LongitudeDeg, corner.LatitudeDeg);
        }

        ring[Corners] = ring[0].Copy();
        return new Polygon(new LinearRing(ring)) { SRID = FleetDb.Wgs84 };
    }

    private IQueryable<TrackLeg> InTime(IQueryable<TrackLeg> legs)
    {
        if (_from is { } from)
            legs = legs.Where(leg => leg.To >= from);
        if (_to is { } to)
            legs = legs.Where(leg => leg.From < to);
        return legs;
    }

    /// <summary>The nearest moment of a piece: on the way between two points it is taken to have flown straight and evenly.</summary>
    private SortiePass Nearest(List<TrackPoint> points)
    {
        var (best, bestM) = (new SortiePass(points[0].At, 0, points[0].AltitudeAboveHomeM, points[0].AltitudeAmslM), double.MaxValue);
        for (var i = 0; i < points.Count; i++)
        {
            var (a, b) = (points[i], points[Math.Min(i + 1, points.Count - 1)]);
            var (share, distance) = Nearest(Plane(a.Lon, a.Lat), Plane(b.Lon, b.Lat));
            if (distance >= bestM)
                continue;
            bestM = distance;
            best = new(a.At + ((b.At - a.At) * share), Math.Round(distance, 1), Math.Round(Between(a.AltitudeAboveHomeM, b.AltitudeAboveHomeM), 1), Math.Round(Between(a.AltitudeAmslM, b.AltitudeAmslM), 1));

            double Between(double one, double other) => one + (share * (other - one));
        }

        return best;
    }

    /// <summary>From the place to a leg, metres: degrees of longitude are shorter than those of latitude.</summary>
    private double DistanceM(Geometry leg)
    {
        PlanePoint[] corners = [.. leg.Coordinates.Select(corner => Plane(corner.X, corner.Y))];
        return corners.Zip([.. corners.Skip(1), corners[^1]], (a, b) => Nearest(a, b).DistanceM).Min();
    }

    /// <summary>Where a straight way is nearest to the place: the share of it before that, and how near.</summary>
    private static (double Share, double DistanceM) Nearest(PlanePoint from, PlanePoint to)
    {
        var (east, north) = (to.EastM - from.EastM, to.NorthM - from.NorthM);
        var length2 = (east * east) + (north * north);
        var share = length2 == 0 ? 0 : Math.Clamp(-((from.EastM * east) + (from.NorthM * north)) / length2, 0, 1);
        return (share, double.Hypot(from.EastM + (share * east), from.NorthM + (share * north)));
    }

    private PlanePoint Plane(double lon, double lat) => _plane.ToPlane(new GeoPoint(lat, lon));
}
