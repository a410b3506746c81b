using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Simulator.Airframe;
using DroneOps.Simulator.Camera;
using DroneOps.Simulator.Protocols;

namespace DroneOps.Simulator.Autopilot;

/// <summary>The autopilot: modes, arming, mission, failsafes, on top of one airframe. Owned by its <see cref="SimulatedCopter"/>,
/// stepped by it, never called from two threads. Seconds are vehicle seconds since boot.</summary>
internal sealed partial class Copter
{
    private readonly ParameterTable _parameters;
    private readonly Downlink _downlink;
    private readonly BootTimeline _timeline;
    private readonly Guide _guide = new();
    private double _heading;
    private Ned _home;

    public Copter(ParameterTable parameters, Downlink downlink, LocalFrame frame, PlanStore plans, BootTimeline timeline, ulong seed)
    {
        _parameters = parameters;
        _downlink = downlink;
        _timeline = timeline;
        Frame = frame;
        Plans = plans;
        Fence = new(parameters, plans, frame);
        Wind = new(SeededNoise.Derive(seed, 1));
        _gpsNoise = new(SeededNoise.Derive(seed, 2));
        Battery = new(parameters[Known.BatteryCapacity]);
    }

    public LocalFrame Frame { get; }

    public PlanStore Plans { get; }

    public GeoFence Fence { get; }

    public WindField Wind { get; }

    public Multirotor Airframe { get; } = new();

    public Battery Battery { get; }

    /// <summary>Its camera; null for none.</summary>
    public CameraMount? Camera { get; init; }

    /// <summary>Moves the gimbal on.</summary>
    public void StepCamera(double dt) => Camera?.Gimbal.Step(dt, Airframe.Heading * 180 / Math.PI, Airframe.Position - CameraMount.Lens, _roi);

    /// <summary>Seconds since boot.</summary>
    public double Time { get; private set; }

    public CopterMode Mode { get; private set; } = CopterMode.Stabilize;

    public bool IsArmed
    {
        get;
        private set
        {
            if (field == value)
                return;
            field = value;
            Turned?.Invoke();
        }
    }

    /// <summary>The land detector's verdict.</summary>
    public bool IsLanded
    {
        get;
        private set
        {
            if (field == value)
                return;
            field = value;
            Turned?.Invoke();
        }
    } = true;

    /// <summary>It was armed or disarmed, took off or landed; raised inside a step.</summary>
    public event Action? Turned;

    public bool IsHomeSet { get; private set; }

    public Ned Home => _home;

    /// <summary>Metres above home.</summary>
    public double Height => _home.Down - Airframe.Position.Down;

    /// <summary>What the vehicle's own clock shows; it wraps after 49.7 days.</summary>
    public uint TimeBootMs => unchecked((uint)(long)((Time - _clockZero) * 1000));

    private double _clockZero;

    /// <summary>A watchdog reset in flight: the clock restarts, the flight goes on (ArduPilot restores mode and attitude).</summary>
    public void RestartClock() => _clockZero = Time;

    /// <summary>Where navigation is heading, if it is.</summary>
    public Ned? Target { get; private set; }

    public bool IsMotorTest => Time < _motorTestUntil;

    /// <summary>Whether the airframe has to be stepped finely.</summary>
    public bool IsActive => IsArmed || !Airframe.IsOnGround;

    public MavLandedState LandedState =>
        IsLanded ? MavLandedState.OnGround
        : _isTakingOff ? MavLandedState.Takeoff
        : IsDescendingToLand ? MavLandedState.Landing
        : MavLandedState.InAir;

    private double _motorTestUntil;

    public void StartMotorTest(double seconds)
    {
        _downlink.Text(MavSeverity.Info, "starting motor test");
        _motorTestUntil = Time + seconds;
    }

    /// <summary>Power comes on, or the vehicle restarts: parameters and plans stay, all else is forgotten.</summary>
    public void Boot()
    {
        Time = 0;
        _clockZero = 0;
        Mode = CopterMode.Stabilize;
        IsArmed = false;
        IsLanded = true;
        IsHomeSet = false;
        Target = null;
        _motorTestUntil = 0;
        ResetMission();
        ResetFailsafes();
        ResetArming();
        Fence.Disable();
        Fence.Unload();
        if (_parameters[Known.FenceEnable] > 0)
            _ = Fence.TryEnable();
    }

    /// <summary>The airframe's step: control and motion.</summary>
    public void Fly(double dt)
    {
        Wind.Step(
            dt,
            Height,
            _parameters[Known.WindSpeed],
            _parameters[Known.WindDirection],
            _parameters[Known.WindTurbulence],
            _parameters[Known.WindTimeConstant]);
        if (!IsArmed)
        {
            if (!Airframe.IsOnGround)
                Airframe.Fall(dt, Wind.Velocity);
            Battery.Draw(PowerModel.Avionics, dt, _parameters[Known.BatteryVoltage]);
        }
        else
        {
            Control(dt);
            var airspeed = (Airframe.Velocity - Wind.Velocity).Horizontal;
            var watts = Airframe.IsOnGround ? PowerModel.Avionics + 15 : PowerModel.Flight(airspeed, -Airframe.Velocity.Down);
            Battery.Draw(watts, dt, _parameters[Known.BatteryVoltage]);
        }

        if (Airframe.TakeImpact() is { } impact)
            _downlink.Text(MavSeverity.Info, FormattableString.Invariant($"SIM Hit ground at {impact:0.000000} m/s"));
        DetectLanding(dt);
        ActOnBreach();
    }

    /// <summary>The slow step, ten times a second: timers, checks, failsafes.</summary>
    public void Tick(double time)
    {
        Time = time;
        StepBoot();
        StepArming();
        if (IsHomeSet)
            StepFence();
        StepFailsafes();
        if (_motorTestUntil > 0 && Time >= _motorTestUntil)
        {
            _motorTestUntil = 0;
            _downlink.Text(MavSeverity.Info, "finished motor test");
        }
    }

    /// <summary>Sets the time between slow steps, so that what happens in answer to a message carries its time.</summary>
    public void SetTime(double time) => Time = time;

    public GeoPoint HomePoint => Frame.ToGeo(_home);

    public double HomeAmsl => Frame.ToAmsl(_home);

    public void SetHome(Ned position)
    {
        _home = position;
        IsHomeSet = true;
        SendHome();
    }

    public void SendHome()
    {
        var message = new HomePosition
        {
            Latitude = HomePoint.LatitudeE7,
            Longitude = HomePoint.LongitudeE7,
            Altitude = (int)Math.Round(HomeAmsl * 1000),
            X = (float)_home.North,
            Y = (float)_home.East,
            Z = (float)_home.Down,
            TimeUsec = (ulong)(Time * 1e6),
        };
        message.SetQ([float.NaN, float.NaN, float.NaN, float.NaN]);
        _downlink.Send(in message);
    }

    public void SendOrigin() => _downlink.Send(new GpsGlobalOrigin
    {
        Latitude = Frame.Origin.LatitudeE7,
        Longitude = Frame.Origin.LongitudeE7,
        Altitude = (int)Math.Round(Frame.AltitudeAmsl * 1000),
        TimeUsec = (ulong)(Time * 1e6),
    });

    /// <summary>Height of an item in the local frame, down positive.</summary>
    public double DownOf(MavFrame frame, double altitude) => frame switch
    {
        MavFrame.Global or MavFrame.GlobalInt => Frame.AltitudeAmsl - altitude,
        _ => _home.Down - altitude,
    };

    private double Speed(int parameter) => _parameters[parameter] / 100;

    private double MaxLean => _parameters[Known.AngleMax] / 100 * Math.PI / 180;

    private double YawRate => _parameters[Known.SlewYaw] / 100 * Math.PI / 180;
}
