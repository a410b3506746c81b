using DroneOps.Simulator.Protocols;

namespace DroneOps.Simulator.Autopilot;

/// <summary>The pilot's sticks. There is no transmitter: the throttle rests at 1000 µs, so that a mode which takes its climb rate from the
/// stick sinks, unless RC_CHANNELS_OVERRIDE holds it up.</summary>
internal sealed partial class Copter
{
    private const ushort RestingThrottle = 1000;
    private const ushort Centre = 1500;
    private readonly ushort[] _override = new ushort[8];
    private double _overrideUntil = double.MinValue;

    /// <summary>The channels as RC_CHANNELS shows them, µs.</summary>
    public ushort Channel(int index)
    {
        var value = Time < _overrideUntil ? _override[index] : (ushort)0;
        return value is not 0 and not ushort.MaxValue ? value : index == 2 ? RestingThrottle : Centre;
    }

    public void OverrideChannels(ReadOnlySpan<ushort> channels)
    {
        channels.CopyTo(_override);
        var seconds = _parameters[Known.RcOverrideTime];
        _overrideUntil = seconds < 0 ? double.MaxValue : Time + seconds;
    }

    private bool IsPilotThrottle => Channel(2) > RestingThrottle + 100;

    /// <summary>Climb rate wanted by the throttle stick, up positive, m/s.</summary>
    private double PilotClimb => Stick(2) * Speed(Known.PilotSpeedUp);

    /// <summary>-1..1 with a dead zone of 50 µs.</summary>
    private double Stick(int channel)
    {
        var offset = Channel(channel) - Centre;
        return Math.Abs(offset) <= 50 ? 0 : Math.Clamp(offset / 500.0, -1, 1);
    }

    private void FlyPilot(double dt)
    {
        var forward = -Stick(1) * Speed(Known.LoiterSpeed);
        var right = Stick(0) * Speed(Known.LoiterSpeed);
        if (forward != 0 || right != 0)
        {
            var (sin, cos) = Math.SinCos(Airframe.Heading);
            _guide.MoveOverGround(dt, (forward * cos) - (right * sin), (forward * sin) + (right * cos), Acceleration);
            _holdPoint = StoppingPoint();
        }
        else
        {
            HoldOverGround(dt);
        }

        _heading += Stick(3) * 1.5 * dt;
        if (PilotClimb > 0.1)
            IsLanded = false;
        _guide.ClimbAt(dt, -PilotClimb, _parameters[Known.PilotSpeedUp] / 100);
        _guide.StayNear(Airframe.Position.Down, 1);
    }
}
