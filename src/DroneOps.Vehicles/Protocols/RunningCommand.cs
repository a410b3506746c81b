using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles.Protocols;

/// <summary>A command in work: which of its steps waits for what.</summary>
internal sealed class RunningCommand(int ticket, VehicleCommand command, IReadOnlyList<CommandStep> steps, Action<CommandOutcome>? ended)
{
    private int _index;

    /// <summary>0 for a command of our own, which is not told as a fact.</summary>
    public int Ticket { get; } = ticket;

    public VehicleCommand Command { get; } = command;

    public CommandClass Class => Command.Class;

    /// <summary>Told instead of a fact, for a command of our own.</summary>
    public Action<CommandOutcome>? Ended { get; } = ended;

    public CommandStep Step { get; private set; } = steps[0];

    /// <summary>Tries of this step that were put into the outbox.</summary>
    public int Tries { get; set; }

    /// <summary>Tries of this step that were taken to be sent.</summary>
    public int Sent { get; set; }

    /// <summary>Copies of this step's tries that went by a second way and a third: each may be answered, too.</summary>
    public int Copies { get; set; }

    /// <summary>Whether the try in hand repeats a safe stop that was not answered.</summary>
    public bool IsRepeatedStop => Class == CommandClass.SafeStop && Tries > 1;

    /// <summary>Acknowledgements of this step.</summary>
    public int Acks { get; set; }

    /// <summary>Whether anything of any step was sent.</summary>
    public bool AnySent { get; set; }

    public int SendId { get; set; }

    public DateTimeOffset NextTryAt { get; set; }

    public DateTimeOffset Deadline { get; set; }

    public DateTimeOffset LastSentAt { get; set; }

    /// <summary>IN_PROGRESS was answered: from then on it is only waited for.</summary>
    public bool InProgress { get; set; }

    /// <summary>ACCEPTED was answered, and the effect is still to show.</summary>
    public DateTimeOffset? AcceptedAt { get; set; }

    /// <summary>The refusal that waits for its texts.</summary>
    public (CommandAck Ack, DateTimeOffset At)? Refusal { get; set; }

    /// <summary>The last refusal that was taken as passing.</summary>
    public (CommandAck Ack, DateTimeOffset At)? Passing { get; set; }

    /// <summary>Why the last try was not sent.</summary>
    public NotSentReason? NotSent { get; set; }

    /// <summary>Whether an acknowledgement can be meant for it.</summary>
    public bool AwaitsAck => Sent > 0 && AcceptedAt is null && Refusal is null;

    public bool IsAtLastStep => _index == steps.Count - 1;

    public bool MoveOn()
    {
        if (++_index == steps.Count)
            return false;
        Restart(steps[_index]);
        return true;
    }

    public void Restart(CommandStep step)
    {
        Step = step;
        Tries = 0;
        Sent = 0;
        Copies = 0;
        Acks = 0;
        InProgress = false;
        AcceptedAt = null;
        Refusal = null;
        Passing = null;
        NotSent = null;
    }
}
