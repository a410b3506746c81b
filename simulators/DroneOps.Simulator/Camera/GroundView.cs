namespace DroneOps.Simulator.Camera;

/// <summary>A pinhole camera over flat ground, its horizon level: gimbals hold the roll. Metres east and north of the map's origin, and above the
/// ground; pixels from the upper left corner, the middle of the first pixel at 0.5, 0.5.</summary>
/// <param name="East">Where the camera is.</param>
/// <param name="North">Where the camera is.</param>
/// <param name="Up">Metres above the ground, more than 0.</param>
/// <param name="Yaw">Radians true.</param>
/// <param name="Pitch">Radians, 0 level, negative down.</param>
/// <param name="FieldOfView">Horizontal, radians.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
internal readonly record struct GroundView(
    double East, double North, double Up, double Yaw, double Pitch, double FieldOfView, int Width, int Height)
{
    /// <summary>Focal length in pixels.</summary>
    public double Focal => Width / (2 * Math.Tan(FieldOfView / 2));

    /// <summary>Vertical field of view, radians.</summary>
    public double VerticalFieldOfView => 2 * Math.Atan(Height / (2 * Focal));

    /// <summary>Where a pixel sees the ground; null where it sees the sky.</summary>
    public (double East, double North)? ToGround(double x, double y)
    {
        var (sinPitch, cosPitch) = Math.SinCos(Pitch);
        var (sinYaw, cosYaw) = Math.SinCos(Yaw);
        var right = (x - (Width / 2.0)) / Focal;
        var up = ((Height / 2.0) - y) / Focal;
        var rise = sinPitch + (cosPitch * up);
        if (rise >= -1e-9)
            return null;
        var reach = Up / -rise;
        var ahead = cosPitch - (sinPitch * up);
        return (East + (reach * ((ahead * sinYaw) + (right * cosYaw))), North + (reach * ((ahead * cosYaw) - (right * sinYaw))));
    }

    /// <summary>The pixel where a point is seen; null behind the camera.</summary>
    public (double X, double Y)? ToPixel(double east, double north, double up)
    {
        var (right, above, ahead) = new ViewAxes(this).ToCamera(east, north, up);
        if (ahead < 1e-6)
            return null;
        return ((Width / 2.0) + (right * Focal / ahead), (Height / 2.0) - (above * Focal / ahead));
    }
}

/// <summary>The camera's own axes in the map's: worked out once for a picture, then used for each of its corners.</summary>
internal readonly struct ViewAxes
{
    private readonly double _east;
    private readonly double _north;
    private readonly double _up;
    private readonly double _sinYaw;
    private readonly double _cosYaw;
    private readonly double _sinPitch;
    private readonly double _cosPitch;

    public ViewAxes(in GroundView view)
    {
        (_east, _north, _up) = (view.East, view.North, view.Up);
        (_sinYaw, _cosYaw) = Math.SinCos(view.Yaw);
        (_sinPitch, _cosPitch) = Math.SinCos(view.Pitch);
    }

    /// <summary>A point as the camera has it: to its right, above, and ahead along its line of sight, metres.</summary>
    public (double Right, double Above, double Ahead) ToCamera(double east, double north, double up)
    {
        var (e, n, u) = (east - _east, north - _north, up - _up);
        var level = (e * _sinYaw) + (n * _cosYaw);
        return ((e * _cosYaw) - (n * _sinYaw), (u * _cosPitch) - (level * _sinPitch), (level * _cosPitch) + (u * _sinPitch));
    }
}
