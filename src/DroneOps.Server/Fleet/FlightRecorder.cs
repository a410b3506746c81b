using System.Collections.Concurrent;
using System.Globalization;
using DroneOps.Links;
using DroneOps.Links.FlightLog;
using DroneOps.Server.Storage;

namespace DroneOps.Server.Fleet;

/// <summary>Keeps every frame that a vehicle sent: one telemetry log per vehicle and day (UTC) under <c>flightlog/</c>, readable by every
/// ground station and by <c>droneops replay</c>. Signatures are left out, so that a copy handed on cannot help to guess a key.</summary>
/// <remarks>Owner: its own loop, the only reader of its tap. What waits is bounded, and a slow disk costs the oldest frames, counted, never
/// the flight. A kill loses what was not flushed, one second at most, and a torn last record, which readers skip. A disk that takes nothing costs
/// the frames of that time: it is said once in the log, and again with what was lost when it is over.</remarks>
internal sealed partial class FlightRecorder(MessageTap tap, DataFolder data, ILogger<FlightRecorder> logger) : BackgroundService
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);
    private static readonly TlogWriterOptions Form = new() { StripsSignatures = true };

    private readonly MessageTap.Subscriber _frames = tap.Subscribe();
    private readonly Dictionary<string, DayLog> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LostFrames> _failing = new(StringComparer.Ordinal);

    /// <summary>What is being lost, of each vehicle whose flight log cannot be written now.</summary>
    public IReadOnlyCollection<LostFrames> Failing => [.. _failing.Values];

    /// <summary>The files in which a vehicle's frames of a span are, whether they exist or not, oldest first.</summary>
    public static IEnumerable<string> FilesOf(DataFolder data, string vehicleId, DateTimeOffset from, DateTimeOffset to)
    {
        var last = DateOnly.FromDateTime(to.UtcDateTime);
        for (var day = DateOnly.FromDateTime(from.UtcDateTime); day <= last; day = day.AddDays(1))
            yield return FileOf(data, vehicleId, day);
    }

    public override void Dispose()
    {
        _frames.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var tapped in _frames.Frames.ReadAllAsync(stoppingToken))
            {
                try
                {
                    Write(tapped.VehicleId, tapped.Frame);
                }
                finally
                {
                    _frames.GiveBack(tapped);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Closing.
        }
        finally
        {
            _frames.Dispose();
            foreach (var id in _open.Keys.ToList())
                Close(id, trouble: null);
        }
    }

    private void Write(string vehicleId, ReceivedFrame frame)
    {
        if (_failing.TryGetValue(vehicleId, out var failing) && frame.ReceivedAt < failing.TryAt)
        {
            _failing[vehicleId] = failing with { Frames = failing.Frames + 1 };
            return;
        }

        var log = LogOf(vehicleId, DateOnly.FromDateTime(frame.ReceivedAt.UtcDateTime));
        try
        {
            log.Append(frame);
            if (log.HasWritten && _failing.TryRemove(vehicleId, out var over))
                LogWrittenAgain(vehicleId, over.Since, over.Frames);
        }
        catch (Exception error) when (IsOfTheDisk(error))
        {
            // A later frame tries to open the file again; flying goes on.
            Close(vehicleId, error);
        }
    }

    private DayLog LogOf(string vehicleId, DateOnly day)
    {
        if (_open.TryGetValue(vehicleId, out var open) && open.Day == day)
            return open;
        Close(vehicleId, trouble: null);
        return _open[vehicleId] = new DayLog(day, () => FileOf(data, vehicleId, day));
    }

    private static string FileOf(DataFolder data, string vehicleId, DateOnly day) =>
        Path.Combine(data.Sub("flightlog"), string.Create(CultureInfo.InvariantCulture, $"{vehicleId}-{day:yyyyMMdd}.tlog"));

    /// <summary>Closes a vehicle's file, which may fail as any writing: one file that cannot be written must not end the recording of all vehicles.</summary>
    private void Close(string vehicleId, Exception? trouble)
    {
        if (!_open.Remove(vehicleId, out var log))
            return;
        try
        {
            log.Dispose();
        }
        catch (Exception error) when (IsOfTheDisk(error))
        {
            trouble ??= error;
        }

        if (trouble is null)
            return;
        var failing = _failing.GetValueOrDefault(vehicleId);
        if (failing is null)
            LogNotWritten(trouble, vehicleId);
        _failing[vehicleId] = new LostFrames(failing?.Since ?? log.LastAt, log.LastAt + TryAgainAfter, (failing?.Frames ?? 0) + log.Unwritten);
    }

    /// <summary>A full disk, one that is gone or fails, a folder that may not be written: what passes, and is no mistake in the code.</summary>
    private static bool IsOfTheDisk(Exception error) => error is IOException or UnauthorizedAccessException;

    [LoggerMessage(Level = LogLevel.Error, Message = "The flight log of vehicle {VehicleId} could not be written; it is tried again each second, and what comes meanwhile is lost to it")]
    private partial void LogNotWritten(Exception error, string vehicleId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The flight log of vehicle {VehicleId} is written again; it was not since {Since:O}, and {Frames} frames were lost")]
    private partial void LogWrittenAgain(string vehicleId, DateTimeOffset since, long frames);

    /// <summary>A time in which a vehicle's frames cannot be written.</summary>
    /// <param name="Since">When the first was not.</param>
    /// <param name="TryAt">Not to be tried again before.</param>
    /// <param name="Frames">How many were lost.</param>
    internal sealed record LostFrames(DateTimeOffset Since, DateTimeOffset TryAt, long Frames);

    /// <summary>A vehicle's file of one day, opened with the first frame.</summary>
    private sealed class DayLog(DateOnly day, Func<string> path) : IDisposable
    {
        private TlogWriter? _writer;
        private long _taken;

        public DateOnly Day => day;

        public DateTimeOffset LastAt { get; private set; }

        public bool HasWritten => _writer is { Written: > 0 };

        /// <summary>Frames that the file does not have.</summary>
        public long Unwritten => _taken - (_writer?.Written ?? 0);

        public void Append(ReceivedFrame frame)
        {
            (LastAt, _taken) = (frame.ReceivedAt, _taken + 1);
            _writer ??= TlogWriter.Append(path(), Form);
            _writer.Append(frame.ReceivedAt, sentByUs: false, frame.Bytes.Span);
        }

        public void Dispose() => _writer?.Dispose();
    }
}
