using DroneOps.Mavlink.Messages;
using DroneOps.Simulator.Airframe;
using DroneOps.Simulator.Protocols;

namespace DroneOps.Simulator.Autopilot;

/// <summary>Flight modes and what each does with the guide.</summary>
internal sealed partial class Copter
{
    private const double SpoolSeconds = 1.4;

    /// <summary>The modes that exist on this vehicle, in the order AVAILABLE_MODES lists them.</summary>
    public static readonly CopterMode[] AvailableModes =
    [
        CopterMode.Stabilize, CopterMode.AltHold, CopterMode.Auto, CopterMode.Guided, CopterMode.Loiter, CopterMode.Rtl, CopterMode.Circle,
        CopterMode.Land, CopterMode.Poshold, CopterMode.Brake, CopterMode.SmartRtl,
    ];

    private bool _isTakingOff;
    private double _spool;
    private double _takeoffDown;
    private double _landedFor;
    private Ned _circleCentre;
    private double _circleAngle;
    private double _circleRate;
    private bool _isOnCircle;
    private double _speedLimit = double.NaN;

    public bool IsDescendingToLand => Mode switch
    {
        CopterMode.Land => true,
        CopterMode.Rtl or CopterMode.SmartRtl or CopterMode.Auto => _isFinalDescent,
        _ => false,
    };

    private static bool NeedsPosition(CopterMode mode) => mode is not (CopterMode.Stabilize or CopterMode.AltHold or CopterMode.Land);

    /// <summary>Changes the mode, or says why not in a STATUSTEXT.</summary>
    /// <returns>False where the mode does not exist or cannot be entered now.</returns>
    public bool TrySetMode(CopterMode mode)
    {
        if (!AvailableModes.Contains(mode))
        {
            _downlink.Text(MavSeverity.Warning, $"No such mode {(uint)mode}");
            return false;
        }

        if (mode == Mode)
            return true;
        if (IsArmed && NeedsPosition(mode) && !HasPosition)
            return RefuseMode(mode, "requires position");
        if (IsArmed && mode == CopterMode.Auto && Plans.NextNavigation(1) < 0)
            return RefuseMode(mode, "init failed");

        Mode = mode;
        _isTakingOff = false;
        _isFinalDescent = false;
        Target = null;
        _speedLimit = double.NaN;
        _guide.Take(Airframe);
        _guidedTask = GuidedTask.Hold;
        _holdPoint = StoppingPoint();
        if (Fence.Breach != 0 && IsArmed)
            _downlink.Text(MavSeverity.Info, "Manual recovery started");
        ModeChanged?.Invoke();
        EnterMode();
        return true;
    }

    /// <summary>Raised inside a step, so that a heartbeat with the new mode leaves at once.</summary>
    public event Action? ModeChanged;

    private bool RefuseMode(CopterMode mode, string reason)
    {
        _downlink.Text(MavSeverity.Warning, $"Mode change to {NameOf(mode)} failed: {reason}");
        return false;
    }

    public static string NameOf(CopterMode mode) => mode.ToString() switch
    {
        nameof(CopterMode.AltHold) => "ALT_HOLD",
        nameof(CopterMode.SmartRtl) => "SMART_RTL",
        var name => name.ToUpperInvariant(),
    };

    private void EnterMode()
    {
        switch (Mode)
        {
            case CopterMode.Auto:
                ResumeMission();
                break;
            case CopterMode.Rtl or CopterMode.SmartRtl:
                BeginReturn();
                break;
            case CopterMode.Circle:
                BeginCircle(_guide.Position + (new Ned(Math.Cos(Airframe.Heading), Math.Sin(Airframe.Heading), 0) * (_parameters[Known.CircleRadius] / 100)));
                break;
        }
    }

    /// <summary>One step of control: moves the guide as the mode wants, then the airframe after it.</summary>
    private void Control(double dt)
    {
        if (IsLanded && !WantsToLeaveGround())
        {
            Airframe.Idle();
            _guide.Take(Airframe);
            return;
        }

        if (_isTakingOff && Airframe.IsOnGround && _spool < SpoolSeconds)
        {
            // The motors spool up for MOT_SPOOL_TIME and the throttle ramps: the recorded take-offs leave the ground 1.4 s after the command.
            _spool += dt;
            Airframe.Idle();
            _guide.Take(Airframe);
            return;
        }

        switch (Mode)
        {
            case CopterMode.Stabilize when !IsPilotThrottle:
                Airframe.Fall(dt, Wind.Velocity);
                return;
            case CopterMode.Stabilize or CopterMode.AltHold or CopterMode.Loiter or CopterMode.Poshold:
                FlyPilot(dt);
                break;
            case CopterMode.Guided:
                FlyGuided(dt);
                break;
            case CopterMode.Auto:
                FlyMission(dt);
                break;
            case CopterMode.Rtl or CopterMode.SmartRtl:
                FlyReturn(dt);
                break;
            case CopterMode.Land:
                HoldOverGround(dt);
                Descend(dt);
                break;
            case CopterMode.Circle:
                FlyCircle(dt, _parameters[Known.CircleRadius] / 100, clockwise: true);
                _guide.ClimbAt(dt, 0, VerticalAcceleration);
                break;
            default:
                HoldOverGround(dt);
                _guide.ClimbAt(dt, 0, VerticalAcceleration);
                break;
        }

        Airframe.Fly(dt, _guide.Track(Airframe, _heading), Wind.Velocity, MaxLean, YawRate, EnginePower);
    }

    private double EnginePower => _parameters[Known.EngineFail] > 0 ? _parameters[Known.EngineMultiplier] : 1;

    private double VerticalAcceleration => Math.Max(0.1, Speed(Known.WpAccelerationZ));

    private double Acceleration => Math.Max(0.1, Speed(Known.WpAcceleration));

    private double CruiseSpeed => double.IsNaN(_speedLimit) ? Math.Max(0.2, Speed(Known.WpSpeed)) : _speedLimit;

    private bool WantsToLeaveGround() => Mode switch
    {
        CopterMode.Guided => _isTakingOff,
        CopterMode.Auto => IsMissionTakingOff,
        CopterMode.Loiter or CopterMode.AltHold or CopterMode.Poshold or CopterMode.Stabilize => PilotClimb > 0.1,
        _ => false,
    };

    private void BeginTakeoff(double down)
    {
        _isTakingOff = true;
        _spool = 0;
        _takeoffDown = down;
        _guide.Take(Airframe);
        _holdPoint = _guide.Position;
        _heading = Airframe.Heading;
    }

    /// <returns>Whether the height is reached.</returns>
    private bool FlyTakeoff(double dt)
    {
        if (!Airframe.IsOnGround || _spool >= SpoolSeconds)
            IsLanded = false;
        _guide.Chase(dt, _holdPoint, CruiseSpeed, Acceleration);
        _guide.ClimbTo(dt, _takeoffDown, Speed(Known.WpSpeedUp), Speed(Known.WpSpeedDown), VerticalAcceleration);
        return Math.Abs(Airframe.Position.Down - _takeoffDown) < 0.05 || Airframe.Position.Down < _takeoffDown;
    }

    private void HoldOverGround(double dt) => _guide.Chase(dt, _holdPoint, CruiseSpeed, Acceleration);

    /// <summary>Where the aircraft comes to rest if it brakes now.</summary>
    private Ned StoppingPoint()
    {
        var velocity = Airframe.Velocity;
        var speed = velocity.Horizontal;
        var distance = speed < 0.1 ? 0 : (speed * speed / (2 * Acceleration)) + (0.3 * speed);
        var scale = speed < 0.1 ? 0 : distance / speed;
        return new(Airframe.Position.North + (velocity.North * scale), Airframe.Position.East + (velocity.East * scale), Airframe.Position.Down);
    }

    /// <summary>The two-stage descent: WPNAV_SPEED_DN down to LAND_ALT_LOW, LAND_SPEED from there.</summary>
    private void Descend(double dt)
    {
        var isLow = -Airframe.Position.Down <= _parameters[Known.LandAltLow] / 100;
        var high = _parameters[Known.LandSpeedHigh] > 0 ? Speed(Known.LandSpeedHigh) : Speed(Known.WpSpeedDown);
        _guide.ClimbAt(dt, isLow ? Speed(Known.LandSpeed) : high, VerticalAcceleration * 1.5);
        _guide.StayNear(Airframe.Position.Down, 0.5);
    }

    private void DetectLanding(double dt)
    {
        if (!IsArmed)
        {
            IsLanded |= Airframe.IsOnGround;
            return;
        }

        if (IsLanded || !Airframe.IsOnGround || _isTakingOff)
        {
            _landedFor = 0;
            if (!Airframe.IsOnGround && !_isTakingOff)
                IsLanded = false;
            return;
        }

        _landedFor += dt;
        // LAND_DETECTOR_TRIGGER_SEC plus the time the throttle takes to run down: 2.0-2.2 s in every recording.
        if (_landedFor < 2)
            return;
        IsLanded = true;
        _landedSince = Time;
        if (IsDescendingToLand)
        {
            if (Mode == CopterMode.Auto)
                FinishMissionLanding();
            Disarm();
        }
    }

    private void FlyCircle(double dt, double radius, bool clockwise)
    {
        radius = Math.Max(1, radius);
        if (!_isOnCircle)
        {
            // First to the nearest point of it.
            var entry = OnCircle(radius);
            _guide.Chase(dt, entry, CruiseSpeed, Acceleration);
            _isOnCircle = (entry - Airframe.Position).Horizontal < 0.5 && Airframe.Velocity.Horizontal < 0.5;
        }
        else
        {
            var limit = Math.Min(CruiseSpeed / radius, Math.Sqrt(Acceleration / radius));
            var wanted = Math.Min(Math.Abs(_parameters[Known.CircleRate]) * Math.PI / 180, limit) * (clockwise ? 1 : -1);
            var step = Acceleration / 2 / radius * dt;
            _circleRate += Math.Clamp(wanted - _circleRate, -step, step);
            _circleAngle += _circleRate * dt;
            var (sin, cos) = Math.SinCos(_circleAngle);
            var speed = _circleRate * radius;
            var inward = _circleRate * _circleRate * radius;
            _guide.Follow(
                OnCircle(radius) with { Down = _guide.Position.Down },
                new(-sin * speed, cos * speed, _guide.Velocity.Down),
                new(-cos * inward, -sin * inward, 0));
        }

        _heading = Math.Atan2(_circleCentre.East - Airframe.Position.East, _circleCentre.North - Airframe.Position.North);
    }

    private Ned OnCircle(double radius) => _circleCentre + new Ned(Math.Cos(_circleAngle) * radius, Math.Sin(_circleAngle) * radius, 0);

    private void BeginCircle(Ned centre)
    {
        _circleCentre = centre;
        _circleRate = 0;
        _isOnCircle = false;
        _circleAngle = Math.Atan2(Airframe.Position.East - centre.East, Airframe.Position.North - centre.North);
    }
}
