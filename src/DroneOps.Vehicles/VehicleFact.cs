using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles;

/// <summary>Something that happened to a vehicle. A closed family; facts come in the order in which they were seen.</summary>
public abstract record VehicleFact
{
    private VehicleFact(DateTimeOffset at)
    {
        At = at;
    }

    /// <summary>When the frame that showed it was received (or, for what only time shows, the tick).</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Whether it is one of a stream of samples, which may be skipped when the reader is behind.</summary>
    public virtual bool IsSample => false;

    /// <summary>The first heartbeat of an autopilot. The hardware id follows in <see cref="Identified"/>.</summary>
    /// <param name="At">When.</param>
    /// <param name="Identity">What the heartbeat tells of it.</param>
    /// <param name="IsArmed">Whether it was armed then.</param>
    public sealed record Discovered(DateTimeOffset At, VehicleIdentity Identity, bool IsArmed) : VehicleFact(At);

    /// <summary>AUTOPILOT_VERSION told (or changed) hardware id, firmware or capabilities.</summary>
    public sealed record Identified(DateTimeOffset At, VehicleIdentity Identity) : VehicleFact(At);

    /// <summary>A second piece of hardware answers under this system id. No command goes out until one is left.</summary>
    /// <param name="At">When.</param>
    /// <param name="Known">The hardware id known so far.</param>
    /// <param name="Other">The other one.</param>
    public sealed record IdentityConflict(DateTimeOffset At, string Known, string Other) : VehicleFact(At);

    /// <summary>Only one piece of hardware answers any more.</summary>
    public sealed record IdentityResolved(DateTimeOffset At, VehicleIdentity Identity) : VehicleFact(At);

    /// <summary>No heartbeat for <see cref="VehicleOptions.HeartbeatTimeout"/>. Told once.</summary>
    public sealed record LinkLost(DateTimeOffset At, DateTimeOffset LastHeard) : VehicleFact(At);

    /// <summary>A heartbeat after a loss.</summary>
    public sealed record LinkRestored(DateTimeOffset At, TimeSpan Silence) : VehicleFact(At);

    /// <summary>The autopilot started again; its stream settings are gone and are asked for again.</summary>
    public sealed record Rebooted(DateTimeOffset At) : VehicleFact(At);

    /// <summary>The armed bit appeared.</summary>
    /// <param name="At">When.</param>
    /// <param name="MotorTest">Only a motor test: no flight begins.</param>
    /// <param name="FirstSeen">It was armed already when first heard; the arming itself was not seen.</param>
    public sealed record Armed(DateTimeOffset At, bool MotorTest, bool FirstSeen) : VehicleFact(At)
    {
        /// <summary>When it was first told; earlier than <see cref="VehicleFact.At"/> where a faster link told it before the one that was believed.</summary>
        public DateTimeOffset Since { get; init; } = At;

        /// <summary>When it was last seen disarmed: the arming lies between that and <see cref="Since"/>. Null where it never was.</summary>
        public DateTimeOffset? NotBefore { get; init; }
    }

    /// <summary>The armed bit went.</summary>
    /// <param name="At">When.</param>
    /// <param name="MotorTest">It was only a motor test.</param>
    public sealed record Disarmed(DateTimeOffset At, bool MotorTest) : VehicleFact(At)
    {
        /// <summary>When it was first told; earlier than <see cref="VehicleFact.At"/> where a faster link told it before the one that was believed.</summary>
        public DateTimeOffset Since { get; init; } = At;

        /// <summary>When it was last seen armed: the disarming lies between that and <see cref="Since"/>.</summary>
        public DateTimeOffset? NotBefore { get; init; }

        /// <summary>When it was last told to be in the air, where no landing was told since.</summary>
        public DateTimeOffset? LastInAir { get; init; }
    }

    /// <summary>The vehicle left the ground.</summary>
    /// <param name="At">When.</param>
    /// <param name="Where">The last position; null where none is known.</param>
    /// <param name="Amsl">The last altitude; null where none is known.</param>
    /// <param name="Source">How it is known.</param>
    /// <param name="FirstSeen">It was in the air already when first heard.</param>
    public sealed record TookOff(DateTimeOffset At, GeoPoint? Where, Altitude? Amsl, LandedSource Source, bool FirstSeen)
        : VehicleFact(At)
    {
        /// <summary>Whether it was inferred here and not told by the autopilot.</summary>
        public bool Inferred => Source == LandedSource.Inferred;

        /// <summary>When it happened, as far as is known: what is inferred is certain only a while after it happened.</summary>
        public DateTimeOffset Since { get; init; } = At;

        /// <summary>When it was last seen on the ground: it happened after that. Null where it never was.</summary>
        public DateTimeOffset? NotBefore { get; init; }

        /// <summary>It happened no later than this.</summary>
        public DateTimeOffset NotAfter { get; init; } = At;
    }

    /// <summary>The vehicle is on the ground, and this is the first that is known of it since its discovery: whatever flight it was on before is over.</summary>
    public sealed record FoundOnGround(DateTimeOffset At) : VehicleFact(At)
    {
        /// <summary>When it came down, where that was seen before it could be told; null where it was not.</summary>
        public DateTimeOffset? LandedAt { get; init; }

        /// <summary>When it was last seen in the air, and by when it was down.</summary>
        public DateTimeOffset? NotBefore { get; init; }

        /// <summary>It was down by this time.</summary>
        public DateTimeOffset NotAfter { get; init; } = At;
    }

    /// <summary>The vehicle is on the ground again.</summary>
    /// <param name="At">When.</param>
    /// <param name="Where">The last position; null where none is known.</param>
    /// <param name="Amsl">The last altitude; null where none is known.</param>
    /// <param name="Source">How it is known.</param>
    public sealed record Landed(DateTimeOffset At, GeoPoint? Where, Altitude? Amsl, LandedSource Source) : VehicleFact(At)
    {
        /// <summary>Whether it was inferred here and not told by the autopilot.</summary>
        public bool Inferred => Source == LandedSource.Inferred;

        /// <summary>When it happened, as far as is known: what is inferred is certain only a while after it happened.</summary>
        public DateTimeOffset Since { get; init; } = At;

        /// <summary>When it was last seen in the air: it happened after that. Null where it never was.</summary>
        public DateTimeOffset? NotBefore { get; init; }

        /// <summary>It happened no later than this.</summary>
        public DateTimeOffset NotAfter { get; init; } = At;
    }

    /// <summary>The mode changed (or was seen for the first time: <paramref name="From"/> is null then).</summary>
    public sealed record ModeChanged(DateTimeOffset At, string? From, string To, uint CustomMode) : VehicleFact(At);

    /// <summary>One GLOBAL_POSITION_INT with a position in it.</summary>
    public sealed record PositionFixed(
        DateTimeOffset At, GeoPoint Point, Altitude Amsl, Altitude AboveHome, VelocityNed Velocity, double? HeadingDeg) : VehicleFact(At)
    {
        /// <inheritdoc/>
        public override bool IsSample => true;
    }

    /// <summary>The battery's charge, voltage or level changed (at the latest every ten seconds).</summary>
    public sealed record BatteryReported(DateTimeOffset At, BatteryReading Battery) : VehicleFact(At)
    {
        /// <inheritdoc/>
        public override bool IsSample => true;
    }

    /// <summary>The autopilot's judgement of the battery got worse.</summary>
    public sealed record LowBattery(DateTimeOffset At, BatteryLevel Level, BatteryReading Battery) : VehicleFact(At);

    /// <summary>Home was set, or moved by more than a metre.</summary>
    public sealed record HomeMoved(DateTimeOffset At, HomeReading Home) : VehicleFact(At);

    /// <summary>MISSION_ITEM_REACHED.</summary>
    /// <param name="At">When.</param>
    /// <param name="Sequence">The item's number on the wire.</param>
    /// <param name="PlanIndex">Its index in the uploaded items; -1 for home.</param>
    public sealed record MissionItemReached(DateTimeOffset At, int Sequence, int PlanIndex) : VehicleFact(At);

    /// <summary>The active item, the number of items or the mission's state changed.</summary>
    public sealed record MissionProgress(DateTimeOffset At, MissionReading Mission) : VehicleFact(At);

    /// <summary>The mission came to its end.</summary>
    public sealed record MissionCompleted(DateTimeOffset At) : VehicleFact(At);

    /// <summary>The vehicle left its fence.</summary>
    public sealed record FenceBreached(DateTimeOffset At, FenceBreach Type) : VehicleFact(At);

    /// <summary>The vehicle is inside its fence again.</summary>
    public sealed record FenceCleared(DateTimeOffset At) : VehicleFact(At);

    /// <summary>The autopilot acts on a failure by itself (link, battery, estimator).</summary>
    public sealed record FailsafeEntered(DateTimeOffset At, string Text) : VehicleFact(At);

    /// <summary>The autopilot says that the cause of a failsafe is gone. Its mode stays what the failsafe made it.</summary>
    public sealed record FailsafeCleared(DateTimeOffset At, string Text) : VehicleFact(At);

    /// <summary>A status text, put together from its chunks.</summary>
    /// <param name="At">When its last chunk was received.</param>
    /// <param name="Severity">Severity.</param>
    /// <param name="Text">The text; "…" stands for a chunk that went missing.</param>
    /// <param name="ComponentId">Which component said it.</param>
    public sealed record TextReceived(DateTimeOffset At, MavSeverity Severity, string Text, byte ComponentId) : VehicleFact(At);

    /// <summary>A command is under way (IN_PROGRESS); its conclusion follows.</summary>
    public sealed record CommandProgressed(DateTimeOffset At, int Ticket, CommandOutcome.InProgress Outcome) : VehicleFact(At);

    /// <summary>A command ended. Exactly one for each ticket.</summary>
    public sealed record CommandConcluded(DateTimeOffset At, int Ticket, VehicleCommand Command, CommandOutcome Outcome) : VehicleFact(At);

    /// <summary>An acknowledgement came after its command had been concluded as unknown.</summary>
    public sealed record CommandAnsweredLate(DateTimeOffset At, int Ticket, MavCmd Command, MavResult Result) : VehicleFact(At);

    /// <summary>A plan transfer ended. Exactly one for each ticket.</summary>
    public sealed record PlanTransferConcluded(DateTimeOffset At, int Ticket, PlanKind Kind, PlanTransferResult Result) : VehicleFact(At);

    /// <summary>Named parameters were read; null stands for one that the vehicle does not have (or did not answer for).</summary>
    public sealed record ParametersRead(DateTimeOffset At, int Ticket, IReadOnlyDictionary<string, ParameterValue?> Values) : VehicleFact(At);

    /// <summary>A parameter was set, or not.</summary>
    public sealed record ParameterSet(DateTimeOffset At, int Ticket, string Name, ParameterSetResult Result) : VehicleFact(At);

    /// <summary>The failsafe parameters were audited.</summary>
    public sealed record FailsafesAudited(DateTimeOffset At, FailsafeReport Report) : VehicleFact(At);

    /// <summary>The autopilot or a camera told of a video stream, or of a change to one.</summary>
    public sealed record VideoStreamFound(DateTimeOffset At, VideoStreamReading Stream) : VehicleFact(At);

    /// <summary>What stands in the way of a take-off changed.</summary>
    public sealed record ReadinessChanged(DateTimeOffset At, Readiness From, Readiness To) : VehicleFact(At);
}
