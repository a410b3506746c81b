using DroneOps.Simulator.Airframe;

namespace DroneOps.Simulator.Autopilot;

/// <summary>The reference that the aircraft is made to follow, and the loop that makes it follow: position error to speed,
/// speed error to acceleration (gains PSC_POSXY_P 1, PSC_VELXY_P 2, PSC_POSZ_P 1, PSC_VELZ_P 5).</summary>
internal sealed class Guide
{
    private const double PositionGain = 1;
    private const double VelocityGain = 2;
    private const double VerticalVelocityGain = 5;

    private Ned _position;
    private Ned _velocity;
    private Ned _acceleration;

    public Ned Position => _position;

    public Ned Velocity => _velocity;

    /// <summary>Starts from where the aircraft is and how it moves.</summary>
    public void Take(Multirotor airframe)
    {
        _position = airframe.Position;
        _velocity = airframe.Velocity;
        _acceleration = default;
    }

    /// <summary>Follows a leg over ground and in height.</summary>
    public void Follow(Ned position, Ned velocity, Ned acceleration)
    {
        _position = position;
        _velocity = velocity;
        _acceleration = acceleration;
    }

    /// <summary>Goes to a point over ground, from whatever speed it has.</summary>
    public void Chase(double dt, Ned target, double speed, double acceleration)
    {
        var north = target.North - _position.North;
        var east = target.East - _position.East;
        var distance = Math.Sqrt((north * north) + (east * east));
        var wanted = Math.Min(speed, Math.Min(distance * PositionGain, Math.Sqrt(2 * 0.8 * acceleration * distance)));
        var scale = distance > 1e-6 ? wanted / distance : 0;
        MoveOverGround(dt, north * scale, east * scale, acceleration);
    }

    /// <summary>Takes on a velocity over ground.</summary>
    public void MoveOverGround(double dt, double north, double east, double acceleration)
    {
        var change = new Ned(north - _velocity.North, east - _velocity.East, 0).LimitHorizontal(acceleration * dt);
        _acceleration = new(change.North / dt, change.East / dt, _acceleration.Down);
        _velocity += change;
        _position = new(_position.North + (_velocity.North * dt), _position.East + (_velocity.East * dt), _position.Down);
    }

    /// <summary>Goes to a height, braking at half the acceleration it climbs with, as the recorded take-offs do.</summary>
    public void ClimbTo(double dt, double down, double up, double descent, double acceleration)
    {
        var error = down - _position.Down;
        var speed = Math.Min(Math.Sqrt(1.1 * acceleration * Math.Abs(error)), Math.Abs(error) / dt);
        ClimbAt(dt, error > 0 ? Math.Min(speed, descent) : -Math.Min(speed, up), acceleration);
    }

    /// <summary>Takes on a vertical speed, down positive.</summary>
    public void ClimbAt(double dt, double down, double acceleration)
    {
        var change = Math.Clamp(down - _velocity.Down, -acceleration * dt, acceleration * dt);
        _acceleration = _acceleration with { Down = change / dt };
        _velocity = _velocity with { Down = _velocity.Down + change };
        _position = _position with { Down = _position.Down + (_velocity.Down * dt) };
    }

    /// <summary>Keeps the reference from running away below the ground that holds the aircraft up.</summary>
    public void StayNear(double down, double tolerance) =>
        _position = _position with { Down = Math.Clamp(_position.Down, down - tolerance, down + tolerance) };

    /// <summary>The acceleration that brings the aircraft onto the reference.</summary>
    public FlightDemand Track(Multirotor airframe, double heading)
    {
        var error = (_position - airframe.Position).LimitHorizontal(8);
        var speed = _velocity + (error * PositionGain) - airframe.Velocity;
        return new(
            new(
                _acceleration.North + (speed.North * VelocityGain),
                _acceleration.East + (speed.East * VelocityGain),
                _acceleration.Down + (speed.Down * VerticalVelocityGain)),
            heading);
    }
}
