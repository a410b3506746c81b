using DroneOps.Mavlink;

namespace DroneOps.Missions.Geodesy;

/// <summary>The shortest line between two points of the ellipsoid.</summary>
/// <param name="DistanceM">Its length in metres on the ellipsoid's surface.</param>
/// <param name="StartAzimuthDeg">Its direction where it starts, degrees clockwise from true north, 0..360.</param>
/// <param name="EndAzimuthDeg">Its direction where it ends, degrees clockwise from true north, 0..360.</param>
public readonly record struct GeodesicLine(double DistanceM, double StartAzimuthDeg, double EndAzimuthDeg);

/// <summary>Distances and directions on the WGS-84 ellipsoid by Vincenty's formulae (Survey Review 23, 1975): good to
/// 0.5 mm anywhere but between points within about half a degree of being antipodal, where the iteration does not settle and
/// the great circle on the mean sphere (0.5 %) is given instead. Pure; no allocation.</summary>
public static class Geodesic
{
    private const double Radian = Math.PI / 180;
    private const double SecondEccentricitySquared =
        ((Wgs84.SemiMajorAxisM * Wgs84.SemiMajorAxisM) - (Wgs84.SemiMinorAxisM * Wgs84.SemiMinorAxisM))
        / (Wgs84.SemiMinorAxisM * Wgs84.SemiMinorAxisM);

    /// <summary>The distance between two points in metres.</summary>
    public static double DistanceM(GeoPoint from, GeoPoint to) => Inverse(from, to).DistanceM;

    /// <summary>The shortest line from one point to another. Between equal points the azimuths are 0.</summary>
    public static GeodesicLine Inverse(GeoPoint from, GeoPoint to)
    {
        var difference = Math.IEEERemainder(to.LongitudeDeg - from.LongitudeDeg, 360) * Radian;
        var (sinU1, cosU1) = ReducedLatitude(from.LatitudeDeg);
        var (sinU2, cosU2) = ReducedLatitude(to.LatitudeDeg);
        var lambda = difference;
        for (var round = 0; round < 100; round++)
        {
            var (sinLambda, cosLambda) = Math.SinCos(lambda);
            var crossEast = cosU2 * sinLambda;
            var crossNorth = (cosU1 * sinU2) - (sinU1 * cosU2 * cosLambda);
            var sinSigma = Math.Sqrt((crossEast * crossEast) + (crossNorth * crossNorth));
            if (sinSigma == 0)
                return default;

            var cosSigma = (sinU1 * sinU2) + (cosU1 * cosU2 * cosLambda);
            var sigma = Math.Atan2(sinSigma, cosSigma);
            var sinAlpha = cosU1 * cosU2 * sinLambda / sinSigma;
            var cosSqAlpha = 1 - (sinAlpha * sinAlpha);

            // Along the equator the term is 0/0 and stands for 0.
            var cos2SigmaM = cosSqAlpha < 1e-15 ? 0 : cosSigma - (2 * sinU1 * sinU2 / cosSqAlpha);
            var c = Wgs84.Flattening / 16 * cosSqAlpha * (4 + (Wgs84.Flattening * (4 - (3 * cosSqAlpha))));
            var next = difference + ((1 - c) * Wgs84.Flattening * sinAlpha
                * (sigma + (c * sinSigma * (cos2SigmaM + (c * cosSigma * (-1 + (2 * cos2SigmaM * cos2SigmaM)))))));
            if (Math.Abs(next - lambda) > 1e-12)
            {
                lambda = next;
                continue;
            }

            var (a, b) = Series(cosSqAlpha);
            var length = Wgs84.SemiMinorAxisM * a * (sigma - DeltaSigma(b, sinSigma, cosSigma, cos2SigmaM));
            var start = Math.Atan2(crossEast, crossNorth);
            var end = Math.Atan2(cosU1 * sinLambda, (-sinU1 * cosU2) + (cosU1 * sinU2 * cosLambda));
            return new(length, Compass(start), Compass(end));
        }

        return GreatCircle(from, to);
    }

    /// <summary>The point reached by going <paramref name="distanceM"/> metres from <paramref name="from"/> in the
    /// direction <paramref name="azimuthDeg"/> (degrees clockwise from true north).</summary>
    public static GeoPoint Direct(GeoPoint from, double azimuthDeg, double distanceM)
    {
        var (sinAlpha1, cosAlpha1) = Math.SinCos(azimuthDeg * Radian);
        var (sinU1, cosU1) = ReducedLatitude(from.LatitudeDeg);
        var sigma1 = Math.Atan2(sinU1, cosU1 * cosAlpha1);
        var sinAlpha = cosU1 * sinAlpha1;
        var cosSqAlpha = 1 - (sinAlpha * sinAlpha);
        var (a, b) = Series(cosSqAlpha);
        var sigma = distanceM / (Wgs84.SemiMinorAxisM * a);
        double sinSigma, cosSigma, cos2SigmaM;
        var round = 0;
        double change;
        do
        {
            cos2SigmaM = Math.Cos((2 * sigma1) + sigma);
            (sinSigma, cosSigma) = Math.SinCos(sigma);
            var next = (distanceM / (Wgs84.SemiMinorAxisM * a)) + DeltaSigma(b, sinSigma, cosSigma, cos2SigmaM);
            change = Math.Abs(next - sigma);
            sigma = next;
        }
        while (change > 1e-13 && ++round < 100);

        (sinSigma, cosSigma) = Math.SinCos(sigma);
        cos2SigmaM = Math.Cos((2 * sigma1) + sigma);
        var across = (sinU1 * sinSigma) - (cosU1 * cosSigma * cosAlpha1);
        var latitude = Math.Atan2(
            (sinU1 * cosSigma) + (cosU1 * sinSigma * cosAlpha1),
            (1 - Wgs84.Flattening) * Math.Sqrt((sinAlpha * sinAlpha) + (across * across)));
        var lambda = Math.Atan2(sinSigma * sinAlpha1, (cosU1 * cosSigma) - (sinU1 * sinSigma * cosAlpha1));
        var c = Wgs84.Flattening / 16 * cosSqAlpha * (4 + (Wgs84.Flattening * (4 - (3 * cosSqAlpha))));
        var longitude = lambda - ((1 - c) * Wgs84.Flattening * sinAlpha
            * (sigma + (c * sinSigma * (cos2SigmaM + (c * cosSigma * (-1 + (2 * cos2SigmaM * cos2SigmaM)))))));
        return new(latitude / Radian, Math.IEEERemainder(from.LongitudeDeg + (longitude / Radian), 360));
    }

    private static (double Sin, double Cos) ReducedLatitude(double latitudeDeg) =>
        Math.SinCos(Math.Atan((1 - Wgs84.Flattening) * Math.Tan(latitudeDeg * Radian)));

    private static (double A, double B) Series(double cosSqAlpha)
    {
        var u2 = cosSqAlpha * SecondEccentricitySquared;
        return (1 + (u2 / 16384 * (4096 + (u2 * (-768 + (u2 * (320 - (175 * u2))))))),
            u2 / 1024 * (256 + (u2 * (-128 + (u2 * (74 - (47 * u2)))))));
    }

    private static double DeltaSigma(double b, double sinSigma, double cosSigma, double cos2SigmaM)
    {
        var square = cos2SigmaM * cos2SigmaM;
        return b * sinSigma * (cos2SigmaM + (b / 4 * ((cosSigma * (-1 + (2 * square)))
            - (b / 6 * cos2SigmaM * (-3 + (4 * sinSigma * sinSigma)) * (-3 + (4 * square))))));
    }

    private static double Compass(double radians)
    {
        var degrees = radians / Radian;
        return degrees < 0 ? degrees + 360 : degrees;
    }

    private static GeodesicLine GreatCircle(GeoPoint from, GeoPoint to)
    {
        var (sin1, cos1) = Math.SinCos(from.LatitudeDeg * Radian);
        var (sin2, cos2) = Math.SinCos(to.LatitudeDeg * Radian);
        var (sinL, cosL) = Math.SinCos((to.LongitudeDeg - from.LongitudeDeg) * Radian);
        var east = cos2 * sinL;
        var north = (cos1 * sin2) - (sin1 * cos2 * cosL);
        var angle = Math.Atan2(Math.Sqrt((east * east) + (north * north)), (sin1 * sin2) + (cos1 * cos2 * cosL));
        var end = Math.Atan2(cos1 * sinL, (-sin1 * cos2) + (cos1 * sin2 * cosL));
        return new(Wgs84.MeanRadiusM * angle, Compass(Math.Atan2(east, north)), Compass(end));
    }
}
