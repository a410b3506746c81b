using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles;

/// <summary>Whether the vehicle is heard.</summary>
public enum VehicleLinkState
{
    /// <summary>No heartbeat of its autopilot yet.</summary>
    NeverHeard,

    /// <summary>Heartbeats arrive.</summary>
    Up,

    /// <summary>No heartbeat for <see cref="VehicleOptions.HeartbeatTimeout"/>: every value is the last one known.</summary>
    Lost,
}

/// <summary>What is known of one vehicle, folded from its messages. Written only by its <see cref="Vehicle"/>; whoever is not the
/// vehicle's own loop reads a <see cref="VehicleSnapshot"/> instead.</summary>
public sealed class VehicleState
{
    /// <summary>Who it is; null before its first heartbeat.</summary>
    public VehicleIdentity? Identity { get; internal set; }

    /// <summary>Two pieces of hardware answer under this system id; no command goes out until one is left.</summary>
    public bool IdentityConflict { get; internal set; }

    /// <summary>Whether it is heard.</summary>
    public VehicleLinkState Link { get; internal set; }

    /// <summary>When the last heartbeat of the autopilot was received.</summary>
    public DateTimeOffset? HeartbeatAt { get; internal set; }

    /// <summary>When the last message of the autopilot was received.</summary>
    public DateTimeOffset? HeardAt { get; internal set; }

    /// <summary>How often the vehicle was seen to start again.</summary>
    public int Reboots { get; internal set; }

    /// <summary>Motors may turn.</summary>
    public bool Armed { get; internal set; }

    /// <summary>Shown as armed only because a motor test runs; it is no flight.</summary>
    public bool MotorTest { get; internal set; }

    /// <summary>The mode's name in the autopilot's own words, such as GUIDED; null before the first heartbeat.</summary>
    public string? Mode { get; internal set; }

    /// <summary>The mode's number in the autopilot's own counting.</summary>
    public uint CustomMode { get; internal set; }

    /// <summary>HEARTBEAT.system_status.</summary>
    public MavState SystemStatus { get; internal set; }

    /// <summary>Position, velocity and heading; null until the vehicle has a position.</summary>
    public Sampled<PositionReading>? Position { get; internal set; }

    /// <summary>Attitude.</summary>
    public Sampled<AttitudeReading>? Attitude { get; internal set; }

    /// <summary>Speeds, climb and throttle.</summary>
    public Sampled<AirReading>? Air { get; internal set; }

    /// <summary>The (first) battery.</summary>
    public Sampled<BatteryReading>? Battery { get; internal set; }

    /// <summary>The pack's own serial number: SMART_BATTERY_INFO, BATTERY_INFO or ArduPilot's BATT_SERIAL_NUM; null until one of them told it.</summary>
    public string? BatterySerial { get; internal set; }

    /// <summary>How often the pack was charged, as it counts itself; null where it does not.</summary>
    public int? BatteryCycles { get; internal set; }

    /// <summary>What is left of the pack's capacity, percent of what it was built for, as it says itself; null where it does not.</summary>
    public int? BatteryHealthPercent { get; internal set; }

    /// <summary>Energy of the full pack, watt-hours, by what the vehicle says of it; null until it has said enough.</summary>
    public double? BatteryFullWh { get; internal set; }

    /// <summary>The wind as its estimator sees it; true only of a vehicle in the air.</summary>
    public Sampled<WindReading>? Wind { get; internal set; }

    /// <summary>GPS receiver.</summary>
    public Sampled<GpsReading>? Gps { get; internal set; }

    /// <summary>State estimator.</summary>
    public Sampled<EstimatorReading>? Estimator { get; internal set; }

    /// <summary>On the ground or in the air.</summary>
    public Sampled<LandedReading>? Landed { get; internal set; }

    /// <summary>Home, where "return to launch" returns to.</summary>
    public Sampled<HomeReading>? Home { get; internal set; }

    /// <summary>Mission progress.</summary>
    public Sampled<MissionReading>? Mission { get; internal set; }

    /// <summary>The fence as the aircraft sees it.</summary>
    public Sampled<FenceReading>? Fence { get; internal set; }

    /// <summary>Sensor bits.</summary>
    public Sampled<SensorsReading>? Sensors { get; internal set; }

    /// <summary>The origin of the local frame is set (GPS_GLOBAL_ORIGIN was received): fences can come alive.</summary>
    public bool HasOrigin { get; internal set; }

    /// <summary>What stands between the vehicle and a take-off on its own.</summary>
    public Readiness Readiness { get; internal set; } = Readiness.NotHeard;

    /// <summary>The outcome of the last audit of the failsafe parameters; null until one ran.</summary>
    public FailsafeReport? Failsafes { get; internal set; }

    /// <summary>Whether it is off the ground; null while that is not known.</summary>
    public bool? InAir => Landed?.Value.IsInAir;

    internal void ForgetBoot()
    {
        Landed = null;
        Estimator = null;
        Sensors = null;
        Gps = null;
        Mission = null;
        Fence = null;
        HasOrigin = false;
    }
}
