using System.Buffers;
using DroneOps.Media;

namespace DroneOps.Server.Video.Recording;

/// <summary>Writes one recording of one stream, from its order to its end. Owner: its own loop; what it has written is in its folder.</summary>
/// <remarks>Pictures are written in parts and each part is made durable before the next, so that a kill costs what waits: one part, and what came while
/// it was written. A disk that does not take more ends the recording, never the service; what is complete stays and is closed.</remarks>
internal sealed partial class StreamRecorder(RecordingFolder folder, LiveStream stream, RecordingOptions options, RecordingBook book, DiskRoom room, TimeProvider time, ILogger<StreamRecorder> logger)
{
    /// <summary>Pictures that wait for the disk: ten seconds at 25 a second. A disk that is slower than that costs pictures, and the gap says so.</summary>
    private const int Capacity = 250;

    /// <summary>A part is written early when it has so much, which no camera gives in half a second.</summary>
    private const long MostPartBytes = 16 * 1024 * 1024;
    private const int MostPartPictures = 256;

    /// <summary>By how much the source's ticks may go ahead of the arrival between two pictures before its clock counts as jumped; or stay behind it, where the
    /// source says that something broke. Ticks that go on unbroken while the arrival is late are a link that stalled, and gives everything at once.</summary>
    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(2);

    private readonly ArrayBufferWriter<byte> _part = new(1024 * 1024);
    private readonly GapWatch _gaps = new(folder.Identity.StartedAt);
    private readonly TimeSpan _partLength = TimeSpan.FromMilliseconds(options.PartMs);
    private readonly TimeSpan _segmentLength = TimeSpan.FromSeconds(options.SegmentS);
    private SegmentFile? _segment;
    private VideoFormat? _lastFormat;
    private long _lastDts;
    private DateTimeOffset _lastReceived;
    private GapReason? _waitsForKey;
    private int _number = folder.Segments;

    /// <summary>A segment is closed, or the recording. Handlers return at once.</summary>
    public event Action<RecordingFolder>? Progressed;

    /// <summary>Records until cancelled, until the stream ends, or until the disk takes no more.</summary>
    /// <param name="stoppedBy">Who ended it, asked at the end.</param>
    /// <returns>Null when it ended as it should, or what the disk did.</returns>
    public async Task<GapReason?> RunAsync(Func<string> stoppedBy, CancellationToken stop)
    {
        GapReason? trouble = null;
        try
        {
            using var viewer = stream.Watch(Capacity);
            trouble = await RecordAsync(viewer, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped.
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            LogFailed(problem, stream.Id);
            trouble = room.HasRoom ? GapReason.WriteFailed : GapReason.DiskFull;
        }
        catch
        {
            // Nothing that we know of; whoever finishes the recording needs its file.
            Leave();
            throw;
        }

        try
        {
            return await EndAsync(trouble, stoppedBy()) ?? trouble;
        }
        finally
        {
            Leave();
        }
    }

    private async Task<GapReason?> RecordAsync(Viewer viewer, CancellationToken stop)
    {
        await using var pictures = viewer.ReadAsync(stop).GetAsyncEnumerator(stop);
        while (true)
        {
            var next = pictures.MoveNextAsync();
            if (!await (next.IsCompleted ? next : ComesAsync(viewer, pictures, next.AsTask())))
                return null;
            using var picture = pictures.Current;
            if (!await TakeAsync(picture, viewer.Dropped))
                return GapReason.DiskFull;
        }
    }

    /// <summary>Waits for a picture; while none comes, those that wait are written.</summary>
    private async ValueTask<bool> ComesAsync(Viewer viewer, IAsyncEnumerator<Picture> pictures, Task<bool> next)
    {
        while (true)
        {
            try
            {
                return await next.WaitAsync(_partLength, time);
            }
            catch (TimeoutException)
            {
                try
                {
                    Write(_segment, null);
                }
                catch
                {
                    // Whoever is still asked for a picture cannot be disposed of: it answers first, that nothing comes any more.
                    viewer.Dispose();
                    await Task.WhenAny(next);
                    if (next.IsCompletedSuccessfully && await next)
                        pictures.Current.Dispose();
                    throw;
                }
            }
        }
    }

    private async ValueTask<bool> TakeAsync(Picture picture, long dropped)
    {
        if (_segment is not null)
        {
            if (IsJump(picture))
                await BreakAsync(GapReason.ClockJumped);
            else if (!ReferenceEquals(picture.Format, _lastFormat))
                await BreakAsync(GapReason.FormatChanged);
            else if (picture.IsKey && _segment.At(picture.Dts) - _segment.From >= _segmentLength)
                await CloseSegmentAsync(picture.Dts);
        }

        if (_segment is null)
        {
            if (!picture.IsKey)
                return true;
            if (!room.HasRoom)
                return false;
            if (_waitsForKey is { } reason)
                _gaps.Missing(picture.CapturedAt ?? picture.ReceivedAt, reason);
            _waitsForKey = null;
            _segment = SegmentFile.Create(folder.FileOf(RecordingFolder.FileName(_number + 1)), ++_number, picture, _part);
        }
        else if (picture.IsKey || _segment.WaitingUntil(picture) >= _partLength || _segment.Waiting >= MostPartPictures || _segment.WaitingBytes >= MostPartBytes)
        {
            // Asked for each part: the room that is left belongs to the audit log.
            if (!room.HasRoom)
                return false;

            // Each group begins a part, so that clips can be cut between parts.
            Write(_segment, picture.Dts);
        }

        var usual = TimeSpan.FromTicks(Math.Clamp(picture.Dts - _lastDts, Picture.Clock / 120, Picture.Clock / 5) * TimeSpan.TicksPerSecond / Picture.Clock);
        _segment.Add(picture);
        _gaps.Recorded(picture, _segment.At(picture.Dts), usual, dropped);
        (_lastDts, _lastReceived, _lastFormat) = (picture.Dts, picture.ReceivedAt, picture.Format);
        return true;
    }

    private bool IsJump(Picture picture)
    {
        var ticks = picture.Dts - _lastDts;
        var ahead = TimeSpan.FromSeconds((double)ticks / Picture.Clock) - (picture.ReceivedAt - _lastReceived);
        return ticks < 0 || ahead > Jump || (picture.IsDiscontinuous && -ahead > Jump);
    }

    private async Task BreakAsync(GapReason reason)
    {
        await CloseSegmentAsync(null);
        _waitsForKey = reason;
    }

    private async Task CloseSegmentAsync(long? nextDts)
    {
        var segment = _segment!;
        Write(segment, nextDts);
        await EnterAsync(segment);
        segment.Dispose();
        _segment = null;
    }

    private void Write(SegmentFile? segment, long? nextDts)
    {
        if (segment is null)
            return;
        segment.Write(nextDts);
        folder.Growing = new(segment.To - segment.From, segment.Bytes);
    }

    private async Task EnterAsync(SegmentFile segment)
    {
        // From here on it is in the ledger, and counted there.
        folder.Growing = null;
        var statement = new SegmentStatement(
            segment.Number, RecordingFolder.FileName(segment.Number), segment.From, segment.To, segment.Bytes, segment.Format.CodecString, segment.Format.Width, segment.Format.Height,
            segment.ClockOffsetMs, RestBytes: 0, _gaps.Found);

        // Not to be cancelled: what is written is to be entered, whatever ends the recording.
        await book.CloseSegmentAsync(folder, statement, segment.Hash(), CancellationToken.None);

        // Only now: a statement that could not be entered is made once more, with the same gaps.
        _gaps.Take();
        Progressed?.Invoke(folder);
    }

    /// <summary>Closes what is open.</summary>
    /// <returns>What the disk did meanwhile; then the recording stays open and is finished when there is room again, or at the next start.</returns>
    private async Task<GapReason?> EndAsync(GapReason? trouble, string stoppedBy)
    {
        var now = time.GetUtcNow();
        try
        {
            if (_segment is { } segment)
            {
                if (trouble is null)
                {
                    Write(segment, null);
                }
                else
                {
                    segment.CutBack();
                    _gaps.CutBack(segment.To);
                }

                await EnterAsync(segment);
            }

            if (trouble is { } reason)
                _gaps.Missing(now, reason);
            _gaps.End(now);
            await book.CloseAsync(folder, new(now, stoppedBy, folder.Segments, _gaps.Take()) { TrackSha256 = folder.SealTrack() }, CancellationToken.None);
            Progressed?.Invoke(folder);
            return null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            LogNotClosed(problem, stream.Id);
            return room.HasRoom ? GapReason.WriteFailed : GapReason.DiskFull;
        }
    }

    private void Leave()
    {
        _segment?.Dispose();
        _segment = null;
        folder.Growing = null;
    }

    [LoggerMessage(LogLevel.Error, "The recording of {Stream} ends: the disk takes no more")]
    private partial void LogFailed(Exception problem, string stream);

    [LoggerMessage(LogLevel.Error, "The recording of {Stream} could not be closed; that is done when the disk works again")]
    private partial void LogNotClosed(Exception problem, string stream);
}
