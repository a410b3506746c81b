using DroneOps.Mavlink;

namespace DroneOps.Missions.Geodesy;

/// <summary>A flat map of the surroundings of one point, in metres east and north, on which patterns are drawn and
/// crossings are tested. Immutable and safe to share between threads.</summary>
/// <remarks>
/// <para>The method is the ellipsoidal transverse Mercator projection (Krüger's series to the fourth order in the third
/// flattening, Karney, J. Geodesy 85, 2011) with the central meridian through the origin and scale 1 on it: no zones, no
/// false offsets, and the origin maps to (0, 0).</para>
/// <para>Error: the series itself is good to a micrometre; the projection stretches lengths by x²/2R² where x is the
/// distance from the central meridian: 5e-6 (10 cm in 20 km) at 20 km, 1.2e-4 at 100 km. Plane north turns from true north by
/// Δlongitude·sin(latitude): 0.08 degrees at 20 km in latitude 24.5. Use one plane per city or task, not per country.</para>
/// </remarks>
public sealed class LocalPlane
{
    private const double N = Wgs84.Flattening / (2 - Wgs84.Flattening);
    private const double N2 = N * N;
    private const double N3 = N2 * N;
    private const double N4 = N2 * N2;
    private const double RectifyingRadius = Wgs84.SemiMajorAxisM / (1 + N) * (1 + (N2 / 4) + (N4 / 64));
    private const double Radian = Math.PI / 180;

    private static readonly double[] Alpha =
    [
        (N / 2) - (2 * N2 / 3) + (5 * N3 / 16) + (41 * N4 / 180),
        (13 * N2 / 48) - (3 * N3 / 5) + (557 * N4 / 1440),
        (61 * N3 / 240) - (103 * N4 / 140),
        49561 * N4 / 161280,
    ];

    private static readonly double[] Beta =
    [
        (N / 2) - (2 * N2 / 3) + (37 * N3 / 96) - (N4 / 360),
        (N2 / 48) + (N3 / 15) - (437 * N4 / 1440),
        (17 * N3 / 480) - (37 * N4 / 840),
        4397 * N4 / 161280,
    ];

    private readonly double _northOffset;

    /// <summary>Makes the plane that touches the ellipsoid along the meridian of <paramref name="origin"/>.</summary>
    /// <param name="origin">The point that maps to (0, 0); choose it in the middle of what is planned.</param>
    /// <exception cref="ArgumentOutOfRangeException">The point is not valid, or within a degree of a pole.</exception>
    public LocalPlane(GeoPoint origin)
    {
        if (!origin.IsValid || Math.Abs(origin.LatitudeDeg) > 89)
            throw new ArgumentOutOfRangeException(nameof(origin), origin, "The origin of a plane must be a valid point off the poles.");

        Origin = origin;
        _northOffset = Project(origin).NorthM;
    }

    /// <summary>The point that maps to (0, 0).</summary>
    public GeoPoint Origin { get; }

    /// <summary>The plane centred on the bounding box of <paramref name="points"/>; the antimeridian is handled.</summary>
    /// <exception cref="ArgumentException">There are no points.</exception>
    public static LocalPlane Around(params IEnumerable<GeoPoint> points)
    {
        double south = double.MaxValue, north = double.MinValue, west = double.MaxValue, east = double.MinValue;
        double? reference = null;
        foreach (var point in points)
        {
            reference ??= point.LongitudeDeg;
            var offset = Math.IEEERemainder(point.LongitudeDeg - reference.Value, 360);
            south = Math.Min(south, point.LatitudeDeg);
            north = Math.Max(north, point.LatitudeDeg);
            west = Math.Min(west, offset);
            east = Math.Max(east, offset);
        }

        if (reference is not { } start)
            throw new ArgumentException("A plane needs at least one point to lie around.", nameof(points));

        return new(new(Math.Clamp((south + north) / 2, -89, 89), Math.IEEERemainder(start + ((west + east) / 2), 360)));
    }

    /// <summary>Maps a WGS-84 point to the plane.</summary>
    public PlanePoint ToPlane(GeoPoint point)
    {
        var projected = Project(point);
        return new(projected.EastM, projected.NorthM - _northOffset);
    }

    /// <summary>Maps a point of the plane back to WGS-84.</summary>
    public GeoPoint ToGeo(PlanePoint point)
    {
        var xi = (point.NorthM + _northOffset) / RectifyingRadius;
        var eta = point.EastM / RectifyingRadius;
        double conformalXi = xi, conformalEta = eta;
        for (var j = 0; j < Beta.Length; j++)
        {
            var k = 2 * (j + 1);
            conformalXi -= Beta[j] * Math.Sin(k * xi) * Math.Cosh(k * eta);
            conformalEta -= Beta[j] * Math.Cos(k * xi) * Math.Sinh(k * eta);
        }

        var sinh = Math.Sinh(conformalEta);
        var cos = Math.Cos(conformalXi);
        var tangent = GeodeticTangent(Math.Sin(conformalXi) / Math.Sqrt((sinh * sinh) + (cos * cos)));
        var longitude = Origin.LongitudeDeg + (Math.Atan2(sinh, cos) / Radian);
        return new(Math.Atan(tangent) / Radian, Math.IEEERemainder(longitude, 360));
    }

    private PlanePoint Project(GeoPoint point)
    {
        var lambda = Math.IEEERemainder(point.LongitudeDeg - Origin.LongitudeDeg, 360) * Radian;
        var tangent = ConformalTangent(Math.Tan(point.LatitudeDeg * Radian));
        var cos = Math.Cos(lambda);
        var xi = Math.Atan2(tangent, cos);
        var eta = Math.Asinh(Math.Sin(lambda) / Math.Sqrt((tangent * tangent) + (cos * cos)));
        double north = xi, east = eta;
        for (var j = 0; j < Alpha.Length; j++)
        {
            var k = 2 * (j + 1);
            north += Alpha[j] * Math.Sin(k * xi) * Math.Cosh(k * eta);
            east += Alpha[j] * Math.Cos(k * xi) * Math.Sinh(k * eta);
        }

        return new(RectifyingRadius * east, RectifyingRadius * north);
    }

    private static double ConformalTangent(double tangent)
    {
        var sigma = Math.Sinh(Wgs84.Eccentricity * Math.Atanh(Wgs84.Eccentricity * tangent / Math.Sqrt(1 + (tangent * tangent))));
        return (tangent * Math.Sqrt(1 + (sigma * sigma))) - (sigma * Math.Sqrt(1 + (tangent * tangent)));
    }

    // Newton's method on ConformalTangent; two rounds reach the last digit, four are certain (Karney 2011, equation 19).
    private static double GeodeticTangent(double conformal)
    {
        const double OneMinusE2 = 1 - Wgs84.EccentricitySquared;
        var tangent = conformal / OneMinusE2;
        for (var round = 0; round < 4; round++)
        {
            var reached = ConformalTangent(tangent);
            var step = (conformal - reached) / Math.Sqrt(1 + (reached * reached))
                * (1 + (OneMinusE2 * tangent * tangent)) / (OneMinusE2 * Math.Sqrt(1 + (tangent * tangent)));
            tangent += step;
        }

        return tangent;
    }
}
