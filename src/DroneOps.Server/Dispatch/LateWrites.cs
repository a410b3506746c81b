using DroneOps.Server.Cluster;
using DroneOps.Server.Storage;

namespace DroneOps.Server.Dispatch;

/// <summary>Writes what happened to the drones of incidents, in the order in which it happened to each: what the store does not take now is kept,
/// with all that follows it, and tried again until it is taken.</summary>
/// <remarks>Owner of what is late. A write takes the time of its event along, so that the time axis says when a drone arrived and not when the
/// database was back. Drones do not wait for each other: what the store refuses of one holds up nothing of another.</remarks>
internal sealed partial class LateWrites(Quiescence quiescence, TimeProvider time, ILogger<LateWrites> logger) : BellLoop(quiescence, time, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan)
{
    /// <summary>From one try to the next.</summary>
    public static readonly TimeSpan AgainEvery = TimeSpan.FromSeconds(2);

    /// <summary>What is kept of one drone at most; a flight has about ten.</summary>
    public const int Most = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Late> _late = new(StringComparer.Ordinal);

    /// <summary>Writes now, or after what is late of the same drone. Returns when it is written or kept.</summary>
    /// <param name="vehicleId">Of which drone.</param>
    /// <param name="write">What to do: again from its begin when it failed.</param>
    public async Task WriteAsync(string vehicleId, Func<CancellationToken, Task> write, CancellationToken cancellation)
    {
        Late late;
        lock (_gate)
        {
            if (_late.TryGetValue(vehicleId, out var before))
            {
                if (before.Writes.Count < Most)
                    before.Writes.Enqueue(write);
                else
                    LogDropped(vehicleId, Most);
                return;
            }

            _late[vehicleId] = late = new(new([write])) { IsInHand = true };
        }

        await CatchUpAsync(vehicleId, late, cancellation);
    }

    protected override async Task LookAsync(CancellationToken cancellation)
    {
        List<KeyValuePair<string, Late>> due;
        lock (_gate)
        {
            due = [.. _late.Where(one => !one.Value.IsInHand)];
            foreach (var (_, late) in due)
                late.IsInHand = true;
        }

        foreach (var (vehicleId, late) in due)
            await CatchUpAsync(vehicleId, late, cancellation);
    }

    /// <summary>One at a time for each drone: whoever calls it has taken it in hand.</summary>
    private async Task CatchUpAsync(string vehicleId, Late late, CancellationToken cancellation)
    {
        try
        {
            while (Next(vehicleId, late) is { } write)
            {
                await write(cancellation);
                lock (_gate)
                    late.Writes.Dequeue();
            }
        }
        catch (Exception error) when (Outage.Is(error))
        {
            LogLate(error, vehicleId);
            RingAfter(AgainEvery);
        }
        finally
        {
            lock (_gate)
                late.IsInHand = false;
        }
    }

    private Func<CancellationToken, Task>? Next(string vehicleId, Late late)
    {
        lock (_gate)
        {
            if (late.Writes.TryPeek(out var write))
                return write;
            _late.Remove(vehicleId);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What happened to vehicle {VehicleId} at its incident could not be written now; it is kept and tried again")]
    private partial void LogLate(Exception error, string vehicleId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Vehicle {VehicleId} has {Most} changes that could not be written yet; what happens to it now is lost")]
    private partial void LogDropped(string vehicleId, int most);

    private sealed class Late(Queue<Func<CancellationToken, Task>> writes)
    {
        public Queue<Func<CancellationToken, Task>> Writes => writes;

        /// <summary>Whether somebody writes it at the moment.</summary>
        public bool IsInHand { get; set; }
    }
}
