using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Fleet;
using DroneOps.Vehicles;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Video.Recording;

/// <summary>Starts and ends recordings: with the sortie, or by hand; and finishes at its start what a crash has left open.</summary>
/// <remarks>Owner of which stream is recorded by which recorder. What a person has started, a person ends.</remarks>
internal sealed partial class RecordingDesk(
    VideoStreams streams, RecordingShelf shelf, RecordingBook book, DiskRoom room, AuditLog audit, FleetEvents events, IOptions<RecordingOptions> options, TimeProvider time,
    ILoggerFactory loggers, ILogger<RecordingDesk> logger) : BackgroundService
{
    private readonly Dictionary<string, Running> _running = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _orders = new(1);
    private readonly Lock _gate = new();
    private readonly FleetSubscription _subscription = events.Subscribe("recording");

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        shelf.Fill((folder, problem) => LogUnreadable(problem, folder));
        foreach (var open in shelf.All.Where(folder => !folder.IsClosed))
        {
            try
            {
                var pictures = await RecordingRecovery.FinishAsync(open, book, time, cancellationToken);
                LogFinished(open.Identity.Id, open.Identity.StreamId, pictures);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                LogUnreadable(problem, open.Path);
            }
        }

        room.SetUsed(shelf.Bytes);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Begins a recording of a stream; one that runs goes on.</summary>
    /// <param name="by">Who wants it.</param>
    /// <param name="reason">What for, in that person's words.</param>
    /// <returns>The recording; null when the disk has no room for one.</returns>
    public Task<RecordingFolder?> BeginAsync(VideoStream stream, string by, string? reason, CancellationToken cancellation) => BeginAsync(stream, by, reason, withSortie: false, cancellation);

    /// <summary>Ends the recording of a stream; when it returns, the recording is closed.</summary>
    /// <returns>The recording; null when there was none.</returns>
    public async Task<RecordingFolder?> EndAsync(string streamId, string by, CancellationToken cancellation)
    {
        Running? running;
        lock (_gate)
            running = _running.GetValueOrDefault(streamId);
        if (running is null)
            return null;
        running.StoppedBy = by;
        await running.Stop.CancelAsync();
        await running.Done.WaitAsync(cancellation);
        return running.Folder;
    }

    public override void Dispose()
    {
        _subscription.Dispose();
        _orders.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _subscription.ReadAsync(HandleAsync, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Closing.
        }
        finally
        {
            string[] open;
            lock (_gate)
                open = [.. _running.Keys];
            await Task.WhenAll(open.Select(id => EndAsync(id, Actors.System, CancellationToken.None)));
        }
    }

    private async ValueTask HandleAsync(FleetEvent happened, CancellationToken cancellation)
    {
        switch (happened)
        {
            case FleetEvent.Observed { Fact: VehicleFact.Armed { MotorTest: false } } when options.Value.WithSorties:
                foreach (var stream in streams.Of(happened.VehicleId))
                    await BeginAsync(stream, Actors.System, null, withSortie: true, cancellation);
                break;
            case FleetEvent.Observed { Fact: VehicleFact.Disarmed }:
                foreach (var stream in streams.Of(happened.VehicleId).Where(IsWithSortie))
                    await EndAsync(stream.Id, Actors.System, cancellation);
                break;
        }
    }

    private bool IsWithSortie(VideoStream stream)
    {
        lock (_gate)
            return _running.GetValueOrDefault(stream.Id) is { WithSortie: true };
    }

    private async Task<RecordingFolder?> BeginAsync(VideoStream stream, string by, string? reason, bool withSortie, CancellationToken cancellation)
    {
        // One at a time: two orders at once must not make two recordings of one stream.
        await _orders.WaitAsync(cancellation);
        try
        {
            lock (_gate)
            {
                if (_running.GetValueOrDefault(stream.Id) is { Done.IsCompleted: false } present)
                    return present.Folder;
            }

            var now = time.GetUtcNow();
            var identity = new RecordingIdentity(RecordingIdentity.Current, Guid.CreateVersion7(now), stream.Id, stream.Settings.VehicleId, now, by, reason);
            var hasRoom = room.HasRoom;
            await audit.AppendAsync(
                new AuditEntry(by, hasRoom ? "video.recordingStarted" : "video.recordingRefused", $"recording/{identity.Id}", new { stream = stream.Id, vehicle = identity.VehicleId, reason, withSortie }),
                cancellation);
            return hasRoom ? Run(stream, identity, withSortie) : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            LogNotBegun(problem, stream.Id);
            return null;
        }
        finally
        {
            _orders.Release();
        }
    }

    private RecordingFolder Run(VideoStream stream, RecordingIdentity identity, bool withSortie)
    {
        var folder = RecordingFolder.Create(Path.Combine(shelf.Root, RecordingFolder.Place(identity)), identity);
        shelf.Add(folder);
        var recorder = new StreamRecorder(folder, stream.Live, options.Value, book, room, time, loggers.CreateLogger<StreamRecorder>());
        recorder.Progressed += written => room.Add(written.Lines[^1].Segment?.Bytes ?? 0);
        var running = new Running(folder, withSortie);
        lock (_gate)
            _running[stream.Id] = running;
        stream.IsRecorded = true;
        running.Done = Task.Run(() => RecordAsync(recorder, stream, running));
        return folder;
    }

    private async Task RecordAsync(StreamRecorder recorder, VideoStream stream, Running running)
    {
        using (running.Stop)
        {
            try
            {
                if (await recorder.RunAsync(() => running.StoppedBy, running.Stop.Token) is { } trouble)
                    LogBroken(stream.Id, trouble);
            }
            finally
            {
                stream.IsRecorded = false;
                lock (_gate)
                {
                    if (_running.GetValueOrDefault(stream.Id) == running)
                        _running.Remove(stream.Id);
                }
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "The recording in {Folder} cannot be read; it is left as it is")]
    private partial void LogUnreadable(Exception problem, string folder);

    [LoggerMessage(LogLevel.Warning, "The recording {Recording} of {Stream} was left open by a crash and is closed now; its last file had {Pictures} pictures")]
    private partial void LogFinished(Guid recording, string stream, int pictures);

    [LoggerMessage(LogLevel.Error, "The recording of {Stream} could not be begun")]
    private partial void LogNotBegun(Exception problem, string stream);

    [LoggerMessage(LogLevel.Error, "The recording of {Stream} broke off: {Trouble}")]
    private partial void LogBroken(string stream, GapReason trouble);

    /// <summary>A recording that is being written.</summary>
    private sealed class Running(RecordingFolder folder, bool withSortie)
    {
        public RecordingFolder Folder => folder;

        /// <summary>Begun by an arming, and ended by the disarming.</summary>
        public bool WithSortie => withSortie;

        public CancellationTokenSource Stop { get; } = new();

        public Task Done { get; set; } = Task.CompletedTask;

        public string StoppedBy { get; set; } = Actors.System;
    }
}
