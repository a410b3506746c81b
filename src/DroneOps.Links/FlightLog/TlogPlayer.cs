using DroneOps.Mavlink;

namespace DroneOps.Links.FlightLog;

/// <summary>Plays a recording: hands the vehicle's frames on with the pauses they were recorded with.</summary>
public sealed class TlogPlayer
{
    private readonly MessageCatalog _catalog;
    private readonly TimeProvider _time;
    private readonly double _speed;

    /// <param name="catalog">Which messages are known.</param>
    /// <param name="time">The clock to play by.</param>
    /// <param name="speed">1 as recorded, 10 ten times as fast, positive infinity without any pause.</param>
    /// <exception cref="ArgumentOutOfRangeException">The speed is not above zero.</exception>
    public TlogPlayer(MessageCatalog catalog, TimeProvider time, double speed)
    {
        if (!(speed > 0))
            throw new ArgumentOutOfRangeException(nameof(speed), speed, "A recording is played at a speed above zero.");
        _catalog = catalog;
        _time = time;
        _speed = speed;
    }

    /// <summary>Frames handed on so far.</summary>
    public long Played { get; private set; }

    /// <summary>Plays what vehicles sent to everybody on a link, waiting for each frame's bytes to go out.</summary>
    /// <returns>What reading the recording came across.</returns>
    /// <exception cref="IOException">The recording cannot be read.</exception>
    public Task<TlogReport> PlayAsync(Stream recording, Link link, CancellationToken cancellationToken) =>
        PlayAsync(recording, async (frame, _) => await link.SendRawAsync(frame), cancellationToken);

    /// <summary>Plays what vehicles sent, leaving out what the ground sent.</summary>
    /// <param name="recording">A telemetry log.</param>
    /// <param name="send">Takes one frame, which is valid until its task ends.</param>
    /// <param name="cancellationToken">Stops playing.</param>
    public async Task<TlogReport> PlayAsync(
        Stream recording, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send, CancellationToken cancellationToken)
    {
        TlogReader reader = new(recording, _catalog);
        var frame = new byte[MavlinkFrame.MaxLength];
        var began = _time.GetTimestamp();
        DateTimeOffset? first = null;
        while (TryNext(reader, frame, out var stamp, out var length))
        {
            first ??= stamp;
            var ahead = ((stamp - first.Value) / _speed) - _time.GetElapsedTime(began);
            if (ahead > TimeSpan.Zero)
                await Task.Delay(ahead, _time, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            await send(frame.AsMemory(0, length), cancellationToken);
            Played++;
        }

        return reader.Report;
    }

    private static bool TryNext(TlogReader reader, byte[] frame, out DateTimeOffset stamp, out int length)
    {
        while (reader.TryRead(out var record))
        {
            if (record.SentByUs)
                continue;
            record.Frame.Bytes.CopyTo(frame);
            stamp = record.Stamp;
            length = record.Frame.Bytes.Length;
            return true;
        }

        stamp = default;
        length = 0;
        return false;
    }
}
