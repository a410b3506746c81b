using DroneOps.Server.Cluster;
using DroneOps.Server.Storage;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Telemetry;

/// <summary>Writes points in batches: each second, and at once when a batch is full.</summary>
/// <remarks>Owner of the writing: its own loop. Whoever offers a point never waits. What the database does not take goes back into the
/// buffer and is tried again each second as long as there is room; it is said once in the log, and again when it is over.</remarks>
internal sealed partial class TelemetryWriter(
    PointBuffer buffer, PointStore store, TelemetryMetrics metrics, Quiescence quiescence, TimeProvider time, IOptions<TelemetryOptions> options, ILogger<TelemetryWriter> logger)
    : BackgroundService
{
    private readonly Bell _bell = new(quiescence);
    private readonly TelemetryOptions _options = options.Value;
    private ITimer? _timer;
    private long _droppedBefore;
    private volatile Failure? _failure;

    /// <summary>Since when the database takes nothing; null when all is well.</summary>
    public DateTimeOffset? FailingSince => _failure?.Since;

    /// <summary>Takes a point; never waits.</summary>
    public void Offer(TelemetryPoint point)
    {
        // A database that is away is asked once a second and not with every point.
        if (buffer.Add(point) >= _options.BatchLength && _failure is null)
            _bell.Ring();
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        var every = TimeSpan.FromSeconds(_options.FlushEveryS);
        _timer = time.CreateTimer(_ => _bell.Ring(), null, every, every);
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_timer is not null)
            await _timer.DisposeAsync();
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
        if (buffer.Count is > 0 and var left)
            LogLeft(left);
    }

    public override void Dispose()
    {
        _timer?.Dispose();
        _bell.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _bell.AnswerAsync(FlushAsync, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Closing; what waits is written by StopAsync.
        }
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        while (buffer.Take(_options.BatchLength) is { Length: > 0 } batch)
        {
            if (!await WriteAsync(batch, cancellation))
                return;
        }
    }

    private async Task<bool> WriteAsync(TelemetryPoint[] batch, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        try
        {
            await store.WriteAsync(batch, cancellation);
        }
        catch (Exception error)
        {
            buffer.PutBack(batch);
            if (!Outage.Is(error))
                throw;
            metrics.Failed(time.GetElapsedTime(began));
            if (_failure is null)
            {
                _droppedBefore = buffer.Dropped;
                _failure = new Failure(time.GetUtcNow());
                LogNotWritten(error, batch.Length);
            }

            return false;
        }

        metrics.Written(batch.Length, time.GetElapsedTime(began));
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
