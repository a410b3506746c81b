using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles.Autopilots;
using DroneOps.Vehicles.Protocols;

namespace DroneOps.Vehicles;

/// <content>Heartbeats: the link, the mode, the armed bit, and the reboot that they may show.</content>
public sealed partial class Vehicle
{
    /// <summary>A motor test arms within a second of its start; the armed bit comes with the next heartbeat.</summary>
    private static readonly TimeSpan MotorTestWindow = TimeSpan.FromSeconds(3);

    private readonly BootClock _bootClock = new();
    private readonly LeadingLink _stateLead = new(TimeSpan.FromSeconds(2.5));
    private DateTimeOffset? _motorTestAt;
    private DateTimeOffset? _armedBitAt;

    private void OnHeartbeat(in Heartbeat heartbeat, byte componentId, DateTimeOffset at, int link, byte sequence)
    {
        if (heartbeat.Type == MavType.Camera)
            _videos.OnCamera(componentId);
        if (heartbeat.Autopilot == MavAutopilot.Invalid || !IsVehicle(heartbeat.Type))
            return;
        if (State.Identity is null)
            _talk.Component = componentId;
        else if (componentId != _talk.Component)
            return;

        State.HeardAt = at;
        State.HeartbeatAt = at;
        var change = _heartbeats.Heard(at);
        State.Link = VehicleLinkState.Up;
        _landed.HeartbeatAt(at);
        if (change == HeartbeatChange.First)
            Discover(heartbeat, at);
        else if (change == HeartbeatChange.Restored)
            Restore(at);

        // Every link shows that it lives; what it says of the mode and the motors is one link's to tell, and never an older frame's.
        var isArmed = (heartbeat.BaseMode & MavModeFlag.SafetyArmed) != 0;
        if (!_stateLead.Leads(link, sequence, at, isArmed, out var since))
            return;

        // Initialising after having been up is a reboot that no time stamp had to show (streams are gone after one).
        var starting = heartbeat.SystemStatus is MavState.Uninit or MavState.Boot;
        if (starting && State.SystemStatus is MavState.Standby or MavState.Active or MavState.Critical or MavState.Emergency)
        {
            _bootClock.Forget();
            Reboot(at);
        }

        State.SystemStatus = heartbeat.SystemStatus;
        FoldMode(heartbeat.CustomMode, at);
        FoldArmed(isArmed, change == HeartbeatChange.First, at, since);
        InferLanded(at);
        UpdateReadiness(at);
    }

    private void Discover(in Heartbeat heartbeat, DateTimeOffset at)
    {
        _talk.Autopilot = Autopilot.Of(heartbeat.Autopilot, heartbeat.Type);
        State.Identity = new(heartbeat.Autopilot, heartbeat.Type, HardwareId: null, Firmware: null, Capabilities: 0);
        Tell(new VehicleFact.Discovered(at, State.Identity, (heartbeat.BaseMode & MavModeFlag.SafetyArmed) != 0));
        _identity.Ask();
        _streams.Begin();
        _videos.Begin();
    }

    private void Restore(DateTimeOffset at)
    {
        Tell(new VehicleFact.LinkRestored(at, _heartbeats.Silence));
        _identity.Ask();
        _streams.OnLinkRestored();
    }

    private void Reboot(DateTimeOffset at)
    {
        State.Reboots++;
        State.ForgetBoot();
        _positionOrder = default;
        _attitudeOrder = default;
        _flightOrder = default;
        _landed.Forget();
        _landed.HeartbeatAt(at);
        Tell(new VehicleFact.Rebooted(at));
        _identity.Ask();
        _streams.Begin();
        _videos.Begin();
        ForgetFailsafes();
        ForgetPack();
    }

    private void WatchTheLink()
    {
        if (_heartbeats.Tick(Now) != HeartbeatChange.Lost)
            return;
        State.Link = VehicleLinkState.Lost;
        Tell(new VehicleFact.LinkLost(Now, _heartbeats.LastAt));
    }

    private void FoldMode(uint customMode, DateTimeOffset at)
    {
        if (State.Mode is not null && State.CustomMode == customMode)
            return;
        var from = State.Mode;
        State.CustomMode = customMode;
        State.Mode = _talk.Autopilot.ModeName(customMode);
        Tell(new VehicleFact.ModeChanged(at, from, State.Mode, customMode));
    }

    private void FoldArmed(bool armed, bool firstSeen, DateTimeOffset at, DateTimeOffset since)
    {
        var seenBefore = _armedBitAt > since ? since : _armedBitAt;
        _armedBitAt = at;
        if (armed == State.Armed)
            return;
        if (armed)
        {
            State.MotorTest = _motorTestAt is { } test && at - test <= MotorTestWindow;
            State.Armed = true;
            Tell(new VehicleFact.Armed(at, State.MotorTest, firstSeen) { Since = since, NotBefore = firstSeen ? null : seenBefore });
            return;
        }

        var wasTest = State.MotorTest;
        State.Armed = false;
        State.MotorTest = false;
        _motorTestAt = null;

        // Where landings are inferred, disarming is the surest sign of one, and comes after it.
        InferLanded(at);
        Tell(new VehicleFact.Disarmed(at, wasTest) { Since = since, NotBefore = seenBefore, LastInAir = _flying ? _landed.SeenAt : null });
        _auditDue |= !wasTest;
    }

    private static bool IsVehicle(MavType type) => type is not (MavType.Gcs or MavType.AntennaTracker or MavType.OnboardController
        or MavType.Gimbal or MavType.Adsb or MavType.Camera or MavType.ChargingStation or MavType.Flarm or MavType.Servo
        or MavType.Odid or MavType.Battery or MavType.Parachute or MavType.Log or MavType.Osd or MavType.Imu or MavType.Gps
        or MavType.Winch or MavType.Illuminator or MavType.Gripper or MavType.Radio);
}
