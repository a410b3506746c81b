using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace DroneOps.Mavlink;

/// <summary>Finds the frames in a run of bytes. A candidate with a wrong checksum costs one byte, not its length: the scan
/// goes on one byte after its magic, so that no intact frame behind a damaged length byte is lost.</summary>
public ref struct FrameScanner
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly MessageCatalog _catalog;
    private readonly bool _isFinal;
    private int _position;
    private FrameCounters _counters;

    /// <summary>Starts at the first byte.</summary>
    /// <param name="bytes">The bytes; frames are views into them.</param>
    /// <param name="catalog">Which messages are known.</param>
    /// <param name="isFinal">Whether no byte follows: true for a datagram or a file, false for part of a stream, where
    /// the scan stops before an incomplete frame.</param>
    public FrameScanner(ReadOnlySpan<byte> bytes, MessageCatalog catalog, bool isFinal)
    {
        _bytes = bytes;
        _catalog = catalog;
        _isFinal = isFinal;
    }

    /// <summary>How many bytes are done with.</summary>
    public readonly int Position => _position;

    /// <summary>What was seen so far.</summary>
    public readonly FrameCounters Counters => _counters;

    /// <summary>Goes to the next frame.</summary>
    /// <returns>False where none is left; <see cref="Position"/> then tells how many bytes were used up.</returns>
    public bool TryRead(out MavlinkFrame frame)
    {
        while (SkipToMagic())
        {
            var rest = _bytes[_position..];
            switch (Examine(rest, out var length, out var id, out var known))
            {
                case Candidate.Frame:
                    if (!known && IntactFrameStartsWithin(rest, length))
                        break;
                    _position += length;
                    if (known)
                        _counters.Frames++;
                    else
                        _counters.UnknownFrames++;
                    frame = new MavlinkFrame(rest[..length], id, known);
                    return true;

                case Candidate.Incomplete when !_isFinal:
                    frame = default;
                    return false;

                case Candidate.Incomplete:
                    _counters.Truncated++;
                    break;

                case Candidate.UnsupportedFlags:
                    _counters.UnsupportedFlags++;
                    break;

                default:
                    _counters.BadChecksums++;
                    break;
            }

            _position++;
            _counters.SkippedBytes++;
        }

        frame = default;
        return false;
    }

    private bool SkipToMagic()
    {
        if (_position < _bytes.Length && _bytes[_position] is MavlinkFrame.Magic2 or MavlinkFrame.Magic1)
            return true;
        var rest = _bytes[_position..];
        var next = rest.IndexOfAny(MavlinkFrame.Magic2, MavlinkFrame.Magic1);
        var skipped = next < 0 ? rest.Length : next;
        _position += skipped;
        _counters.SkippedBytes += skipped;
        return next >= 0;
    }

    private enum Candidate
    {
        Frame,
        Incomplete,
        UnsupportedFlags,
        BadChecksum,
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Candidate Examine(ReadOnlySpan<byte> bytes, out int length, out uint id, out bool known)
    {
        known = false;
        id = 0;
        length = 0;
        int header;
        int frameLength;
        if (bytes[0] == MavlinkFrame.Magic2)
        {
            if (bytes.Length < MavlinkFrame.Header2 + MavlinkFrame.ChecksumLength)
                return Candidate.Incomplete;
            var flags = bytes[2];
            if ((flags & ~MavlinkFrame.SignedFlag) != 0)
                return Candidate.UnsupportedFlags;
            header = MavlinkFrame.Header2;
            id = BinaryPrimitives.ReadUInt32LittleEndian(bytes[6..]) >> 8;
            frameLength = header + bytes[1] + MavlinkFrame.ChecksumLength + (flags != 0 ? MavlinkFrame.SignatureLength : 0);
        }
        else
        {
            if (bytes.Length < MavlinkFrame.Header1 + MavlinkFrame.ChecksumLength)
                return Candidate.Incomplete;
            header = MavlinkFrame.Header1;
            id = bytes[5];
            frameLength = header + bytes[1] + MavlinkFrame.ChecksumLength;
        }

        if (bytes.Length < frameLength)
            return Candidate.Incomplete;
        length = frameLength;
        var facts = _catalog.Framing(id);
        if (!facts.IsKnown)
            return Candidate.Frame;
        known = true;
        var end = header + bytes[1];
        var crc = Crc16.Accumulate(Crc16.Seed, bytes[1..end]);
        crc = Crc16.Accumulate(crc, facts.CrcExtra);
        return crc == BinaryPrimitives.ReadUInt16LittleEndian(bytes[end..]) ? Candidate.Frame : Candidate.BadChecksum;
    }

    /// <summary>A frame of an unknown message has no checksum to be held against, so a damaged byte could pose as one and
    /// swallow its neighbours. It is believed only if no intact known frame begins inside it.</summary>
    private readonly bool IntactFrameStartsWithin(ReadOnlySpan<byte> rest, int length)
    {
        for (var offset = 1; offset < length; offset++)
        {
            var step = rest[offset..length].IndexOfAny(MavlinkFrame.Magic2, MavlinkFrame.Magic1);
            if (step < 0)
                return false;
            offset += step;
            if (Examine(rest[offset..], out _, out _, out var known) == Candidate.Frame && known)
                return true;
        }

        return false;
    }
}
