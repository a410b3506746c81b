using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles.Autopilots;

namespace DroneOps.Vehicles;

/// <summary>An immutable copy of a <see cref="VehicleState"/> with the age of each group at one moment.</summary>
public sealed record VehicleSnapshot
{
    /// <summary>Which vehicle.</summary>
    public required VehicleKey Key { get; init; }

    /// <summary>The moment of the copy; ages count from here.</summary>
    public required DateTimeOffset At { get; init; }

    /// <inheritdoc cref="VehicleState.Identity"/>
    public VehicleIdentity? Identity { get; init; }

    /// <inheritdoc cref="VehicleState.IdentityConflict"/>
    public bool IdentityConflict { get; init; }

    /// <inheritdoc cref="VehicleState.Link"/>
    public VehicleLinkState Link { get; init; }

    /// <inheritdoc cref="VehicleState.HeartbeatAt"/>
    public DateTimeOffset? HeartbeatAt { get; init; }

    /// <inheritdoc cref="VehicleState.HeardAt"/>
    public DateTimeOffset? HeardAt { get; init; }

    /// <inheritdoc cref="VehicleState.Reboots"/>
    public int Reboots { get; init; }

    /// <inheritdoc cref="VehicleState.Armed"/>
    public bool Armed { get; init; }

    /// <inheritdoc cref="VehicleState.MotorTest"/>
    public bool MotorTest { get; init; }

    /// <inheritdoc cref="VehicleState.InAir"/>
    public bool? InAir { get; init; }

    /// <inheritdoc cref="VehicleState.Mode"/>
    public string? Mode { get; init; }

    /// <inheritdoc cref="VehicleState.CustomMode"/>
    public uint CustomMode { get; init; }

    /// <summary>What its mode is to whoever tells it where to be; null where that is not known.</summary>
    public ModeUse? ModeUse { get; init; }

    /// <inheritdoc cref="VehicleState.SystemStatus"/>
    public MavState SystemStatus { get; init; }

    /// <inheritdoc cref="VehicleState.Position"/>
    public Reading<PositionReading>? Position { get; init; }

    /// <inheritdoc cref="VehicleState.Attitude"/>
    public Reading<AttitudeReading>? Attitude { get; init; }

    /// <inheritdoc cref="VehicleState.Air"/>
    public Reading<AirReading>? Air { get; init; }

    /// <inheritdoc cref="VehicleState.Battery"/>
    public Reading<BatteryReading>? Battery { get; init; }

    /// <inheritdoc cref="VehicleState.BatterySerial"/>
    public string? BatterySerial { get; init; }

    /// <inheritdoc cref="VehicleState.BatteryCycles"/>
    public int? BatteryCycles { get; init; }

    /// <inheritdoc cref="VehicleState.BatteryHealthPercent"/>
    public int? BatteryHealthPercent { get; init; }

    /// <inheritdoc cref="VehicleState.BatteryFullWh"/>
    public double? BatteryFullWh { get; init; }

    /// <inheritdoc cref="VehicleState.Wind"/>
    public Reading<WindReading>? Wind { get; init; }

    /// <inheritdoc cref="VehicleState.Gps"/>
    public Reading<GpsReading>? Gps { get; init; }

    /// <inheritdoc cref="VehicleState.Estimator"/>
    public Reading<EstimatorReading>? Estimator { get; init; }

    /// <inheritdoc cref="VehicleState.Landed"/>
    public Reading<LandedReading>? Landed { get; init; }

    /// <inheritdoc cref="VehicleState.Home"/>
    public Reading<HomeReading>? Home { get; init; }

    /// <inheritdoc cref="VehicleState.Mission"/>
    public Reading<MissionReading>? Mission { get; init; }

    /// <inheritdoc cref="VehicleState.Fence"/>
    public Reading<FenceReading>? Fence { get; init; }

    /// <inheritdoc cref="VehicleState.Sensors"/>
    public Reading<SensorsReading>? Sensors { get; init; }

    /// <inheritdoc cref="VehicleState.Readiness"/>
    public required Readiness Readiness { get; init; }

    /// <inheritdoc cref="VehicleState.Failsafes"/>
    public FailsafeReport? Failsafes { get; init; }

    internal static VehicleSnapshot Of(VehicleKey key, VehicleState state, VehicleOptions options, DateTimeOffset now)
    {
        var fast = options.FastStaleAfter;
        var slow = options.SlowStaleAfter;
        return new()
        {
            Key = key,
            At = now,
            Identity = state.Identity,
            IdentityConflict = state.IdentityConflict,
            Link = state.Link,
            HeartbeatAt = state.HeartbeatAt,
            HeardAt = state.HeardAt,
            Reboots = state.Reboots,
            Armed = state.Armed,
            MotorTest = state.MotorTest,
            InAir = state.InAir,
            Mode = state.Mode,
            CustomMode = state.CustomMode,
            ModeUse = state.Identity is { } identity ? Autopilot.Of(identity.Autopilot, identity.Type).UseOf(state.CustomMode) : null,
            SystemStatus = state.SystemStatus,
            Position = Aged(state.Position, now, fast),
            Attitude = Aged(state.Attitude, now, fast),
            Air = Aged(state.Air, now, fast),
            Battery = Aged(state.Battery, now, slow),
            BatterySerial = state.BatterySerial,
            BatteryCycles = state.BatteryCycles,
            BatteryHealthPercent = state.BatteryHealthPercent,
            BatteryFullWh = state.BatteryFullWh,
            Wind = Aged(state.Wind, now, slow),
            Gps = Aged(state.Gps, now, slow),
            Estimator = Aged(state.Estimator, now, slow),
            Landed = Aged(state.Landed, now, slow),
            // Home is sent when it changes, so age does not make it doubtful.
            Home = Aged(state.Home, now, TimeSpan.MaxValue),
            Mission = Aged(state.Mission, now, slow),
            Fence = Aged(state.Fence, now, slow),
            Sensors = Aged(state.Sensors, now, slow),
            Readiness = state.Readiness,
            Failsafes = state.Failsafes,
        };
    }

    private static Reading<T>? Aged<T>(in Sampled<T>? sample, DateTimeOffset now, TimeSpan limit)
        where T : struct
    {
        if (sample is not { } known)
            return null;
        var age = now > known.At ? now - known.At : TimeSpan.Zero;
        return new(known.Value, known.At, age, age > limit);
    }
}
