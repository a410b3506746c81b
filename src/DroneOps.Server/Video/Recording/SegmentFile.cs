using System.Buffers;
using System.Security.Cryptography;
using DroneOps.Media;
using DroneOps.Media.Mp4;

namespace DroneOps.Server.Video.Recording;

/// <summary>A segment that is being written: an MP4 file that plays alone, begins at time 0 and is hashed as it grows. What is written is whole parts, and
/// each is on the disk before the next. Owner: one recorder.</summary>
internal sealed class SegmentFile : IDisposable
{
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly FragmentMuxer _muxer = new();
    private readonly ArrayBufferWriter<byte> _part;
    private readonly long _firstDts;
    private DateTimeOffset _lastStated;
    private long _lastDts;
    private long _length;

    private SegmentFile(FileStream file, int number, Picture first, ArrayBufferWriter<byte> part)
    {
        _file = file;
        _part = part;
        Number = number;
        Format = first.Format;
        From = first.CapturedAt ?? first.ReceivedAt;
        _firstDts = first.Dts;
    }

    public int Number { get; }

    public VideoFormat Format { get; }

    /// <summary>When its first picture was taken.</summary>
    public DateTimeOffset From { get; }

    /// <summary>Bytes that are on the disk.</summary>
    public long Bytes { get; private set; }

    /// <summary>The end of what is on the disk, by the source's clock.</summary>
    public DateTimeOffset To => From + Span(_length);

    /// <summary>See <see cref="SegmentStatement"/>.</summary>
    public double ClockOffsetMs => Math.Round((_lastStated - At(_lastDts)).TotalMilliseconds, 3);

    /// <summary>Pictures that wait to be written.</summary>
    public int Waiting => _muxer.Count;

    /// <summary>Bytes that wait to be written.</summary>
    public long WaitingBytes => _muxer.Bytes;

    /// <summary>Time from the first picture that waits to a picture to come.</summary>
    public TimeSpan WaitingUntil(Picture next) => _muxer.Count == 0 ? TimeSpan.Zero : Span(next.Dts - _muxer.FirstDts);

    /// <summary>Begins a segment with a key picture, which is still to be added.</summary>
    public static SegmentFile Create(string path, int number, Picture first, ArrayBufferWriter<byte> part)
    {
        var segment = new SegmentFile(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0), number, first, part);
        try
        {
            InitializationSegment.Write(part, first.Format, segment.From);
            segment.WritePart();
            Durable.Folder(Path.GetDirectoryName(path)!);
            return segment;
        }
        catch
        {
            // A file without a picture, which no line of the ledger will name, would make the recording one that cannot be verified.
            segment.Dispose();
            File.Delete(path);
            throw;
        }
    }

    /// <summary>When a picture with that decoding time was taken, by the source's clock.</summary>
    public DateTimeOffset At(long dts) => From + Span(dts - _firstDts);

    public void Add(Picture picture)
    {
        _muxer.Add(picture);
        _lastDts = picture.Dts;
        _lastStated = picture.CapturedAt ?? picture.ReceivedAt;
    }

    /// <summary>Writes the pictures that wait, and makes them durable.</summary>
    /// <param name="nextDts">The decoding time of the next picture, where it is known and its times compare.</param>
    public void Write(long? nextDts)
    {
        _muxer.Flush(_part, nextDts);
        WritePart();
        _length = _muxer.Length;
    }

    /// <summary>After a failure: cuts off what may be half a part. What stands is what <see cref="Bytes"/> and the hash say.</summary>
    public void CutBack()
    {
        _part.ResetWrittenCount();
        _file.SetLength(Bytes);
        _file.Flush(flushToDisk: true);
    }

    /// <summary>The hash of all that is on the disk.</summary>
    public byte[] Hash() => _hash.GetCurrentHash();

    public void Dispose()
    {
        _muxer.Dispose();
        _file.Dispose();
        _hash.Dispose();
        _part.ResetWrittenCount();
    }

    private static TimeSpan Span(long ticks) => TimeSpan.FromTicks(ticks * TimeSpan.TicksPerSecond / Picture.Clock);

    private void WritePart()
    {
        if (_part.WrittenCount == 0)
            return;
        _file.Position = Bytes;
        _file.Write(_part.WrittenSpan);
        _file.Flush(flushToDisk: true);
        _hash.AppendData(_part.WrittenSpan);
        Bytes += _part.WrittenCount;
        _part.ResetWrittenCount();
    }
}
