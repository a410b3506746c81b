using DroneOps.Mavlink;

namespace DroneOps.Simulator.Airframe;

/// <summary>A tangent plane at the place where a vehicle was put down. Equirectangular: over the few kilometres of a
/// multirotor's flight the error against the ellipsoid is far below a GNSS receiver's.</summary>
internal sealed class LocalFrame
{
    private const double MetresPerDegree = 6378137.0 * Math.PI / 180;

    private readonly double _eastScale;

    /// <param name="origin">WGS-84 point of north = east = 0.</param>
    /// <param name="altitudeAmsl">Metres above mean sea level of down = 0.</param>
    public LocalFrame(GeoPoint origin, double altitudeAmsl)
    {
        Origin = origin;
        AltitudeAmsl = altitudeAmsl;
        _eastScale = MetresPerDegree * Math.Cos(origin.LatitudeDeg * Math.PI / 180);
    }

    public GeoPoint Origin { get; }

    public double AltitudeAmsl { get; }

    public Ned ToLocal(GeoPoint point, double altitudeAmsl) => new(
        (point.LatitudeDeg - Origin.LatitudeDeg) * MetresPerDegree,
        (point.LongitudeDeg - Origin.LongitudeDeg) * _eastScale,
        AltitudeAmsl - altitudeAmsl);

    public GeoPoint ToGeo(Ned position) => new(
        Origin.LatitudeDeg + (position.North / MetresPerDegree),
        Origin.LongitudeDeg + (position.East / _eastScale));

    public double ToAmsl(Ned position) => AltitudeAmsl - position.Down;
}
