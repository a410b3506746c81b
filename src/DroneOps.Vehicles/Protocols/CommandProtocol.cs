using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles.Protocols;

/// <summary>Sends commands and finds out how they ended (MAVLink command protocol). It departs from the guide's "must be re-sent" on purpose: what
/// changes the vehicle's state is sent once. An acknowledgement is matched to its command and to us; acknowledgements come in the order
/// of the commands, so with two of one kind the older is answered first.</summary>
internal sealed partial class CommandProtocol(Conversation talk)
{
    private const int MostRunning = 32;
    private static readonly TimeSpan RetryRefusedAfter = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LateAnswersFor = TimeSpan.FromSeconds(60);

    private readonly List<RunningCommand> _running = [];
    private readonly List<Orphan> _orphans = [];

    /// <summary>A sent command that nobody waits for any more.</summary>
    /// <param name="Ticket">Its ticket; 0 for a repeated sending.</param>
    /// <param name="Command">Its command.</param>
    /// <param name="FirstUntil">Until then the next acknowledgement is taken for its own, even if a newer command waits.</param>
    /// <param name="Until">Until then a late acknowledgement is reported.</param>
    private readonly record struct Orphan(int Ticket, MavCmd Command, DateTimeOffset FirstUntil, DateTimeOffset Until);

    /// <summary>Begins a command for the owner.</summary>
    public int Begin(VehicleCommand command)
    {
        var ticket = talk.NextTicket();
        var refusal = Check(command);
        if (refusal is null)
        {
            var plan = talk.Autopilot.Plan(command, talk.State);
            refusal = plan.Refusal ?? CheckDuplicates(command, plan);
            if (refusal is null)
            {
                if (command.Class == CommandClass.SafeStop)
                    Supersede(command);
                Run(new(ticket, command, plan.Steps, ended: null));
                return ticket;
            }
        }

        talk.Tell(new VehicleFact.CommandConcluded(talk.Now, ticket, command, refusal));
        return ticket;
    }

    /// <summary>Begins a query of our own, also while the vehicle's identity is in doubt.</summary>
    /// <returns>False where too much is under way.</returns>
    public bool TryQuery(VehicleCommand query, Action<CommandOutcome> ended)
    {
        if (_running.Count >= MostRunning || talk.Options.ListenOnly)
            return false;
        var plan = talk.Autopilot.Plan(query, talk.State);
        if (plan.Refusal is not null)
            return false;
        Run(new(ticket: 0, query, plan.Steps, ended));
        return true;
    }

    public void OnAck(in CommandAck ack, DateTimeOffset at)
    {
        if (!talk.IsForUs(ack.TargetSystem, ack.TargetComponent) || AnswersOrphan(ack, mustBeFirst: true))
            return;
        var command = ack.Command;
        var running = _running.Find(r => r.AwaitsAck && r.Step.Command == command);
        if (running is null)
            AnswersOrphan(ack, mustBeFirst: false);
        else
            OnAck(running, ack, at);
    }

    public void Tick()
    {
        var now = talk.Now;
        for (var i = _running.Count - 1; i >= 0; i--)
        {
            if (i < _running.Count)
                Tick(_running[i], now);
        }

        for (var i = _orphans.Count - 1; i >= 0; i--)
        {
            if (_orphans[i].Until <= now)
                _orphans.RemoveAt(i);
        }
    }

    /// <summary>A message was taken to be sent.</summary>
    public void OnSent(int sendId)
    {
        if (_running.Find(r => r.SendId == sendId) is not { } running)
            return;
        running.Sent++;
        running.AnySent = true;
        running.LastSentAt = talk.Now;
    }

    /// <summary>A message that was taken went by several ways.</summary>
    public void OnSentCopies(int sendId, int copies)
    {
        if (_running.Find(r => r.SendId == sendId) is { } running)
            running.Copies += copies - 1;
    }

    /// <summary>A message that was taken could not be sent after all, or was not taken in time.</summary>
    public void OnNotSent(int sendId, NotSentReason reason, bool wasTaken)
    {
        if (_running.Find(r => r.SendId == sendId) is not { } running)
            return;
        if (wasTaken && running.Sent > 0)
            running.Sent--;
        running.NotSent = reason;
        if (running.Class == CommandClass.StateChanging)
            Conclude(running, new CommandOutcome.NotSent(reason, running.Step.Name + " was not sent"));
    }

    private CommandOutcome.NotSent? Check(VehicleCommand command)
    {
        if (talk.Obstacle() is { } obstacle)
            return new(obstacle.Reason, obstacle.Note);
        return _running.Count >= MostRunning && command.Class != CommandClass.SafeStop
            ? new(NotSentReason.QueueFull, "too many commands wait for their answers")
            : null;
    }

    private CommandOutcome.NotSent? CheckDuplicates(VehicleCommand command, in CommandPlan plan)
    {
        // Requests for different messages may run side by side: they are told apart by their order.
        if (command is VehicleCommand.RequestMessage or VehicleCommand.SetMessageInterval)
            return null;
        foreach (var running in _running)
        {
            var same = running.Command.GetType() == command.GetType();
            var supersedes = command.Class == CommandClass.SafeStop && !same && Steers(running.Command);
            if (supersedes)
                continue;
            if (same || running.Step.Command == plan.Steps[0].Command || (Steers(command) && Steers(running.Command)))
                return new(NotSentReason.Duplicate, running.Step.Name + " still waits for its answer");
        }

        return null;
    }

    /// <summary>Whether a command decides where the vehicle goes: of those only one at a time is under way.</summary>
    private static bool Steers(VehicleCommand command) => command is VehicleCommand.Arm or VehicleCommand.Disarm or VehicleCommand.Takeoff
        or VehicleCommand.Land or VehicleCommand.ReturnToLaunch or VehicleCommand.Hold or VehicleCommand.GoTo
        or VehicleCommand.SetMode or VehicleCommand.StartMission or VehicleCommand.PauseMission
        or VehicleCommand.ContinueMission or VehicleCommand.Orbit or VehicleCommand.Reboot;

    /// <summary>A safe stop ends whatever else was about to steer: its further steps are not sent.</summary>
    private void Supersede(VehicleCommand stop)
    {
        foreach (var running in _running.FindAll(r => Steers(r.Command)))
        {
            if (!running.AnySent)
                Conclude(running, new CommandOutcome.NotSent(NotSentReason.Superseded, "a safe stop came first"));
            else
                Conclude(running, Unanswered(running, $"superseded by {stop.GetType().Name}") with { IsSuperseded = true });
        }
    }

    private void Run(RunningCommand running)
    {
        _running.Add(running);
        Begin(running);
    }

    /// <summary>Begins the step that the command has come to, passing over those whose effect shows already.</summary>
    private void Begin(RunningCommand running)
    {
        while (running.Step.OnlyIfMissing && running.Step.Effect.Shows(talk.State))
        {
            if (!running.MoveOn())
            {
                Conclude(running, new CommandOutcome.Accepted());
                return;
            }
        }

        // Between two steps the link can go, or a second vehicle appear.
        if (running.Ticket != 0 && running.AnySent && talk.Obstacle() is { } obstacle)
        {
            Conclude(running, new CommandOutcome.NotSent(obstacle.Reason, $"{running.Step.Name} was not sent: {obstacle.Note}"));
            return;
        }

        var options = talk.Options;
        running.Deadline = talk.Now + running.Class switch
        {
            CommandClass.StateChanging => options.StateChangingDeadline,
            CommandClass.SafeStop => options.SafeStopDeadline,
            _ => options.QueryTimeout * options.QueryTries,
        };
        Send(running);
    }

    private void Send(RunningCommand running)
    {
        var options = talk.Options;
        running.Tries++;
        running.NextTryAt = running.Class switch
        {
            CommandClass.StateChanging => DateTimeOffset.MaxValue,
            CommandClass.SafeStop => talk.Now + (options.SafeStopDeadline / options.SafeStopTries),
            _ => talk.Now + options.QueryTimeout,
        };
        running.SendId = talk.NextSendId();
        if (talk.Outbox.TryAdd(running, talk))
            return;
        running.NotSent = NotSentReason.QueueFull;
        if (running.Class == CommandClass.StateChanging)
            Conclude(running, new CommandOutcome.NotSent(NotSentReason.QueueFull, running.Step.Name + " was not sent: too much waits to be sent"));
    }

    private int TriesOf(RunningCommand running) => running.Class switch
    {
        CommandClass.StateChanging => 1,
        CommandClass.SafeStop => talk.Options.SafeStopTries,
        _ => talk.Options.QueryTries,
    };
}
