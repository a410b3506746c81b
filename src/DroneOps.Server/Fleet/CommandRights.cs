using DroneOps.Vehicles;

namespace DroneOps.Server.Fleet;

/// <summary>Who commands, and on what ground.</summary>
/// <param name="Actor">As the audit log writes it.</param>
/// <param name="MayFly">Whether the actor's role may fly (a dispatcher's may not).</param>
/// <param name="AssignmentId">The task on whose behalf the service acts, or null for a person's own command.</param>
internal sealed record Commander(string Actor, bool MayFly, string? AssignmentId)
{
    /// <summary>Why the vehicle is launched and by whose leave; null where the command launches none, or its task says it.</summary>
    public LaunchGrounds? Grounds { get; init; }

    /// <summary>How many safe stops the vehicle had been ordered when this was decided: after another one it is not sent any more, and a stop among its steps
    /// counts as none. Null for an order of its own.</summary>
    public int? StopsSeen { get; init; }

    /// <summary>The service, acting for a task.</summary>
    public static Commander For(Assignment assignment) => new(assignment.Holder, false, assignment.Id);
}

/// <summary>Who may command a vehicle. Pure.</summary>
internal static class CommandRights
{
    /// <summary>Why a command is refused, or null when it is allowed.</summary>
    public static CommandRefusal? Check(VehicleCommand command, Commander commander, ControlLease? lease, Assignment? assignment)
    {
        // A vehicle can always be held, landed and brought home: by whoever may fly, and by the task that has it.
        // The dispatcher who has it assigned may do that too, by hand.
        var actsForTask = commander.AssignmentId is { } task && assignment?.Id == task;
        if (command.Class == CommandClass.SafeStop && (commander.MayFly || actsForTask || assignment?.Holder == commander.Actor))
            return null;
        if (lease is not null)
        {
            return lease.Holder == commander.Actor && commander.AssignmentId is null
                ? null
                : new("control-elsewhere", $"{lease.Holder} has control until {lease.ExpiresAt:HH:mm:ss} UTC.");
        }

        if (actsForTask)
            return null;
        if (commander is { AssignmentId: null, MayFly: false })
            return new("not-allowed", "Your role may not fly; what you have dispatched you may hold, land and bring home.");
        return commander.AssignmentId is not null
            ? new("assignment-lost", "The task does not have this vehicle any more.")
            : new("control-needed", "Take control of the vehicle first.");
    }
}

/// <summary>Why a command was refused before it reached the vehicle.</summary>
/// <param name="Slug">Stable, for the problem's type.</param>
/// <param name="Detail">For a person.</param>
internal sealed record CommandRefusal(string Slug, string Detail)
{
    /// <summary>Whether it is only not said why the vehicle is to fly: no matter of rights.</summary>
    public bool IsPurposeMissing => Slug == "purpose-required";
}

/// <summary>How a command ended.</summary>
/// <param name="CommandId">Under which it is in the audit log.</param>
/// <param name="Outcome">What the vehicle did with it.</param>
/// <param name="Refusal">Why it was not tried at all, or null.</param>
internal sealed record CommandReceipt(string CommandId, CommandOutcome Outcome, CommandRefusal? Refusal)
{
    /// <summary>Whether the vehicle took it.</summary>
    public bool IsAccepted => Refusal is null && Outcome is CommandOutcome.Accepted;
}
