using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Simulator.Airframe;
using DroneOps.Simulator.Autopilot;
using DroneOps.Simulator.Camera;
using DroneOps.Simulator.Faults;
using DroneOps.Simulator.Protocols;

namespace DroneOps.Simulator;

/// <summary>How one vehicle is made.</summary>
/// <param name="SystemId">MAVLink system id, 1..254.</param>
/// <param name="Home">Where it stands when power comes on.</param>
/// <param name="HomeAmsl">Ground there, metres above mean sea level.</param>
/// <param name="HeadingDeg">Its nose, degrees true.</param>
/// <param name="Seed">Source of all randomness in it.</param>
/// <param name="FastBoot">Ready within three seconds instead of 42.</param>
/// <param name="Speedup">Vehicle seconds per second of the clock it is stepped with.</param>
/// <param name="Dock">What becomes of its battery between flights.</param>
/// <param name="HasAirspeedSensor">Makes PREFLIGHT_CALIBRATION of the barometer a long-running command.</param>
internal sealed record CopterSetup(
    byte SystemId,
    GeoPoint Home,
    double HomeAmsl,
    double HeadingDeg,
    ulong Seed,
    bool FastBoot,
    double Speedup,
    DockCare Dock,
    bool HasAirspeedSensor)
{
    /// <summary>Its camera; null for none.</summary>
    public CameraSetup? Camera { get; init; }
}

/// <summary>An ArduCopter-like vehicle: airframe, autopilot, and the autopilot's side of MAVLink. It does no I/O and reads no clock: bytes go in
/// with <see cref="OnDatagram"/>, time with <see cref="Step"/>, bytes come out with <see cref="Drain"/>. Owned by one loop.</summary>
internal sealed partial class SimulatedCopter
{
    private const long LoopUs = 2_500;
    private const long FlightUs = 20_000;
    private const long SlowUs = 100_000;
    private const long ParkedUs = 1_000_000;
    private const long TimesyncUs = 10_000_000;
    private const int FirstBatterySerial = 41_000;

    private readonly CopterSetup _setup;
    private readonly DateTimeOffset _start;
    private readonly ParameterTable _parameters = new();
    private readonly Downlink _downlink;
    private readonly Copter _copter;
    private readonly Telemetry _telemetry;
    private readonly MessageStreams _streams;
    private readonly CommandDesk _commands;
    private readonly PlanTransfers _plans;
    private readonly ParameterProtocol _parameterProtocol;
    private readonly FaultyLine _down;
    private readonly FaultyLine _up;
    private readonly DatagramSink _passDown;
    private readonly DatagramSink _receive;
    private long _now;
    private long _bootUs;
    private long _nextFlight;
    private long _lastFlight;
    private long _nextSlow;
    private long _nextTimesync;

    /// <summary>A vehicle whose power comes on at that time.</summary>
    public SimulatedCopter(CopterSetup setup, DateTimeOffset start)
    {
        _setup = setup;
        _start = start;
        _downlink = new(setup.SystemId);
        _parameters.Set(Known.SystemId, setup.SystemId);
        _parameters.Set(Known.BatterySerial, FirstBatterySerial + setup.SystemId);
        _copter = new(
            _parameters, _downlink, new(setup.Home, setup.HomeAmsl), new(), setup.FastBoot ? BootTimeline.Fast : BootTimeline.Measured, setup.Seed)
        {
            Camera = setup.Camera is { } camera ? new(camera) : null,
        };
        _copter.Airframe.PutDown(Ned.Zero, setup.HeadingDeg * Math.PI / 180);
        _copter.ModeChanged += () => _telemetry!.SendHeartbeat();
        _copter.Turned += KeepFlightBook;
        _telemetry = new(_copter, _downlink, (byte)(setup.SystemId - 1), () => _start + TimeSpan.FromMicroseconds(_now));
        _streams = new(_telemetry, setup.Camera is not null);
        _commands = new(_copter, _telemetry, _streams, _downlink, setup.HasAirspeedSensor);
        _plans = new(_copter, _parameters, _downlink);
        _parameterProtocol = new(_parameters, _downlink, _telemetry, _copter);
        _down = new(SeededNoise.Derive(setup.Seed, 11));
        _up = new(SeededNoise.Derive(setup.Seed, 12));
        _passDown = datagram => _down.Pass(datagram, _now);
        _receive = Receive;
        Boot();
    }

    /// <summary>Its MAVLink system id.</summary>
    public byte SystemId => _setup.SystemId;

    /// <summary>How often it has started; with each start it sends from a new port.</summary>
    public int BootCount { get; private set; }

    /// <summary>Where it truly is.</summary>
    public GeoPoint Position => _copter.Frame.ToGeo(_copter.Airframe.Position);

    /// <summary>Metres above the ground it started from.</summary>
    public double Height => -_copter.Airframe.Position.Down;

    /// <summary>Speed over ground, m/s.</summary>
    public double GroundSpeed => _copter.Airframe.Velocity.Horizontal;

    /// <summary>Metres over ground from where it stood at power-on.</summary>
    public double DistanceFromDock => _copter.Airframe.Position.Horizontal;

    /// <summary>Whether the motors are armed.</summary>
    public bool IsArmed => _copter.IsArmed;

    /// <summary>Whether it stands on the ground.</summary>
    public bool IsLanded => _copter.IsLanded;

    /// <summary>The flight mode's name, for example AUTO.</summary>
    public string Mode => Copter.NameOf(_copter.Mode);

    /// <summary>Charge of its battery, 0..1.</summary>
    public double BatteryCharge => _copter.Battery.Charge;

    /// <summary>Energy drawn from the battery since it was full, Wh.</summary>
    public double BatteryUsedWh => _copter.Battery.UsedJoules / 3600;

    /// <summary>Vehicle time since it was made.</summary>
    public TimeSpan VehicleTime => TimeSpan.FromMicroseconds(_now);

    /// <summary>Sets a parameter as if it had been stored before; unknown names are refused.</summary>
    /// <returns>False where there is no such parameter.</returns>
    public bool TrySetParameter(string name, float value)
    {
        if (!ParameterTable.TryFind(name, out var index))
            return false;
        _parameters.Set(index, value);
        if (index == Known.BatteryCapacity)
            _copter.Battery.Replace(value, _copter.Battery.Charge);
        else if (index == Known.FenceEnable && value > 0)
            _ = _copter.Fence.TryEnable();
        return true;
    }

    /// <summary>Runs the vehicle up to a time. Steps of any size give the same flight.</summary>
    public void Step(DateTimeOffset now)
    {
        var target = (long)((now - _start).TotalMicroseconds * _setup.Speedup) / LoopUs * LoopUs;
        while (true)
        {
            var due = NextDue();
            if (due > target)
                break;
            _now = Math.Max(_now, due);
            RunLoop();
            // What leaves now is on the line from now on, not from when somebody drains it.
            if (!_down.IsPerfect)
                _downlink.Drain(_passDown);
        }

        _now = Math.Max(_now, target);
        _copter.SetTime(BootSeconds);
        if (Camera is { } camera)
            camera.Latest = Shoot(camera, now);
    }

    /// <summary>Bytes from the ground.</summary>
    public void OnDatagram(ReadOnlySpan<byte> datagram)
    {
        if (_up.IsPerfect)
        {
            Receive(datagram);
            return;
        }

        _up.Pass(datagram, _now);
        _up.Deliver(_now, _receive);
    }

    /// <summary>Hands over what the vehicle has sent, one datagram a call, in order.</summary>
    public void Drain(DatagramSink sink)
    {
        if (_down.IsPerfect)
        {
            _downlink.Drain(sink);
            return;
        }

        _downlink.Drain(_passDown);
        _down.Deliver(_now, sink);
    }

    private double BootSeconds => (_now - _bootUs) * 1e-6;

    private void Boot()
    {
        BootCount++;
        _bootUs = _now;
        _downlink.Restart();
        _copter.Boot();
        _streams.Forget(_now + (long)((_setup.FastBoot ? BootTimeline.Fast : BootTimeline.Measured).FirstHeartbeat * 1e6));
        _commands.Forget();
        _plans.Forget();
        _parameterProtocol.Forget();
        _nextSlow = _now;
        _nextFlight = _now;
        _lastFlight = _now;
        _nextTimesync = _now + TimesyncUs;
        _downlink.Console("\n\nInit ArduCopter V4.7.0-dev (2598e9d4)\n\nFree RAM: 524288\nBooting 0/0\nFirmware change: erasing EEPROM...\ndone.\n"u8);
        for (var i = 0; i < 3; i++)
            _downlink.Console("0 "u8);
        _downlink.Console("AP_Logger_File: buffer size=204800\n"u8);
    }

    private long NextDue()
    {
        if (_copter.IsActive && _nextFlight > _now + FlightUs)
        {
            // It was parked, and armed since: the fine steps begin now.
            _lastFlight = _now;
            _nextFlight = _now + FlightUs;
        }

        var due = Math.Min(Math.Min(_nextFlight, _nextSlow), Math.Min(_streams.NextDue, _plans.NextDue));
        due = Math.Min(Math.Min(due, _nextTimesync), Math.Min(_parameterProtocol.NextDue, _commands.NextDue));
        due = Math.Min(Math.Min(due, _nextFault), Math.Min(_up.NextDue, _nextCamera));
        // Everything happens on the autopilot's 400 Hz loop.
        return due == long.MaxValue ? due : (due + LoopUs - 1) / LoopUs * LoopUs;
    }

    private void RunLoop()
    {
        _copter.SetTime(BootSeconds);
        if (_now >= _nextFault)
            StepFaults();
        _up.Deliver(_now, _receive);
        if (_now >= _nextFlight)
            StepFlight();
        if (_now >= _nextCamera)
            StepCamera();
        if (_now >= _nextSlow)
        {
            _copter.Tick(BootSeconds);
            _nextSlow = _now + SlowUs;
        }

        if (_now >= _commands.RebootAt)
        {
            Boot();
            return;
        }

        _commands.Step(_now);
        if (_commands.IsSilent)
        {
            // The next step after the calibration sends what has become due in the meantime, once.
            _nextTimesync = Math.Max(_nextTimesync, _now + LoopUs);
            _streams.Postpone(_now + LoopUs);
            _parameterProtocol.Postpone(_now + LoopUs);
            return;
        }

        if (_now >= _nextTimesync)
        {
            _nextTimesync = _now + TimesyncUs;
            _downlink.Send(new Timesync { Tc1 = 0, Ts1 = (_now - _bootUs) * 1000 });
        }

        _plans.Step(_now);
        _parameterProtocol.Step(_now);
        _streams.Step(_now);
    }

    private void StepFlight()
    {
        var dt = (_now - _lastFlight) * 1e-6;
        _lastFlight = _now;
        if (_copter.IsActive)
        {
            _dockedFor = 0;
            _copter.Fly(Math.Min(dt, FlightUs * 1e-6));
            _nextFlight = _now + FlightUs;
        }
        else
        {
            StepDock(dt);
            _nextFlight = _now + ParkedUs;
        }
    }
}
