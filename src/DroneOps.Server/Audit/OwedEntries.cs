using System.Collections.Concurrent;

namespace DroneOps.Server.Audit;

/// <summary>Entries of what is done even when the log has no room: a vehicle can always be held, landed and brought home, whatever else is down.
/// They are kept here, said to the program's own log at once, and entered as soon as there is room, in order and marked as late.</summary>
/// <remarks>Only for what makes a flight safer. Everything else waits for its entry. A service that is killed meanwhile loses what it owes; the
/// program's own log has it still.</remarks>
internal sealed partial class OwedEntries(AuditLog log, TimeProvider time, ILogger<OwedEntries> logger) : BackgroundService
{
    /// <summary>More than people can order in hours; beyond it the oldest are left to the program's own log.</summary>
    private const int Most = 10_000;

    private static readonly TimeSpan TryEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<(AuditEntry Entry, DateTimeOffset At)> _owed = new();

    /// <summary>How many wait for room.</summary>
    public int Count => _owed.Count;

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
        _owed.Enqueue((entry, time.GetUtcNow()));
        while (_owed.Count > Most && _owed.TryDequeue(out _))
        {
            // Bounded, whatever happens.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(TryEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await PayAsync();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await PayAsync();
        }
    }

    private async Task PayAsync()
    {
        try
        {
            while (_owed.TryPeek(out var owed))
            {
                await log.AppendAsync(owed.Entry with { Details = new { doneAt = owed.At, late = true, details = owed.Entry.Details } }, CancellationToken.None);
                _owed.TryDequeue(out _);
            }
        }
        catch (AuditFullException)
        {
            // Still no room.
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "Done without an entry in the audit log, which has no room; it will be entered late: {Actor} {Action} {Subject} {Details}")]
    private partial void LogOwed(string actor, string action, string subject, object? details);
}
