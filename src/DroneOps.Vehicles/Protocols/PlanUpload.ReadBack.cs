using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles.Protocols;

/// <content>After the upload: reading back, comparing, and what follows from it.</content>
internal sealed partial class PlanUpload
{
    private PlanTransferResult? _outcome;

    private void ReadBack()
    {
        _stage = Stage.ReadingBack;
        _readBack = new(_talk, _type, afterUpload: true);
    }

    private void TickReadBack()
    {
        if (_readBack is not { } readBack)
            return;
        readBack.Tick();
        if (!readBack.HasEnded)
            return;
        if (readBack.Items is { } found)
            Judge(found);
        else if (readBack.IsBusy && _lastSeq >= 0 && _refusal is null && ++_finalWaits < MostFinalWaits)
            Resume();
        else
            Settle(Unread(readBack));
    }

    /// <summary>The vehicle refuses to be read because it still waits for items: the last one goes out again.</summary>
    private void Resume()
    {
        _readBack = null;
        _stage = Stage.Sending;
        SendItem(_lastSeq);
        _progressAt = _talk.Now;
    }

    private void Judge(IReadOnlyList<MissionItemInt> found)
    {
        var difference = PlanComparison.FirstDifference(_kind, _wire, found, _homeFirst);
        if (difference < 0)
        {
            Settle(new PlanTransferResult.Verified(_items));
            return;
        }

        var onBoard = PlanProtocol.FromWire(found, _homeFirst).Items;
        if (_refusal is { } refusal)
        {
            Settle(new PlanTransferResult.Rejected(refusal.Type, Text: null, onBoard));
            return;
        }

        var differs = difference >= found.Count
            ? $"only {found.Count} of {_wire.Length} items are on board"
            : $"item {difference} on board is another one";
        Settle(new PlanTransferResult.Failed(_trouble is null ? differs : $"{_trouble}; {differs}", onBoard));
    }

    private PlanTransferResult Unread(PlanDownload readBack)
    {
        if (_accepted)
            return new PlanTransferResult.Accepted(_items);
        if (_refusal is { } refusal)
            return new PlanTransferResult.Rejected(refusal.Type, Text: null, OnBoard: null);
        var why = readBack.Reason ?? $"the vehicle refused to be read ({readBack.Refusal})";
        return new PlanTransferResult.Failed(_trouble is null ? why : $"{_trouble}; {why}", OnBoard: null);
    }

    private void Settle(PlanTransferResult result)
    {
        _readBack = null;
        _stage = Stage.Settling;
        _outcome = result;
        TickSettling();
    }

    private void TickSettling()
    {
        // The reasons for a refusal come just after it; a fence takes a moment to come alive.
        var patience = _refusal is not null ? _talk.Options.ReasonWindow : _kind == PlanKind.Fence ? FenceSettles : TimeSpan.Zero;
        if (_outcome is not { } outcome || _talk.Now - _settledAt < patience)
            return;
        _stage = Stage.Ended;
        Result = outcome is PlanTransferResult.Rejected rejected && _refusal is { } refusal
            ? rejected with { Text = _talk.TextsAround(refusal.At) }
            : outcome;
    }
}
