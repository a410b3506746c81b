using System.Buffers.Binary;
using DroneOps.Mavlink;

namespace DroneOps.Links.FlightLog;

/// <summary>How a log is kept.</summary>
public sealed record TlogWriterOptions
{
    /// <summary>Records are handed to the file at the latest after this time, measured by their own stamps.</summary>
    public TimeSpan FlushAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether signatures are left out, so that a log that is handed on cannot help to guess a key.</summary>
    public bool StripsSignatures { get; init; }
}

/// <summary>Appends to a telemetry log. Each record is written whole, so a crash can tear only the last one, which a
/// reader skips. Owned by one loop.</summary>
public sealed class TlogWriter : IDisposable
{
    private const int StampLength = 8;
    private const int Capacity = 64 * 1024;
    private const long SentByUsBits = 3;

    private readonly Stream _stream;
    private readonly TlogWriterOptions _options;
    private readonly byte[] _buffer = new byte[Capacity];
    private int _count;
    private int _waiting;
    private DateTimeOffset _oldest;

    /// <summary>Appends to a stream, which the writer disposes.</summary>
    public TlogWriter(Stream stream, TlogWriterOptions options)
    {
        _stream = stream;
        _options = options;
    }

    /// <summary>Records appended.</summary>
    public long Records { get; private set; }

    /// <summary>Records that the file has taken.</summary>
    public long Written { get; private set; }

    /// <summary>Opens a file to append to.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static TlogWriter Append(string path, TlogWriterOptions options) =>
        new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0), options);

    /// <summary>Appends one record.</summary>
    /// <param name="stamp">When the frame was received or sent; kept to four microseconds, because the lowest two bits say
    /// who sent it.</param>
    /// <param name="sentByUs">Whether the ground sent it.</param>
    /// <param name="frame">One whole frame.</param>
    /// <exception cref="ArgumentException">The frame is empty or longer than a frame can be, or the stamp is before 1970.</exception>
    /// <exception cref="IOException">The file could not be written; records since the last flush may be lost.</exception>
    public void Append(DateTimeOffset stamp, bool sentByUs, ReadOnlySpan<byte> frame)
    {
        if (frame.Length is 0 or > MavlinkFrame.MaxLength)
            throw new ArgumentException("A record holds exactly one frame.", nameof(frame));
        var us = (stamp - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        ArgumentOutOfRangeException.ThrowIfNegative(us, nameof(stamp));
        if (_count + StampLength + frame.Length > _buffer.Length)
            Flush();
        if (_count == 0)
            _oldest = stamp;

        BinaryPrimitives.WriteInt64BigEndian(_buffer.AsSpan(_count), (us & ~SentByUsBits) | (sentByUs ? SentByUsBits : 0));
        _count += StampLength;
        var length = frame.Length;
        frame.CopyTo(_buffer.AsSpan(_count));
        if (_options.StripsSignatures)
            length = StripSignature(_buffer.AsSpan(_count, length));
        _count += length;
        _waiting++;
        Records++;
        if ((stamp - _oldest).Duration() >= _options.FlushAfter)
            Flush();
    }

    /// <summary>Hands what is buffered to the file. What the file does not take is given up: a part of it may lie there already, and it is not
    /// written twice.</summary>
    /// <exception cref="IOException">The file could not be written.</exception>
    public void Flush()
    {
        if (_count == 0)
            return;
        var (count, records) = (_count, _waiting);
        (_count, _waiting) = (0, 0);
        _stream.Write(_buffer, 0, count);
        _stream.Flush();
        Written += records;
    }

    /// <summary>Hands what is buffered to the file and the file to the disk: what is written now survives a power failure.</summary>
    /// <exception cref="IOException">The file could not be written.</exception>
    public void FlushToDisk()
    {
        Flush();
        if (_stream is FileStream file)
            file.Flush(flushToDisk: true);
    }

    /// <summary>Flushes and closes.</summary>
    public void Dispose()
    {
        try
        {
            Flush();
        }
        finally
        {
            _stream.Dispose();
        }
    }

    /// <summary>Takes the signature off a frame in place: the flag is cleared, the block cut, the checksum put right.</summary>
    /// <returns>The new length.</returns>
    private static int StripSignature(Span<byte> frame)
    {
        const int Header = 10;
        const int FlagOffset = 2;
        const int ChecksumLength = 2;
        if (frame.Length < Header || frame[0] != MavlinkFrame.Magic2 || (frame[FlagOffset] & MavlinkFrame.SignedFlag) == 0)
            return frame.Length;
        var end = Header + frame[1];
        if (frame.Length != end + ChecksumLength + MavlinkFrame.SignatureLength)
            return frame.Length;

        // A CRC is linear: what one flipped bit does to it depends on its place alone, not on the other bytes. So the
        // checksum can be put right without CRC_EXTRA, of messages too that no dialect here knows.
        Span<byte> flipped = stackalloc byte[Header + byte.MaxValue];
        flipped.Clear();
        flipped[FlagOffset] = MavlinkFrame.SignedFlag;
        var change = Crc16.Accumulate(Crc16.Accumulate(0, flipped[1..end]), 0);
        frame[FlagOffset] &= unchecked((byte)~MavlinkFrame.SignedFlag);
        var checksum = BinaryPrimitives.ReadUInt16LittleEndian(frame[end..]);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[end..], (ushort)(checksum ^ change));
        return end + ChecksumLength;
    }
}
