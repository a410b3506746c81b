using DroneOps.Simulator.Airframe;

namespace DroneOps.Simulator.Camera;

/// <summary>Holds a camera level and points it: along the nose, at a bearing, or at a place. It turns as fast as a real one. Owned by its vehicle.
/// Angles in degrees.</summary>
internal sealed class Gimbal
{
    public const double LowestPitch = -90;
    public const double HighestPitch = 20;

    /// <summary>The lens at its widest and at its longest, horizontal degrees.</summary>
    public const double WidestView = 70, NarrowestView = 10;

    private const double Neutral = -30;
    private const double SlewRate = 60;
    private const double ZoomRate = 1.5;

    private double _wantedPitch = Neutral;
    private double _wantedYaw;
    private double _pitchRate;
    private double _yawRate;
    private double _wantedView = WidestView;

    /// <summary>0 level, negative down.</summary>
    public double Pitch { get; private set; } = Neutral;

    /// <summary>True bearing, 0..360.</summary>
    public double Yaw { get; private set; }

    /// <summary>Horizontal field of view.</summary>
    public double FieldOfView { get; private set; } = WidestView;

    /// <summary>Whether the bearing stays when the vehicle turns.</summary>
    public bool IsYawLocked { get; private set; }

    /// <summary>Turns to angles; what is not a number stays.</summary>
    /// <param name="pitch">Above the horizon.</param>
    /// <param name="yaw">Right of the nose, or true when <paramref name="isLocked"/>.</param>
    /// <param name="isLocked">Whether the bearing is kept.</param>
    public void TurnTo(double pitch, double yaw, bool isLocked)
    {
        (_pitchRate, _yawRate) = (0, 0);
        if (double.IsFinite(pitch))
            _wantedPitch = Math.Clamp(pitch, LowestPitch, HighestPitch);
        if (!double.IsFinite(yaw))
            return;
        _wantedYaw = yaw;
        IsYawLocked = isLocked;
    }

    /// <summary>Turns at rates, degrees a second, until something else is asked.</summary>
    public void Turn(double pitchRate, double yawRate, bool isLocked, double noseYaw)
    {
        if (isLocked != IsYawLocked)
            _wantedYaw = isLocked ? _wantedYaw + noseYaw : _wantedYaw - noseYaw;
        IsYawLocked = isLocked;
        _pitchRate = double.IsFinite(pitchRate) ? Math.Clamp(pitchRate, -SlewRate, SlewRate) : 0;
        _yawRate = double.IsFinite(yawRate) ? Math.Clamp(yawRate, -SlewRate, SlewRate) : 0;
    }

    public void Centre() => TurnTo(Neutral, 0, isLocked: false);

    /// <summary>Brings the lens to a horizontal field of view.</summary>
    public void Zoom(double fieldOfView) => _wantedView = Math.Clamp(fieldOfView, NarrowestView, WidestView);

    /// <summary>Share of the zoom's way, 0 widest, 100 longest.</summary>
    public void ZoomTo(double percent) => Zoom(WidestView * Math.Pow(NarrowestView / WidestView, Math.Clamp(percent, 0, 100) / 100));

    /// <summary>In or out by steps of a quarter.</summary>
    public void ZoomBy(double steps) => Zoom(_wantedView * Math.Pow(0.8, steps));

    /// <summary>Moves it on.</summary>
    /// <param name="dt">Seconds.</param>
    /// <param name="noseYaw">The vehicle's heading.</param>
    /// <param name="position">Where the vehicle is.</param>
    /// <param name="region">A place to look at, which goes before all else.</param>
    public void Step(double dt, double noseYaw, Ned position, Ned? region)
    {
        _wantedPitch = Math.Clamp(_wantedPitch + (_pitchRate * dt), LowestPitch, HighestPitch);
        _wantedYaw += _yawRate * dt;
        var (pitch, yaw) = (_wantedPitch, IsYawLocked ? _wantedYaw : noseYaw + _wantedYaw);
        if (region is { } place)
        {
            var to = place - position;
            pitch = Math.Clamp(Math.Atan2(-to.Down, to.Horizontal) * 180 / Math.PI, LowestPitch, HighestPitch);
            yaw = to.Horizontal > 1 ? Math.Atan2(to.East, to.North) * 180 / Math.PI : Yaw;
        }

        var most = SlewRate * dt;
        Pitch += Math.Clamp(pitch - Pitch, -most, most);
        Yaw = (Yaw + Math.Clamp(Math.IEEERemainder(yaw - Yaw, 360), -most, most) + 360) % 360;
        var zoom = Math.Pow(ZoomRate, dt * 2);
        FieldOfView = Math.Clamp(_wantedView, FieldOfView / zoom, FieldOfView * zoom);
    }
}
