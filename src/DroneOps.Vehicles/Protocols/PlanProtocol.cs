using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles.Protocols;

/// <summary>Plan transfers of one vehicle: one at a time, the others wait in a bounded queue. A message that belongs to no transfer in work (a
/// late item, an acknowledgement for another station) is ignored.</summary>
internal sealed class PlanProtocol(Conversation talk)
{
    private readonly Queue<Job> _waiting = new();
    private Job? _job;
    private PlanUpload? _upload;
    private PlanDownload? _download;

    /// <summary>Whether a transfer is in work or waits.</summary>
    public bool IsBusy => _job is not null || _waiting.Count > 0;

    private sealed record Job(int Ticket, PlanKind Kind, IReadOnlyList<MissionItemInt>? Items);

    public static MavMissionType TypeOf(PlanKind kind) => kind switch
    {
        PlanKind.Fence => MavMissionType.Fence,
        PlanKind.Rally => MavMissionType.Rally,
        _ => MavMissionType.Mission,
    };

    /// <summary>From wire numbering to the caller's: home is taken off.</summary>
    public static (IReadOnlyList<MissionItemInt> Items, MissionItemInt? Home) FromWire(IReadOnlyList<MissionItemInt> wire, bool homeFirst)
    {
        if (!homeFirst || wire.Count == 0)
            return (wire, null);
        var items = new MissionItemInt[wire.Count - 1];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = wire[i + 1];
            items[i].Seq = (ushort)i;
        }

        return (items, wire[0]);
    }

    public int BeginUpload(PlanKind kind, IReadOnlyList<MissionItemInt> items)
    {
        if (items.Count >= ushort.MaxValue)
            return Refuse(kind, NotSentReason.BadValue, $"{items.Count} items cannot be numbered");
        // An item takes effect as it lands in the autopilot's storage: a mission in flight would jump in the middle of the upload.
        if (kind == PlanKind.Mission && talk.State is { Armed: true, InAir: true } && talk.State.Mode == "AUTO")
            return Refuse(kind, NotSentReason.WrongState, "the vehicle flies its mission: let it hold first");
        return Add(kind, [.. items]);
    }

    public int BeginDownload(PlanKind kind) => Add(kind, items: null);

    public void Cancel(int ticket)
    {
        if (_job?.Ticket == ticket)
        {
            _upload?.Cancel();
            Conclude(new PlanTransferResult.Cancelled(HadBegun: true));
            return;
        }

        var kept = _waiting.Where(j => j.Ticket != ticket).ToList();
        if (kept.Count == _waiting.Count)
            return;
        var job = _waiting.First(j => j.Ticket == ticket);
        _waiting.Clear();
        kept.ForEach(_waiting.Enqueue);
        talk.Tell(new VehicleFact.PlanTransferConcluded(talk.Now, ticket, job.Kind, new PlanTransferResult.Cancelled(HadBegun: false)));
    }

    public void OnRequest(int seq, byte targetSystem, byte targetComponent, MavMissionType type)
    {
        if (talk.IsForUs(targetSystem, targetComponent))
            _upload?.OnRequest(seq, type);
    }

    public void OnAck(in MissionAck ack, DateTimeOffset at)
    {
        if (!talk.IsForUs(ack.TargetSystem, ack.TargetComponent))
            return;
        _upload?.OnAck(ack, at);
        _download?.OnAck(ack);
        EndIfDone();
    }

    public void OnCount(in MissionCount message)
    {
        if (!talk.IsForUs(message.TargetSystem, message.TargetComponent))
            return;
        _upload?.OnCount(message);
        _download?.OnCount(message);
        EndIfDone();
    }

    public void OnItem(in MissionItemInt item)
    {
        if (!talk.IsForUs(item.TargetSystem, item.TargetComponent))
            return;
        _upload?.OnItem(item);
        _download?.OnItem(item);
        EndIfDone();
    }

    public void OnItem(in MissionItem item)
    {
        if (!talk.IsForUs(item.TargetSystem, item.TargetComponent))
            return;
        _upload?.OnItem(item);
        _download?.OnItem(item);
        EndIfDone();
    }

    public void Tick()
    {
        BeginNext();
        _upload?.Tick();
        _download?.Tick();
        EndIfDone();
    }

    private int Add(PlanKind kind, IReadOnlyList<MissionItemInt>? items)
    {
        if (talk.Obstacle() is { } obstacle)
            return Refuse(kind, obstacle.Reason, obstacle.Note);
        if (_waiting.Count >= talk.Options.PlanQueueCapacity)
            return Refuse(kind, NotSentReason.QueueFull, "too many plan transfers wait");
        var ticket = talk.NextTicket();
        _waiting.Enqueue(new(ticket, kind, items));
        BeginNext();
        return ticket;
    }

    private int Refuse(PlanKind kind, NotSentReason reason, string note)
    {
        var ticket = talk.NextTicket();
        talk.Tell(new VehicleFact.PlanTransferConcluded(talk.Now, ticket, kind, new PlanTransferResult.NotStarted(reason, note)));
        return ticket;
    }

    private void BeginNext()
    {
        if (_job is not null || !_waiting.TryDequeue(out _job))
            return;
        if (_job.Items is { } items)
            _upload = new(talk, _job.Kind, items);
        else
            _download = new(talk, TypeOf(_job.Kind), afterUpload: false);
    }

    private void EndIfDone()
    {
        if (_upload?.Result is { } result)
            Conclude(result);
        else if (_download is { HasEnded: true } download)
            Conclude(ResultOf(download));
    }

    private PlanTransferResult ResultOf(PlanDownload download)
    {
        if (download.Refusal is { } refusal)
            return new PlanTransferResult.Rejected(refusal, talk.TextsAround(talk.Now), OnBoard: null);
        if (download.Items is not { } items)
            return new PlanTransferResult.Failed(download.Reason ?? "broken off", OnBoard: null);
        var (plan, home) = FromWire(items, _job!.Kind == PlanKind.Mission && talk.Autopilot.HomeIsItemZero);
        return new PlanTransferResult.Downloaded(plan, home);
    }

    private void Conclude(PlanTransferResult result)
    {
        var job = _job!;
        _job = null;
        _upload = null;
        _download = null;
        talk.Tell(new VehicleFact.PlanTransferConcluded(talk.Now, job.Ticket, job.Kind, result));
        BeginNext();
    }
}
