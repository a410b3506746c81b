namespace DroneOps.Simulator.Airframe;

/// <summary>What the flight controller asks of the airframe for one step.</summary>
/// <param name="Acceleration">Wanted acceleration, m/s², wind already allowed for by the controller.</param>
/// <param name="Heading">Wanted heading, radians true.</param>
internal readonly record struct FlightDemand(Ned Acceleration, double Heading);

/// <summary>A multirotor as a point mass with lean limits: thrust follows the demand with a lag, drag pulls towards the wind,
/// the ground holds it up. Integrated in steps of at most 20 ms.</summary>
internal sealed class Multirotor
{
    public const double Gravity = 9.80665;

    /// <summary>Linear drag over mass, 1/s: 14 degrees of lean hold 10 m/s.</summary>
    public const double Drag = 0.25;

    private const double ThrustLag = 0.12;
    private const double MaxThrustAcceleration = 2 * Gravity;
    private const double TerminalSpeed = 18;

    private Ned _thrust;

    public Ned Position { get; private set; }

    public Ned Velocity { get; private set; }

    /// <summary>Acceleration of the last step, gravity excluded.</summary>
    public Ned Acceleration { get; private set; }

    /// <summary>Radians true, 0..2π.</summary>
    public double Heading { get; private set; }

    /// <summary>Radians per second, clockwise.</summary>
    public double HeadingRate { get; private set; }

    /// <summary>Radians, right side down positive.</summary>
    public double Roll { get; private set; }

    /// <summary>Radians, nose up positive.</summary>
    public double Pitch { get; private set; }

    /// <summary>Vertical thrust as a share of full thrust, 0..1.</summary>
    public double Throttle { get; private set; }

    public bool IsOnGround { get; private set; } = true;

    /// <summary>Down speed of the last contact, m/s; taken once.</summary>
    public double? Impact { get; private set; }

    public void PutDown(Ned position, double heading)
    {
        Position = position;
        Heading = heading;
        Rest();
    }

    public double? TakeImpact()
    {
        var impact = Impact;
        Impact = null;
        return impact;
    }

    /// <summary>One step under power.</summary>
    /// <param name="dt">Seconds.</param>
    /// <param name="demand">What the controller wants.</param>
    /// <param name="wind">The air's velocity.</param>
    /// <param name="maxLean">Lean limit, radians.</param>
    /// <param name="yawRate">Heading slew limit, rad/s.</param>
    /// <param name="power">Share of the thrust that is left, 1 for a healthy aircraft.</param>
    public void Fly(double dt, FlightDemand demand, Ned wind, double maxLean, double yawRate, double power)
    {
        var wanted = demand.Acceleration + ((Velocity - wind) * Drag);
        var up = Math.Clamp(Gravity - wanted.Down, 0.2 * Gravity, MaxThrustAcceleration);
        wanted = wanted.LimitHorizontal(up * Math.Tan(maxLean));
        var blend = dt / (ThrustLag + dt);
        var target = new Ned(wanted.North, wanted.East, -up) * power;
        _thrust += (target - _thrust) * blend;
        Turn(dt, demand.Heading, yawRate);
        Lean();
        Move(dt, _thrust + new Ned(0, 0, Gravity) - ((Velocity - wind) * Drag));
        Throttle = Math.Clamp(-_thrust.Down / MaxThrustAcceleration, 0, 1);
    }

    /// <summary>One step with the motors stopped: it falls.</summary>
    public void Fall(double dt, Ned wind)
    {
        _thrust = default;
        Throttle = 0;
        HeadingRate = 0;
        var drag = (Velocity - wind) * (Gravity / TerminalSpeed);
        Move(dt, new Ned(0, 0, Gravity) - drag);
    }

    /// <summary>Motors at their idle speed on the ground.</summary>
    public void Idle()
    {
        Rest();
        Throttle = 0;
    }

    private void Move(double dt, Ned acceleration)
    {
        Acceleration = acceleration;
        var before = Velocity;
        Velocity += acceleration * dt;
        Position += (before + Velocity) * (dt / 2);
        if (Position.Down < 0)
        {
            IsOnGround = false;
            return;
        }

        if (!IsOnGround && Velocity.Down > 0.05)
            Impact = Velocity.Down;
        // Down is zero at the ground the vehicle started from: the simulated city is flat.
        Position = Position with { Down = 0 };
        if (acceleration.Down >= 0 || Velocity.Down >= 0)
        {
            // The thrust stays: it has to build up against the ground before the aircraft can leave it.
            var thrust = _thrust;
            Rest();
            _thrust = thrust;
        }
    }

    private void Rest()
    {
        IsOnGround = true;
        Velocity = default;
        Acceleration = default;
        _thrust = default;
        Roll = 0;
        Pitch = 0;
        HeadingRate = 0;
    }

    private void Turn(double dt, double wanted, double limit)
    {
        var error = Math.IEEERemainder(wanted - Heading, 2 * Math.PI);
        var rate = Math.Clamp(error * 2.5, -limit, limit);
        HeadingRate += (rate - HeadingRate) * dt / (0.2 + dt);
        Heading = (Heading + (HeadingRate * dt) + (2 * Math.PI)) % (2 * Math.PI);
    }

    private void Lean()
    {
        var (sin, cos) = Math.SinCos(Heading);
        var forward = (_thrust.North * cos) + (_thrust.East * sin);
        var right = (_thrust.East * cos) - (_thrust.North * sin);
        var up = Math.Max(1, -_thrust.Down);
        Pitch = -Math.Atan2(forward, up);
        Roll = Math.Atan2(right, up);
    }
}
