using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles.Protocols;

/// <summary>What telemetry shows when a step has worked.</summary>
internal enum EffectKind
{
    None,
    Armed,
    Disarmed,
    Mode,
    FenceOn,
    FenceOff,
}

/// <summary>What telemetry shows when a step has worked, for <see cref="EffectKind.Mode"/> with the mode.</summary>
internal readonly record struct Effect(EffectKind Kind, uint Mode = 0)
{
    public static Effect OfMode(uint mode) => new(EffectKind.Mode, mode);

    public bool Shows(VehicleState state) => Kind switch
    {
        EffectKind.Armed => state.Armed && !state.MotorTest,
        EffectKind.Disarmed => !state.Armed,
        EffectKind.Mode => state.Mode is not null && state.CustomMode == Mode,
        // An autopilot without the geofence bit cannot show it; then its acknowledgement has to do.
        EffectKind.FenceOn => state.Sensors?.Value.FenceEnabled != false,
        EffectKind.FenceOff => state.Sensors?.Value.FenceEnabled != true,
        _ => false,
    };
}

/// <summary>One message of a command.</summary>
/// <param name="Name">In words, for outcomes: "arm".</param>
internal sealed record CommandStep(string Name)
{
    /// <summary>What is sent, unless <see cref="Int"/> is set. The target is filled in on sending.</summary>
    public CommandLong Long { get; init; }

    /// <summary>What is sent where coordinates are in it.</summary>
    public CommandInt? Int { get; init; }

    /// <summary>What telemetry shows when it has worked.</summary>
    public Effect Effect { get; init; }

    /// <summary>The step has ended only when its effect shows: the next one builds on it, or the acknowledgement alone says too little.</summary>
    public bool NeedsEffect { get; init; }

    /// <summary>Nothing is sent where the effect shows already.</summary>
    public bool OnlyIfMissing { get; init; }

    /// <summary>Sent instead when this one is refused.</summary>
    public CommandStep? Otherwise { get; init; }

    /// <summary>A refusal may pass: the step is sent again while its deadline allows.</summary>
    public bool RefusalMayPass { get; init; }

    public MavCmd Command => Int?.Command ?? Long.Command;
}

/// <summary>A command as an autopilot wants it: the steps, or why there are none.</summary>
internal readonly record struct CommandPlan(IReadOnlyList<CommandStep> Steps, CommandOutcome.NotSent? Refusal)
{
    /// <summary>The steps in order; a null stands for one that is not needed now.</summary>
    public static CommandPlan Of(params ReadOnlySpan<CommandStep?> steps)
    {
        List<CommandStep> needed = new(steps.Length);
        foreach (var step in steps)
        {
            if (step is not null)
                needed.Add(step);
        }

        return new(needed, Refusal: null);
    }

    public static CommandPlan Refuse(NotSentReason reason, string note) => new([], new(reason, note));
}
