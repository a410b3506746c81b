using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles;

/// <summary>Why a command did not leave.</summary>
public enum NotSentReason
{
    /// <summary>The vehicle was never heard, or its link is lost.</summary>
    LinkLost,

    /// <summary>Two pieces of hardware share the system id.</summary>
    IdentityConflict,

    /// <summary>The same command still waits for its answer.</summary>
    Duplicate,

    /// <summary>Too much waits to be sent.</summary>
    QueueFull,

    /// <summary>It was not sent before its deadline.</summary>
    Expired,

    /// <summary>This autopilot has no way to do it.</summary>
    NotSupported,

    /// <summary>The vehicle's state rules it out (take-off in the air, reboot while armed).</summary>
    WrongState,

    /// <summary>Its values make no sense (a speed of zero, a height with an unusable datum).</summary>
    BadValue,

    /// <summary>A safe stop came first.</summary>
    Superseded,
}

/// <summary>How a command ended. A closed family.</summary>
public abstract record CommandOutcome
{
    private CommandOutcome()
    {
    }

    /// <summary>The autopilot took the command: "valid and will be attempted", not "done".</summary>
    public sealed record Accepted : CommandOutcome;

    /// <summary>The autopilot works on it. Never a conclusion by itself, see <see cref="VehicleFact.CommandProgressed"/>.</summary>
    /// <param name="ProgressPercent">0..100; null where not told.</param>
    public sealed record InProgress(int? ProgressPercent) : CommandOutcome;

    /// <summary>The autopilot refused.</summary>
    /// <param name="Result">Its result.</param>
    /// <param name="Step">The step that was refused, as in "arm".</param>
    /// <param name="Reason">Its status texts around the refusal, joined; null where it said nothing.</param>
    /// <param name="ResultParam2">Its result_param2.</param>
    public sealed record Rejected(MavResult Result, string Step, string? Reason, int ResultParam2) : CommandOutcome;

    /// <summary>It was sent and not answered (or answered, and its effect did not show): nobody knows whether it works. It is not sent again;
    /// telemetry will tell.</summary>
    /// <param name="Step">The step that went unanswered.</param>
    /// <param name="EffectSeen">Telemetry shows by now what the command asked for.</param>
    /// <param name="Note">What is known besides.</param>
    public sealed record Unknown(string Step, bool EffectSeen, string Note) : CommandOutcome
    {
        /// <summary>A safe stop came before the answer.</summary>
        public bool IsSuperseded { get; init; }
    }

    /// <summary>It was certainly not sent.</summary>
    /// <param name="Reason">Why, from a closed set.</param>
    /// <param name="Note">Why, in words.</param>
    public sealed record NotSent(NotSentReason Reason, string Note) : CommandOutcome;
}
