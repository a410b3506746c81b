using System.Buffers.Binary;
using DroneOps.Media.Klv;

namespace DroneOps.Media.TransportStream;

/// <summary>Hands out one KLV packet: universal key, length, value. The bytes are not to be kept.</summary>
/// <param name="packet">The packet with its key and length.</param>
/// <param name="pts">Its time on the axis of the pictures, ticks of <see cref="Picture.Clock"/>; null when it carries none.</param>
public delegate void MetadataHandler(ReadOnlySpan<byte> packet, long? pts);

/// <summary>Takes KLV packets out of PES packets.</summary>
internal sealed class MetadataReader(MetadataHandler sink)
{
    /// <summary>The longest run of metadata taken; an ST 0601 packet has some hundred bytes.</summary>
    public const int Longest = 64 * 1024 + PesHeader.FixedLength;

    private const int CellHeaderLength = 5;

    private readonly byte[] _cells = new byte[Longest];
    private int _length;
    private bool _isOpen;

    public void Drop() => (_isOpen, _length) = (false, 0);

    public void Read(ReadOnlySpan<byte> payload, MetadataCarriage carriage, long? pts, ref MediaCounters counters)
    {
        if (carriage == MetadataCarriage.Plain)
        {
            Split(payload, pts, ref counters);
            return;
        }

        // Metadata_AU_cell, 2.12.4.2: service, sequence, fragment indication and flags, length.
        while (payload.Length >= CellHeaderLength)
        {
            var (isFirst, isLast) = ((payload[2] & 0x80) != 0, (payload[2] & 0x40) != 0);
            int length = BinaryPrimitives.ReadUInt16BigEndian(payload[3..]);
            payload = payload[CellHeaderLength..];
            if (length > payload.Length)
                break;
            var cell = payload[..length];
            payload = payload[length..];
            if (isFirst && isLast)
                Split(cell, pts, ref counters);
            else if (!Collect(cell, isFirst))
                counters.BadMetadata++;
            else if (isLast)
                SplitCollected(pts, ref counters);
        }

        if (!payload.IsEmpty)
            counters.BadMetadata++;
    }

    private void SplitCollected(long? pts, ref MediaCounters counters)
    {
        Split(_cells.AsSpan(0, _length), pts, ref counters);
        Drop();
    }

    private bool Collect(ReadOnlySpan<byte> cell, bool isFirst)
    {
        if (isFirst)
            (_isOpen, _length) = (true, 0);
        if (!_isOpen || cell.Length > _cells.Length - _length)
        {
            Drop();
            return false;
        }

        cell.CopyTo(_cells.AsSpan(_length));
        _length += cell.Length;
        return true;
    }

    private void Split(ReadOnlySpan<byte> bytes, long? pts, ref MediaCounters counters)
    {
        while (!bytes.IsEmpty)
        {
            if (KlvPacket.LengthOf(bytes) is not { } length)
            {
                counters.BadMetadata++;
                return;
            }

            counters.MetadataPackets++;
            sink(bytes[..length], pts);
            bytes = bytes[length..];
        }
    }
}
