using System.Collections.Concurrent;
using DroneOps.Server.Cluster;

namespace DroneOps.Server.Audit;

/// <summary>Entries of what is done even when the log has no room: a vehicle can always be held, landed and brought home, whatever else is down.
/// They are kept here, said to the program's own log at once, and entered as soon as there is room, in order and marked as late.</summary>
/// <remarks>Only for what makes a flight safer. Everything else waits for its entry. A service that is killed meanwhile loses what it owes; the
/// program's own log has it still.</remarks>
internal sealed partial class OwedEntries(AuditLog log, Quiescence quiescence, TimeProvider time, ILogger<OwedEntries> logger) : BellLoop(quiescence, time, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan)
{
    /// <summary>More than people can order in hours; beyond it the oldest are left to the program's own log.</summary>
    private const int Most = 10_000;

    private static readonly TimeSpan TryEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<(AuditEntry Entry, DateTimeOffset At)> _owed = new();

    /// <summary>Enters it now, or owes it. Never fails for want of room.</summary>
    public async Task AppendAsync(AuditEntry entry)
    {
        // What is owed comes first: an answer is not entered before its order.
        if (_owed.IsEmpty)
        {
            try
            {
                await log.AppendAsync(entry, CancellationToken.None);
                return;
            }
            catch (AuditFullException)
            {
                // Owed, below.
            }
        }

        LogOwed(entry.Actor, entry.Action, entry.Subject, entry.Details);
        var isFirst = _owed.IsEmpty;
        _owed.Enqueue((entry, Time.GetUtcNow()));
        while (_owed.Count > Most && _owed.TryDequeue(out _))
        {
            // Bounded, whatever happens.
        }

        if (isFirst)
            RingAfter(TryEvery);
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        if (!_owed.IsEmpty)
            RingAfter(TryEvery);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await LookAsync(CancellationToken.None);
    }

    protected override async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            while (_owed.TryPeek(out var owed))
            {
                await log.AppendAsync(owed.Entry with { Details = new { doneAt = owed.At, late = true, details = owed.Entry.Details } }, cancellation);
                _owed.TryDequeue(out _);
            }
        }
        catch (AuditFullException)
        {
            // Still no room.
            RingAfter(TryEvery);
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "Done without an entry in the audit log, which has no room; it will be entered late: {Actor} {Action} {Subject} {Details}")]
    private partial void LogOwed(string actor, string action, string subject, object? details);
}
