namespace DroneOps.Mavlink;

/// <summary>A horizontal position on the WGS-84 ellipsoid. Every coordinate inside the system is one of these;
/// other datums (GCJ-02, CGCS2000 map tiles) exist only at the map's edge.</summary>
/// <param name="LatitudeDeg">Geodetic latitude in degrees, north positive, -90..90.</param>
/// <param name="LongitudeDeg">Longitude in degrees, east positive, -180..180.</param>
public readonly record struct GeoPoint(double LatitudeDeg, double LongitudeDeg)
{
    /// <summary>The scale MAVLink uses for integer coordinates: 1e-7 degree, about 11 mm.</summary>
    public const double DegE7 = 1e7;

    /// <summary>Builds a point from MAVLink's integer form (field unit <c>degE7</c>).</summary>
    public static GeoPoint FromE7(int latitudeE7, int longitudeE7) => new(latitudeE7 / DegE7, longitudeE7 / DegE7);

    /// <summary>Latitude in units of 1e-7 degree, rounded half away from zero.</summary>
    public int LatitudeE7 => (int)Math.Round(LatitudeDeg * DegE7, MidpointRounding.AwayFromZero);

    /// <summary>Longitude in units of 1e-7 degree, rounded half away from zero.</summary>
    public int LongitudeE7 => (int)Math.Round(LongitudeDeg * DegE7, MidpointRounding.AwayFromZero);

    /// <summary>Whether both coordinates are finite and in range. (0, 0) is in range: a vehicle without a
    /// position sends it, so callers that fold telemetry must treat it as "not known" themselves.</summary>
    public bool IsValid =>
        double.IsFinite(LatitudeDeg) && double.IsFinite(LongitudeDeg)
        && LatitudeDeg is >= -90 and <= 90 && LongitudeDeg is >= -180 and <= 180;
}
