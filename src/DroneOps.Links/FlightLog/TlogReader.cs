using System.Buffers.Binary;
using DroneOps.Mavlink;

namespace DroneOps.Links.FlightLog;

/// <summary>Reads a telemetry log (.tlog): each record is a stamp of eight bytes, big-endian microseconds since 1970, and
/// one frame. Streams through a fixed buffer; whatever the bytes are, it goes on to the next record that is whole.</summary>
/// <remarks>Damage is skipped and counted, never an exception. A record is believed if its frame is intact and its stamp
/// within three days of the one before. A stamp that jumps further is believed only if the next record confirms it: then
/// the clock was set, otherwise the stamp is damaged and its record is left out.</remarks>
public sealed class TlogReader
{
    private const int StampLength = 8;
    private const int LongestRecord = StampLength + MavlinkFrame.MaxLength;
    private const int Capacity = 64 * 1024;
    private const ulong SentByUsBits = 3;
    private const ulong LargestJumpUs = 3UL * 24 * 3600 * 1_000_000;
    private const ulong LatestUs = 253_402_300_799_999_999; // 9999-12-31, the last that DateTimeOffset can say

    private readonly Stream _stream;
    private readonly MessageCatalog _catalog;
    private readonly byte[] _buffer = new byte[Capacity];
    private int _start;
    private int _end;
    private bool _isAtEnd;
    private bool _isInGap;
    private ulong? _lastUs;
    private TlogReport _report;

    /// <summary>Starts at the stream's position. The stream stays the caller's to dispose.</summary>
    public TlogReader(Stream stream, MessageCatalog catalog)
    {
        _stream = stream;
        _catalog = catalog;
    }

    /// <summary>What was come across so far.</summary>
    public TlogReport Report => _report;

    /// <summary>Goes to the next record.</summary>
    /// <returns>False at the end of the log.</returns>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public bool TryRead(out TlogRecord record)
    {
        // Two records at a time are looked at, because a stamp may need its successor to confirm it.
        while (Fill(2 * LongestRecord) && _end - _start > StampLength)
        {
            var bytes = _buffer.AsSpan(_start, _end - _start);
            if (TryFrame(bytes, out var frame, out var isCut))
            {
                var us = BinaryPrimitives.ReadUInt64BigEndian(bytes);
                var length = StampLength + frame.Bytes.Length;
                switch (Judge(us, bytes[length..], frame.IsKnown))
                {
                    case Verdict.Believed:
                        _start += length;
                        _lastUs = us;
                        _isInGap = false;
                        _report = _report with { Records = _report.Records + 1 };
                        record = new(StampOf(us), (us & SentByUsBits) == SentByUsBits, frame);
                        return true;
                    case Verdict.BadStamp:
                        _start += length;
                        _report = _report with { BadStamps = _report.BadStamps + 1, SkippedBytes = _report.SkippedBytes + length };
                        continue;
                    default:
                        break;
                }
            }
            else if (isCut)
            {
                break;
            }

            Skip(bytes);
        }

        if (_end > _start)
        {
            _report = _report with { SkippedBytes = _report.SkippedBytes + (_end - _start), IsTorn = true };
            _start = _end;
        }

        record = default;
        return false;
    }

    private enum Verdict
    {
        Believed,
        BadStamp,
        NoRecord,
    }

    private Verdict Judge(ulong us, ReadOnlySpan<byte> following, bool isKnown)
    {
        if (us <= LatestUs && IsNear(us, _lastUs ?? us))
        {
            // The very first stamp, and one behind garbage, has nothing before it to be held against.
            return (_lastUs is not null && !_isInGap) || isKnown ? Verdict.Believed : Verdict.NoRecord;
        }

        if (!isKnown)
            return Verdict.NoRecord;
        if (us > LatestUs || !TryStamp(following, out var next) || !IsNear(us, next))
            return Verdict.BadStamp;
        _report = _report with { ClockJumps = _report.ClockJumps + 1 };
        return Verdict.Believed;
    }

    private static bool IsNear(ulong a, ulong b) => (a > b ? a - b : b - a) <= LargestJumpUs;

    private static DateTimeOffset StampOf(ulong us) =>
        DateTimeOffset.UnixEpoch.AddTicks((long)(us & ~SentByUsBits) * TimeSpan.TicksPerMicrosecond);

    private bool TryStamp(ReadOnlySpan<byte> record, out ulong us)
    {
        us = 0;
        if (record.Length <= StampLength || !TryFrame(record, out _, out _))
            return false;
        us = BinaryPrimitives.ReadUInt64BigEndian(record);
        return us <= LatestUs;
    }

    private bool TryFrame(ReadOnlySpan<byte> record, out MavlinkFrame frame, out bool isCut)
    {
        var rest = record[StampLength..];
        var length = ClaimedLength(rest);
        isCut = length > rest.Length && _isAtEnd && !ContainsRecord(record);
        frame = default;
        if (length == 0 || length > rest.Length)
            return false;
        // The scanner gets this candidate alone: a frame further on is the next step's.
        FrameScanner scanner = new(rest[..length], _catalog, isFinal: false);
        return scanner.TryRead(out frame) && frame.Bytes.Length == length;
    }

    /// <summary>How long the frame that begins here says it is; 0 where none begins, the longest where that is cut off.</summary>
    private static int ClaimedLength(ReadOnlySpan<byte> bytes)
    {
        const int Overhead1 = 8;
        const int Overhead2 = 12;
        return bytes switch
        {
            [MavlinkFrame.Magic1, var payload, ..] => Overhead1 + payload,
            [MavlinkFrame.Magic2, var payload, var flags, ..] =>
                Overhead2 + payload + ((flags & MavlinkFrame.SignedFlag) != 0 ? MavlinkFrame.SignatureLength : 0),
            [MavlinkFrame.Magic1 or MavlinkFrame.Magic2, ..] => MavlinkFrame.MaxLength,
            _ => 0,
        };
    }

    // At the end of the log an incomplete frame is a torn record, unless an intact one hides behind a damaged length.
    private bool ContainsRecord(ReadOnlySpan<byte> record)
    {
        FrameScanner scanner = new(record[(StampLength + 1)..], _catalog, isFinal: true);
        while (scanner.TryRead(out var frame))
        {
            if (frame.IsKnown)
                return true;
        }

        return false;
    }

    // Goes on to the next byte that could begin a record: the one eight bytes before a magic.
    private void Skip(ReadOnlySpan<byte> bytes)
    {
        var next = bytes[(StampLength + 1)..].IndexOfAny(MavlinkFrame.Magic1, MavlinkFrame.Magic2);
        var skipped = next >= 0 ? next + 1 : bytes.Length - StampLength;
        _start += skipped;
        if (!_isInGap)
            _report = _report with { Gaps = _report.Gaps + 1 };
        _isInGap = true;
        _report = _report with { SkippedBytes = _report.SkippedBytes + skipped };
    }

    private bool Fill(int wanted)
    {
        if (_end - _start >= wanted || _isAtEnd)
            return true;
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        while (_end < wanted && !_isAtEnd)
        {
            var count = _stream.Read(_buffer, _end, _buffer.Length - _end);
            _end += count;
            _isAtEnd = count == 0;
        }

        return true;
    }
}
