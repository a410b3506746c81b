using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles.Protocols;

/// <content>Acknowledgements, deadlines and conclusions.</content>
internal sealed partial class CommandProtocol
{
    private void OnAck(RunningCommand running, in CommandAck ack, DateTimeOffset at)
    {
        switch (ack.Result)
        {
            case MavResult.Accepted:
                running.Acks++;
                running.AcceptedAt = at;
                if (!running.Step.NeedsEffect || running.Step.Effect.Shows(talk.State))
                    MoveOn(running);
                return;

            case MavResult.InProgress:
                // It is never sent again from here on: a copy would be refused, or start the work anew.
                running.InProgress = true;
                running.Deadline = talk.Now + talk.Options.InProgressDeadline;
                if (running.Ticket != 0)
                {
                    int? percent = ack.Progress <= 100 && ack.Progress > 0 ? ack.Progress : null;
                    talk.Tell(new VehicleFact.CommandProgressed(at, running.Ticket, new(percent)));
                }

                return;

            case MavResult.TemporarilyRejected when running.Class != CommandClass.StateChanging && running.Tries < TriesOf(running):
                running.Acks++;
                running.Passing = (ack, at);
                return;

            case not MavResult.Accepted when running.Step.RefusalMayPass && talk.Now + RetryRefusedAfter < running.Deadline:
                running.Acks++;
                running.Passing = (ack, at);
                running.NextTryAt = talk.Now + RetryRefusedAfter;
                return;

            case not MavResult.Accepted when running.Step.Otherwise is { } other:
                AbandonCopies(running, ack: true);
                running.Restart(other);
                Begin(running);
                return;

            default:
                running.Acks++;
                // The texts that say why come just before or just after.
                running.Refusal = (ack, at);
                return;
        }
    }

    private void Tick(RunningCommand running, DateTimeOffset now)
    {
        if (running.Refusal is { } refusal)
        {
            if (now - refusal.At > talk.Options.ReasonWindow)
                Conclude(running, Rejected(running, refusal));
            return;
        }

        var effectShows = running.Step.Effect.Shows(talk.State);
        if (running.AcceptedAt is { } acceptedAt)
        {
            if (effectShows)
                MoveOn(running);
            else if (now - acceptedAt > talk.Options.EffectDeadline)
                Conclude(running, new CommandOutcome.Unknown(running.Step.Name, EffectSeen: false, "accepted, but telemetry does not show it"));
            return;
        }

        if (running.Step is { NeedsEffect: true, OnlyIfMissing: true } && running.Sent > 0 && effectShows)
        {
            // A preparation whose acknowledgement was lost: what it prepares is there.
            MoveOn(running);
            return;
        }

        if (now >= running.Deadline)
        {
            ConcludeAtDeadline(running);
            return;
        }

        var mayTry = running.Step.RefusalMayPass || running.Tries < TriesOf(running);
        if (!running.InProgress && mayTry && now >= running.NextTryAt)
            Send(running);
    }

    private void ConcludeAtDeadline(RunningCommand running)
    {
        if (running.Passing is { } passing && running.Acks >= running.Sent)
            Conclude(running, Rejected(running, passing));
        else if (running.Sent == 0)
            Conclude(running, new CommandOutcome.NotSent(running.NotSent ?? NotSentReason.Expired, running.Step.Name + " was not sent in time"));
        else if (running.InProgress)
            Conclude(running, Unanswered(running, "it was begun, and nothing was heard of its end"));
        else
            Conclude(running, Unanswered(running, running.Sent == 1 ? "no answer" : $"no answer to {running.Sent} tries"));
    }

    /// <summary>The effect of a step that only prepares is not what was asked for.</summary>
    private CommandOutcome.Unknown Unanswered(RunningCommand running, string note) =>
        new(running.Step.Name, running.IsAtLastStep && running.Step.Effect.Shows(talk.State), note);

    private CommandOutcome.Rejected Rejected(RunningCommand running, (CommandAck Ack, DateTimeOffset At) refusal) =>
        new(refusal.Ack.Result, running.Step.Name, talk.TextsAround(refusal.At), refusal.Ack.ResultParam2);

    private void MoveOn(RunningCommand running)
    {
        AbandonCopies(running, ack: running.AcceptedAt is not null);
        if (running.MoveOn())
            Begin(running);
        else
            Conclude(running, new CommandOutcome.Accepted());
    }

    private void Conclude(RunningCommand running, CommandOutcome outcome)
    {
        if (!_running.Remove(running))
            return;
        if (outcome is CommandOutcome.Unknown && running.AwaitsAck)
        {
            // A command that was cut short is still answered within its own deadline, before a newer one of the same kind.
            var firstUntil = running.Deadline > talk.Now ? running.Deadline : default;
            _orphans.Add(new(running.Ticket, running.Step.Command, firstUntil, talk.Now + LateAnswersFor));
        }

        if (running.Ended is { } ended)
            ended(outcome);
        else
            talk.Tell(new VehicleFact.CommandConcluded(talk.Now, running.Ticket, running.Command, outcome));
    }

    /// <summary>Sendings of a step that were not answered yet when it ended will be: those answers are not for the next command.</summary>
    private void AbandonCopies(RunningCommand running, bool ack)
    {
        var answered = running.Acks + (ack && running.Acks == 0 ? 1 : 0);
        for (var i = answered; i < running.Sent + running.Copies; i++)
        {
            var until = running.LastSentAt + talk.Options.QueryTimeout;
            _orphans.Add(new(Ticket: 0, running.Step.Command, until, until));
        }
    }

    private bool AnswersOrphan(in CommandAck ack, bool mustBeFirst)
    {
        var command = ack.Command;
        var now = talk.Now;
        var index = _orphans.FindIndex(o => o.Command == command && (!mustBeFirst || now < o.FirstUntil));
        if (index < 0)
            return false;
        var orphan = _orphans[index];
        if (ack.Result != MavResult.InProgress)
            _orphans.RemoveAt(index);
        if (orphan.Ticket != 0)
            talk.Tell(new VehicleFact.CommandAnsweredLate(talk.Now, orphan.Ticket, command, ack.Result));
        return true;
    }
}
