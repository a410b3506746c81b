using System.Globalization;
using DroneOps.Links.FlightLog;
using DroneOps.Server.Storage;

namespace DroneOps.Server.Fleet;

/// <summary>Keeps every frame that a vehicle sent: one telemetry log per vehicle and day (UTC) under <c>flightlog/</c>, readable by every
/// ground station and by <c>droneops replay</c>. Signatures are left out, so that a copy handed on cannot help to guess a key.</summary>
/// <remarks>Owner: its own loop, the only reader of its tap. What waits is bounded, and a slow disk costs the oldest frames, counted, never
/// the flight. A kill loses what was not flushed, one second at most, and a torn last record, which readers skip.</remarks>
internal sealed partial class FlightRecorder(MessageTap tap, DataFolder data, ILogger<FlightRecorder> logger) : BackgroundService
{
    private readonly MessageTap.Subscriber _frames = tap.Subscribe();
    private readonly Dictionary<string, (DateOnly Day, TlogWriter Writer)> _open = new(StringComparer.Ordinal);

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
                    Write(tapped);
                }
                catch (IOException error)
                {
                    // The next frame tries to open the file again; flying goes on.
                    Close(tapped.VehicleId);
                    LogNotWritten(error, tapped.VehicleId);
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
            foreach (var id in _open.Keys.ToList())
                Close(id);
        }
    }

    private void Write(MessageTap.Tapped tapped)
    {
        var day = DateOnly.FromDateTime(tapped.Frame.ReceivedAt.UtcDateTime);
        if (!_open.TryGetValue(tapped.VehicleId, out var log) || log.Day != day)
        {
            Close(tapped.VehicleId);
            _open[tapped.VehicleId] = log = (day, TlogWriter.Append(FileOf(data, tapped.VehicleId, day), new TlogWriterOptions { StripsSignatures = true }));
        }

        log.Writer.Append(tapped.Frame.ReceivedAt, sentByUs: false, tapped.Frame.Bytes.Span);
    }

    private static string FileOf(DataFolder data, string vehicleId, DateOnly day) =>
        Path.Combine(data.Sub("flightlog"), string.Create(CultureInfo.InvariantCulture, $"{vehicleId}-{day:yyyyMMdd}.tlog"));

    private void Close(string vehicleId)
    {
        if (_open.Remove(vehicleId, out var log))
            log.Writer.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The flight log of vehicle {VehicleId} could not be written")]
    private partial void LogNotWritten(Exception error, string vehicleId);
}
