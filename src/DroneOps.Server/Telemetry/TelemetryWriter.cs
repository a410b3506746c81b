using DroneOps.Server.Cluster;
using DroneOps.Server.Storage;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Telemetry;

/// <summary>Writes points in batches: each second, and at once when a batch is full.</summary>
/// <remarks>Owner of the writing: its own loop. Whoever offers a point never waits. What the database does not take goes back into the
/// buffer and is tried again each second as long as there is room; it is said once in the log, and again when it is over.</remarks>
internal sealed partial class TelemetryWriter(
    PointBuffer buffer, PointStore store, TelemetryMetrics metrics, Quiescence quiescence, TimeProvider time, IOptions<TelemetryOptions> options, ILogger<TelemetryWriter> logger)
    : BellLoop(quiescence, time, TimeSpan.FromSeconds(options.Value.FlushEveryS), TimeSpan.FromSeconds(options.Value.FlushEveryS))
{
    private readonly TelemetryOptions _options = options.Value;
    private long _droppedBefore;
    private volatile Failure? _failure;

    /// <summary>Since when the database takes nothing; null when all is well.</summary>
    public DateTimeOffset? FailingSince => _failure?.Since;

    /// <summary>Takes a point; never waits.</summary>
    public void Offer(TelemetryPoint point)
    {
        // A database that is away is asked once a second and not with every point.
        if (buffer.Add(point) >= _options.BatchLength && _failure is null)
            Ring();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await LookAsync(cancellationToken);
        if (buffer.Count is > 0 and var left)
            LogLeft(left);
    }

    protected override async Task LookAsync(CancellationToken cancellation)
    {
        while (buffer.Take(_options.BatchLength) is { Length: > 0 } batch)
        {
            if (!await WriteAsync(batch, cancellation))
                return;
        }
    }

    private async Task<bool> WriteAsync(TelemetryPoint[] batch, CancellationToken cancellation)
    {
        var began = Time.GetTimestamp();
        try
        {
            await store.WriteAsync(batch, cancellation);
        }
        catch (Exception error)
        {
            buffer.PutBack(batch);
            if (!Outage.Is(error))
                throw;
            metrics.Failed(Time.GetElapsedTime(began));
            if (_failure is null)
            {
                _droppedBefore = buffer.Dropped;
                _failure = new Failure(Time.GetUtcNow());
                LogNotWritten(error, batch.Length);
            }

            return false;
        }

        metrics.Written(batch.Length, Time.GetElapsedTime(began));
        if (_failure is { } over)
        {
            _failure = null;
            LogWrittenAgain(over.Since, buffer.Dropped - _droppedBefore);
        }

        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A batch of {Points} telemetry points could not be written; points wait in memory and are tried again each second")]
    private partial void LogNotWritten(Exception error, int points);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Telemetry is written again; it was not since {Since:O}, and {Dropped} points were lost")]
    private partial void LogWrittenAgain(DateTimeOffset since, long dropped);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Points} telemetry points were not written when the service stopped")]
    private partial void LogLeft(int points);

    /// <summary>A time in which nothing could be written; a reference, so that other threads may look.</summary>
    private sealed record Failure(DateTimeOffset Since);
}
