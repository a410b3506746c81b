using DroneOps.Simulator.Airframe;

namespace DroneOps.Simulator.Autopilot;

/// <summary>A straight leg flown from rest to rest on an S-curve: a trapezoid of speed, smoothed over the time that the jerk limit takes
/// to build up full acceleration. ArduCopter's own legs measure the same: length / speed + speed / acceleration + 2.5 s with its defaults.</summary>
internal sealed class LegProfile
{
    private readonly Ned _start;
    private readonly Ned _direction;
    private readonly double _length;
    private readonly double _speed;
    private readonly double _acceleration;
    private readonly double _ramp;
    private readonly double _cruise;
    private readonly double _smoothing;

    /// <param name="start">From here.</param>
    /// <param name="end">To here.</param>
    /// <param name="limits">Speeds and accelerations.</param>
    public LegProfile(Ned start, Ned end, in LegLimits limits)
    {
        _start = start;
        End = end;
        var delta = end - start;
        _length = delta.Length;
        _direction = _length > 0 ? delta * (1 / _length) : default;
        var horizontal = _direction.Horizontal;
        var vertical = Math.Abs(_direction.Down);
        var verticalSpeed = _direction.Down > 0 ? limits.Down : limits.Up;
        _speed = Math.Min(Ratio(limits.Speed, horizontal), Ratio(verticalSpeed, vertical));
        _acceleration = Math.Min(Ratio(limits.Acceleration, horizontal), Ratio(limits.VerticalAcceleration, vertical));
        _smoothing = Math.Min(Ratio(limits.Acceleration, horizontal), Ratio(limits.VerticalAcceleration, vertical)) / limits.Jerk;
        _smoothing = Math.Clamp(_smoothing, 0.1, 5);
        if (_length < _speed * _speed / _acceleration)
            _speed = Math.Sqrt(_length * _acceleration);
        _ramp = _length > 0 ? _speed / _acceleration : 0;
        _cruise = _length > 0 ? (_length / _speed) - _ramp : 0;
    }

    public Ned End { get; }

    public Ned Start => _start;

    /// <summary>Seconds from start to end.</summary>
    public double Duration => (2 * _ramp) + _cruise + _smoothing;

    /// <summary>Seconds from the first touch of the brake to the end.</summary>
    public double Braking => _ramp + _smoothing;

    /// <summary>Where the leg is after so many seconds.</summary>
    public void Sample(double time, out Ned position, out Ned velocity, out Ned acceleration)
    {
        var s = (Area(time) - Area(time - _smoothing)) / _smoothing;
        var v = (Distance(time) - Distance(time - _smoothing)) / _smoothing;
        var a = (Speed(time) - Speed(time - _smoothing)) / _smoothing;
        position = _start + (_direction * s);
        velocity = _direction * v;
        acceleration = _direction * a;
    }

    /// <summary>Cosine of the turn from this leg into another, seen from above.</summary>
    public double TurnCosine(LegProfile next)
    {
        var product = _direction.Horizontal * next._direction.Horizontal;
        return product < 1e-6 ? -1 : ((_direction.North * next._direction.North) + (_direction.East * next._direction.East)) / product;
    }

    private static double Ratio(double limit, double share) => share < 1e-6 ? double.MaxValue : limit / share;

    private double Speed(double t)
    {
        if (t <= 0)
            return 0;
        if (t < _ramp)
            return _acceleration * t;
        if (t < _ramp + _cruise)
            return _speed;
        var left = (2 * _ramp) + _cruise - t;
        return left > 0 ? _acceleration * left : 0;
    }

    private double Distance(double t)
    {
        if (t <= 0)
            return 0;
        if (t < _ramp)
            return _acceleration * t * t / 2;
        if (t < _ramp + _cruise)
            return (_speed * _ramp / 2) + (_speed * (t - _ramp));
        var left = (2 * _ramp) + _cruise - t;
        return left > 0 ? _length - (_acceleration * left * left / 2) : _length;
    }

    /// <summary>The integral of <see cref="Distance"/>; its difference over the smoothing time is the smoothed distance.</summary>
    private double Area(double t)
    {
        if (t <= 0)
            return 0;
        if (t < _ramp)
            return _acceleration * t * t * t / 6;
        var area = _acceleration * _ramp * _ramp * _ramp / 6;
        var rampDistance = _speed * _ramp / 2;
        var inCruise = Math.Min(t - _ramp, _cruise);
        area += (rampDistance * inCruise) + (_speed * inCruise * inCruise / 2);
        if (t < _ramp + _cruise)
            return area;
        var inBrake = Math.Min(t - _ramp - _cruise, _ramp);
        var left = _ramp - inBrake;
        area += (_length * inBrake) - (_acceleration * ((_ramp * _ramp * _ramp) - (left * left * left)) / 6);
        return area + (_length * Math.Max(0, t - (2 * _ramp) - _cruise));
    }
}

/// <summary>What limits a leg.</summary>
/// <param name="Speed">Over ground, m/s.</param>
/// <param name="Up">Climb, m/s.</param>
/// <param name="Down">Descent, m/s.</param>
/// <param name="Acceleration">Horizontal, m/s².</param>
/// <param name="VerticalAcceleration">m/s².</param>
/// <param name="Jerk">m/s³.</param>
internal readonly record struct LegLimits(double Speed, double Up, double Down, double Acceleration, double VerticalAcceleration, double Jerk);
