using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles;

/// <content>The protocols that ask and answer.</content>
public sealed partial class Vehicle
{
    /// <summary>Begins a command. It ends in exactly one <see cref="VehicleFact.CommandConcluded"/> with this ticket.</summary>
    /// <returns>The ticket, above 0.</returns>
    public int Begin(VehicleCommand command, DateTimeOffset now)
    {
        _talk.Advance(now);
        return _commands.Begin(command);
    }

    /// <summary>Begins an upload. Item numbers are set here, and home is added where the autopilot has it as item 0; an empty list clears
    /// the plan. A mission is not uploaded to a vehicle that flies one: let it hold first. It ends in exactly one
    /// <see cref="VehicleFact.PlanTransferConcluded"/> with this ticket. A fence that was uploaded is not yet in force, see
    /// <see cref="VehicleCommand.EnableFence"/>.</summary>
    /// <param name="kind">Which plan.</param>
    /// <param name="items">The items in order; copied.</param>
    /// <param name="now">Now.</param>
    /// <returns>The ticket, above 0.</returns>
    public int BeginUpload(PlanKind kind, IReadOnlyList<MissionItemInt> items, DateTimeOffset now)
    {
        _talk.Advance(now);
        return _plans.BeginUpload(kind, items);
    }

    /// <summary>Begins a download. It ends in exactly one <see cref="VehicleFact.PlanTransferConcluded"/> with this ticket.</summary>
    /// <returns>The ticket, above 0.</returns>
    public int BeginDownload(PlanKind kind, DateTimeOffset now)
    {
        _talk.Advance(now);
        return _plans.BeginDownload(kind);
    }

    /// <summary>Ends a plan transfer that waits or is in work.</summary>
    public void CancelTransfer(int ticket, DateTimeOffset now)
    {
        _talk.Advance(now);
        _plans.Cancel(ticket);
    }

    /// <summary>Reads parameters by name. It ends in exactly one <see cref="VehicleFact.ParametersRead"/> with this ticket; where nothing could be
    /// sent every value is null.</summary>
    /// <returns>The ticket, above 0.</returns>
    public int BeginReadParameters(IReadOnlyList<string> names, DateTimeOffset now)
    {
        _talk.Advance(now);
        return _parameters.BeginRead(names);
    }

    /// <summary>Sets a parameter and compares the echo. It ends in exactly one <see cref="VehicleFact.ParameterSet"/> with this ticket.</summary>
    /// <returns>The ticket, above 0.</returns>
    public int BeginSetParameter(string name, double value, DateTimeOffset now)
    {
        _talk.Advance(now);
        return _parameters.BeginSet(name, value);
    }

    /// <summary>To be called when a message that was taken could not be sent after all (no link, queue full, too late).</summary>
    public void NotSent(in Outgoing outgoing, NotSentReason reason, DateTimeOffset now)
    {
        _talk.Advance(now);
        if (outgoing.SendId != 0)
            _commands.OnNotSent(outgoing.SendId, reason, wasTaken: true);
    }

    /// <summary>To be called when a message that was taken went by several ways: that many answers may come.</summary>
    public void SentCopies(in Outgoing outgoing, int copies, DateTimeOffset now)
    {
        _talk.Advance(now);
        _commands.OnSentCopies(outgoing.SendId, copies);
    }

    /// <summary>To be called when the vehicle is heard on another link than before: the hardware behind its system id is asked for again.</summary>
    public void LinkAdded(DateTimeOffset now)
    {
        _talk.Advance(now);
        _identity.Ask();
    }

    private void Converse(in MavlinkFrame frame, DateTimeOffset at)
    {
        switch (frame.MessageId)
        {
            case CommandAck.MsgId:
                OnAck(frame.Decode<CommandAck>(), at);
                break;
            case ParamValue.MsgId:
                var parameter = frame.Decode<ParamValue>();
                _parameters.OnValue(parameter, at);
                NoticeChange(parameter);
                break;
            case MissionRequest.MsgId:
                var request = frame.Decode<MissionRequest>();
                _plans.OnRequest(request.Seq, request.TargetSystem, request.TargetComponent, request.MissionType);
                break;
            case MissionRequestInt.MsgId:
                var requestInt = frame.Decode<MissionRequestInt>();
                _plans.OnRequest(requestInt.Seq, requestInt.TargetSystem, requestInt.TargetComponent, requestInt.MissionType);
                break;
            case MissionAck.MsgId:
                _plans.OnAck(frame.Decode<MissionAck>(), at);
                break;
            case MissionCount.MsgId:
                _plans.OnCount(frame.Decode<MissionCount>());
                break;
            case MissionItemInt.MsgId:
                _plans.OnItem(frame.Decode<MissionItemInt>());
                break;
            case MissionItem.MsgId:
                _plans.OnItem(frame.Decode<MissionItem>());
                break;
            case AutopilotVersion.MsgId:
                _identity.OnVersion(frame.Decode<AutopilotVersion>(), at);
                break;
        }
    }

    private void OnAck(in CommandAck ack, DateTimeOffset at)
    {
        // Whoever ordered the motor test: the armed bit that follows is no flight.
        if (ack.Command == MavCmd.DoMotorTest && ack.Result is MavResult.Accepted or MavResult.InProgress)
            _motorTestAt = at;
        _commands.OnAck(ack, at);
    }

    private void TickProtocols()
    {
        var hardware = State.Identity?.HardwareId;
        _identity.Tick();
        if (hardware is not null && State.Identity?.HardwareId != hardware)
            MeetOtherHardware();
        _streams.Tick();
        _parameters.Tick();
        _plans.Tick();
        _commands.Tick();
        if (_streams.IsIdle)
            _videos.Tick(); // the position comes first
        Audit();
    }

    /// <summary>Another aircraft answers at this address from now on: what was read of the first says nothing of it.</summary>
    private void MeetOtherHardware()
    {
        State.Failsafes = null;
        ForgetFailsafes();
        ForgetPack();
    }
}
