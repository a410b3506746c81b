using DroneOps.Mavlink;

namespace DroneOps.Server.Airspace;

/// <summary>GCJ-02, the shifted datum of the public Chinese maps. It exists only here, at the rim where such coordinates come in: what is stored,
/// shown as numbers and commanded is WGS-84. Baidu's BD-09 shifts once more and is not supported.</summary>
internal static class Gcj02
{
    private const double SemiMajorM = 6_378_245.0;
    private const double EccentricitySquared = 0.006_693_421_622_965_943_23;
    private const int MostSteps = 8;
    private const double CloseEnoughDeg = 1e-14;

    /// <summary>Where the shifted maps show a place.</summary>
    public static GeoPoint FromWgs84(GeoPoint wgs84)
    {
        var (lat, lon) = (wgs84.LatitudeDeg, wgs84.LongitudeDeg);
        if (IsOutsideChina(lon, lat))
            return wgs84;
        var (x, y) = (lon - 105, lat - 35);
        var radians = lat / 180 * Math.PI;
        var magic = 1 - (EccentricitySquared * Math.Pow(Math.Sin(radians), 2));
        var north = ShiftNorth(x, y) * 180 / (SemiMajorM * (1 - EccentricitySquared) / (magic * Math.Sqrt(magic)) * Math.PI);
        var east = ShiftEast(x, y) * 180 / (SemiMajorM / Math.Sqrt(magic) * Math.Cos(radians) * Math.PI);
        return new GeoPoint(lat + north, lon + east);
    }

    /// <summary>The place that the shifted maps show here, by fixed-point iteration: the shift changes so slowly that a few steps reach the last bit.</summary>
    public static GeoPoint ToWgs84(GeoPoint gcj02)
    {
        var guess = gcj02;
        for (var step = 0; step < MostSteps; step++)
        {
            var shifted = FromWgs84(guess);
            var (north, east) = (shifted.LatitudeDeg - gcj02.LatitudeDeg, shifted.LongitudeDeg - gcj02.LongitudeDeg);
            guess = new GeoPoint(guess.LatitudeDeg - north, guess.LongitudeDeg - east);
            if (Math.Abs(north) < CloseEnoughDeg && Math.Abs(east) < CloseEnoughDeg)
                break;
        }

        return guess;
    }

    /// <summary>The shift is defined within a rectangle; outside it both datums are the same.</summary>
    private static bool IsOutsideChina(double lon, double lat) => lon is < 72.004 or > 137.8347 || lat is < 0.8293 or > 55.8271;

    private static double Waves(double lon) => ((20 * Math.Sin(6 * lon * Math.PI)) + (20 * Math.Sin(2 * lon * Math.PI))) * 2 / 3;

    private static double ShiftNorth(double x, double y) =>
        -100 + (2 * x) + (3 * y) + (0.2 * y * y) + (0.1 * x * y) + (0.2 * Math.Sqrt(Math.Abs(x))) + Waves(x)
        + (((20 * Math.Sin(y * Math.PI)) + (40 * Math.Sin(y / 3 * Math.PI))) * 2 / 3)
        + (((160 * Math.Sin(y / 12 * Math.PI)) + (320 * Math.Sin(y * Math.PI / 30))) * 2 / 3);

    private static double ShiftEast(double x, double y) =>
        300 + x + (2 * y) + (0.1 * x * x) + (0.1 * x * y) + (0.1 * Math.Sqrt(Math.Abs(x))) + Waves(x)
        + (((20 * Math.Sin(x * Math.PI)) + (40 * Math.Sin(x / 3 * Math.PI))) * 2 / 3)
        + (((150 * Math.Sin(x / 12 * Math.PI)) + (300 * Math.Sin(x / 30 * Math.PI))) * 2 / 3);
}
