using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;
using DroneOps.Vehicles;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Video.Recording;

/// <summary>Starts and ends recordings: with the sortie, or by hand; and finishes at its start what a crash has left open.</summary>
/// <remarks>Owner of which stream is recorded by which recorder. What a person has started, a person ends: what breaks it off before is made good.</remarks>
internal sealed partial class RecordingDesk(
    VideoStreams streams, RecordingShelf shelf, RecordingBook book, DiskRoom room, AuditLog audit, FleetEvents events, VehicleBoard vehicles, RetentionDesk retention, RetentionSchedule schedule,
    Quiescence quiescence, IOptions<RecordingOptions> options,
    TimeProvider time, ILoggerFactory loggers, ILogger<RecordingDesk> logger) : BackgroundService
{
    private readonly Dictionary<string, Run> _running = new(StringComparer.Ordinal);
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
                var pictures = await RecordingRecovery.FinishAsync(open, book, GapReason.ServerStopped, time, cancellationToken);
                LogFinished(open.Identity.Id, open.Identity.StreamId, pictures);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                // A disk that is full now has room later.
                LogUnreadable(problem, open.Path);
                _unfinished.Add((open, GapReason.ServerStopped));
            }
        }

        room.SetUsed(shelf.Bytes);
        OweInterrupted();
        streams.Added += OnStream;
        _timer = time.CreateTimer(_ => _bell.Ring(), null, TimeSpan.Zero, PayEvery);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Begins a recording of a stream; one that runs goes on.</summary>
    /// <param name="by">Who wants it.</param>
    /// <param name="reason">What for, in that person's words.</param>
    /// <returns>The recording; null when the disk has no room for one.</returns>
    public Task<RecordingFolder?> BeginAsync(VideoStream stream, string by, string? reason, CancellationToken cancellation) =>
        BeginAsync(stream, new RecordingOrder(by, reason, WithSortie: false, Resumes: null), cancellation);

    /// <summary>Ends the recording of a stream; when it returns, the recording is closed.</summary>
    /// <returns>The recording; null when there was none.</returns>
    public async Task<RecordingFolder?> EndAsync(string streamId, string by, CancellationToken cancellation)
    {
        Run? running;
        RecordingOrder? owed;

        // Not in the middle of a beginning, which could not be seen here and would go on all the same.
        await _orders.WaitAsync(cancellation);
        try
        {
            lock (_gate)
            {
                running = _running.GetValueOrDefault(streamId);
                running?.EndBy(by);
                _owed.Remove(streamId, out owed);
                if (_held.Remove(streamId, out var held))
                    owed ??= held;
            }
        }
        finally
        {
            _orders.Release();
        }

        if (running is null)
            return owed is { Resumes: { } broken } ? shelf.Find(broken) : null;
        await StopAsync(running, cancellation);
        return running.Folder;
    }

    public override void Dispose()
    {
        streams.Added -= OnStream;
        _timer?.Dispose();
        _subscription.Dispose();
        _bell.Dispose();
        _orders.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(_subscription.ReadAsync(HandleAsync, stoppingToken), _bell.AnswerAsync(PayAsync, stoppingToken));
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
                lock (_gate)
                    _armed.Add(happened.VehicleId);
                foreach (var stream in streams.Of(happened.VehicleId))
                    await OweAndBeginAsync(stream, WithSortie(null), cancellation);
                break;
            case FleetEvent.Observed { Fact: VehicleFact.Disarmed }:
                lock (_gate)
                    _armed.Remove(happened.VehicleId);
                foreach (var stream in streams.Of(happened.VehicleId).Where(IsWithSortie))
                    await EndAsync(stream.Id, Actors.System, cancellation);
                break;
            case FleetEvent.AssignmentTaken { Assignment: { Kind: AssignmentKind.Incident } incident }:
                foreach (var folder in Running.Where(folder => folder.Identity.VehicleId == happened.VehicleId))
                    await retention.RaiseAsync(folder, schedule.ForIncidents, $"incident/{incident.Id} {incident.Label}", cancellation);
                break;
        }
    }

    /// <summary>What is being recorded.</summary>
    public IReadOnlyList<RecordingFolder> Running
    {
        get
        {
            lock (_gate)
                return [.. _running.Values.Select(running => running.Folder)];
        }
    }

    private bool IsWithSortie(VideoStream stream)
    {
        lock (_gate)
            return (_running.GetValueOrDefault(stream.Id)?.Order ?? _owed.GetValueOrDefault(stream.Id) ?? _held.GetValueOrDefault(stream.Id)) is { WithSortie: true };
    }

    /// <param name="order">What is to be begun; null is what the stream is owed by now.</param>
    private async Task<RecordingFolder?> BeginAsync(VideoStream stream, RecordingOrder? order, CancellationToken cancellation)
    {
        // One at a time: two orders at once must not make two recordings of one stream.
        await _orders.WaitAsync(cancellation);
        try
        {
            while (true)
            {
                Run? present;
                lock (_gate)
                {
                    present = _running.GetValueOrDefault(stream.Id);
                    if (present is { IsEnding: false, Done.IsCompleted: false })
                        return present.Folder;
                    if (present is null or { Done.IsCompleted: true })
                    {
                        order ??= _owed.GetValueOrDefault(stream.Id);
                        if (order is null || Waits(stream.Id, order))
                            return null;
                        break;
                    }
                }

                // One that is being closed takes no more pictures: what is ordered now is another.
                await present.Done.WaitAsync(cancellation);
            }

            var now = time.GetUtcNow();
            var task = vehicles.Find(stream.Settings.VehicleId)?.Assignment;
            var identity = new RecordingIdentity(RecordingIdentity.Current, Guid.CreateVersion7(now), stream.Id, stream.Settings.VehicleId, now, order.By, order.Reason)
            {
                Resumes = order.Resumes,
                Class = task?.Kind == AssignmentKind.Incident ? schedule.ForIncidents : schedule.Usual,
                Task = task is null ? null : $"{task.Kind.ToString().ToLowerInvariant()}/{task.Id}",
                TaskLabel = task?.Label,
            };
            var hasRoom = room.HasRoom;
            await audit.AppendAsync(
                new AuditEntry(
                    order.By, hasRoom ? "video.recordingStarted" : "video.recordingRefused", $"recording/{identity.Id}",
                    new { stream = stream.Id, vehicle = identity.VehicleId, order.Reason, order.WithSortie, order.Resumes, identity.Class, identity.Task }),
                cancellation);
            if (hasRoom)
                return Record(stream, identity, order);

            // A person reads the refusal; what is owed stays so, and is recorded from the moment when there is room.
            return null;
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

    private RecordingFolder Record(VideoStream stream, RecordingIdentity identity, RecordingOrder order)
    {
        var folder = RecordingFolder.Create(Path.Combine(shelf.Root, RecordingFolder.Place(identity)), identity);
        shelf.Add(folder);
        var recorder = new StreamRecorder(folder, stream.Live, options.Value, book, room, time, loggers.CreateLogger<StreamRecorder>());
        recorder.Progressed += written => room.Add(written.Lines[^1].Segment?.Bytes ?? 0);
        var running = new Run(folder, order);
        stream.IsRecorded = true;
        lock (_gate)
        {
            running.Done = Task.Run(() => RecordAsync(recorder, stream, running));
            _running[stream.Id] = running;
            _owed.Remove(stream.Id);
        }

        return folder;
    }

    private async Task RecordAsync(StreamRecorder recorder, VideoStream stream, Run running)
    {
        try
        {
            if (await recorder.RunAsync(() => running.StoppedBy, running.Stop.Token) is { } trouble)
            {
                LogBroken(stream.Id, trouble);
                Owe(stream.Id, running, trouble);
            }
        }
        catch (Exception problem)
        {
            // Whatever it is, it does not end a recording without a word, nor the loop of whoever waits for its end.
            LogLost(problem, stream.Id);
            Owe(stream.Id, running, GapReason.WriteFailed);
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

    private static async Task StopAsync(Run running, CancellationToken cancellation)
    {
        await running.Stop.CancelAsync();
        await running.Done.WaitAsync(cancellation);
    }

    [LoggerMessage(LogLevel.Error, "The recording in {Folder} cannot be read; it is left as it is")]
    private partial void LogUnreadable(Exception problem, string folder);

    [LoggerMessage(LogLevel.Warning, "The recording {Recording} of {Stream} was left open by a crash and is closed now; its last file had {Pictures} pictures")]
    private partial void LogFinished(Guid recording, string stream, int pictures);

    [LoggerMessage(LogLevel.Error, "The recording of {Stream} could not be begun")]
    private partial void LogNotBegun(Exception problem, string stream);

    [LoggerMessage(LogLevel.Error, "The recording of {Stream} broke off: {Trouble}")]
    private partial void LogBroken(string stream, GapReason trouble);

    [LoggerMessage(LogLevel.Critical, "The recorder of {Stream} failed; the recording is finished by another")]
    private partial void LogLost(Exception problem, string stream);

    /// <summary>A recording that is being written.</summary>
    private sealed class Run(RecordingFolder folder, RecordingOrder order)
    {
        public RecordingFolder Folder => folder;

        public RecordingOrder Order => order;

        /// <summary>Never disposed of: it has no timer, and whoever ends the recording may come when it has just ended by itself.</summary>
        public CancellationTokenSource Stop { get; } = new();

        public Task Done { get; set; } = Task.CompletedTask;

        /// <summary>Somebody has ended it; it may not be closed yet. Under the gate.</summary>
        public bool IsEnding { get; private set; }

        public string StoppedBy { get; private set; } = Actors.System;

        /// <summary>Says who ends it. Under the gate.</summary>
        public void EndBy(string by) => (IsEnding, StoppedBy) = (true, by);
    }
}
