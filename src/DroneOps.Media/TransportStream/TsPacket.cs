using System.Buffers.Binary;

namespace DroneOps.Media.TransportStream;

/// <summary>One packet of a transport stream, ISO/IEC 13818-1, 2.4.3.2 and 2.4.3.4.</summary>
internal readonly ref struct TsPacket
{
    public const int Length = 188;
    public const byte Sync = 0x47;
    public const int NullPid = 0x1FFF;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _payload;

    /// <param name="bytes">188 bytes that begin with the sync byte.</param>
    public TsPacket(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _payload = 4;
        if ((bytes[3] & 0x20) == 0)
            return;
        var length = bytes[4];
        _payload = Math.Min(Length, 5 + length);
        if (length == 0)
        {
            // One byte of stuffing has no room for flags.
            IsStuffed = true;
            return;
        }

        var flags = bytes[5];
        IsDiscontinuous = (flags & 0x80) != 0;
        var used = 1;
        if ((flags & 0x10) != 0 && length >= used + 6)
        {
            Pcr = ReadPcr(bytes[6..]);
            used += 6;
        }

        if ((flags & 0x08) != 0)
            used += 6;
        if ((flags & 0x04) != 0)
            used++;
        if ((flags & 0x02) != 0 && 5 + used < Length)
            used += 1 + bytes[5 + used];
        if ((flags & 0x01) != 0 && 5 + used < Length)
            used += 1 + bytes[5 + used];
        IsStuffed = length > used;
    }

    /// <summary>transport_error_indicator, or scrambled: of no use.</summary>
    public bool IsBroken => (_bytes[1] & 0x80) != 0 || (_bytes[3] & 0xC0) != 0;

    /// <summary>payload_unit_start_indicator.</summary>
    public bool IsStart => (_bytes[1] & 0x40) != 0;

    public int Pid => BinaryPrimitives.ReadUInt16BigEndian(_bytes[1..]) & 0x1FFF;

    public int Continuity => _bytes[3] & 0x0F;

    public bool HasPayload => (_bytes[3] & 0x10) != 0;

    public ReadOnlySpan<byte> Payload => HasPayload ? _bytes[_payload..] : [];

    /// <summary>discontinuity_indicator: the counter, and in the clock's stream the clock, begin anew.</summary>
    public bool IsDiscontinuous { get; }

    /// <summary>Whether the adaptation field is longer than what it carries. A sender fills up the last packet of a PES packet that way (2.4.3.5).</summary>
    public bool IsStuffed { get; }

    /// <summary>The programme clock, ticks of 1/27,000,000 s.</summary>
    public long? Pcr { get; }

    private static long ReadPcr(ReadOnlySpan<byte> field)
    {
        var high = (long)BinaryPrimitives.ReadUInt32BigEndian(field) << 1 | (uint)field[4] >> 7;
        return high * 300 + ((field[4] & 1) << 8 | field[5]);
    }
}
