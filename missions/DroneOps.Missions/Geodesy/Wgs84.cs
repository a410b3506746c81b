namespace DroneOps.Missions.Geodesy;

/// <summary>The defining and derived constants of the WGS-84 ellipsoid (NGA.STND.0036).</summary>
internal static class Wgs84
{
    public const double SemiMajorAxisM = 6378137.0;
    public const double Flattening = 1 / 298.257223563;
    public const double SemiMinorAxisM = SemiMajorAxisM * (1 - Flattening);
    public const double EccentricitySquared = Flattening * (2 - Flattening);
    public static readonly double Eccentricity = Math.Sqrt(EccentricitySquared);
    public const double MeanRadiusM = SemiMajorAxisM * (1 - (Flattening / 3));
}
