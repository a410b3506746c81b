using System.Buffers.Binary;

namespace DroneOps.Media.Mp4;

/// <summary>Writes boxes (ISO/IEC 14496-12, 4.2) into bytes whose size is known beforehand; a box gets its length when it ends.</summary>
internal ref struct BoxWriter(Span<byte> to)
{
    private readonly Span<byte> _to = to;

    public int Position { get; private set; }

    /// <summary>Begins a box.</summary>
    /// <returns>Where it begins, for <see cref="End"/>.</returns>
    public int Begin(ReadOnlySpan<byte> type)
    {
        var start = Position;
        Position += 4;
        Bytes(type);
        return start;
    }

    /// <summary>Begins a full box: one with a version and flags.</summary>
    public int Begin(ReadOnlySpan<byte> type, byte version, uint flags)
    {
        var start = Begin(type);
        U32(((uint)version << 24) | flags);
        return start;
    }

    public readonly void End(int start) => BinaryPrimitives.WriteUInt32BigEndian(_to[start..], (uint)(Position - start));

    public void U8(byte value) => _to[Position++] = value;

    public void U16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_to[Position..], value);
        Position += 2;
    }

    public void U32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_to[Position..], value);
        Position += 4;
    }

    public void U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_to[Position..], value);
        Position += 8;
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_to[Position..]);
        Position += bytes.Length;
    }

    public void Zeros(int count)
    {
        _to.Slice(Position, count).Clear();
        Position += count;
    }
}

/// <summary>Reads values out of a box; past its end they are 0 and <see cref="IsShort"/> is set, so that a parser asks once, at its end.</summary>
internal ref struct BoxReader(ReadOnlySpan<byte> from)
{
    private readonly ReadOnlySpan<byte> _from = from;

    public int Position { get; private set; }

    public bool IsShort { get; private set; }

    public readonly int Left => _from.Length - Position;

    public byte U8() => Take(1) is [var only] ? only : (byte)0;

    public ushort U16() => Take(2) is { Length: 2 } bytes ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : (ushort)0;

    public uint U32() => Take(4) is { Length: 4 } bytes ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;

    public ulong U64() => Take(8) is { Length: 8 } bytes ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;

    public void Skip(int count) => Take(count);

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > Left)
        {
            IsShort = true;
            Position = _from.Length;
            return [];
        }

        Position += count;
        return _from.Slice(Position - count, count);
    }

    /// <summary>The next box inside this one.</summary>
    /// <returns>False at the end, or where the rest is not a box.</returns>
    public bool TryBox(out uint type, out ReadOnlySpan<byte> payload, out int payloadAt)
    {
        type = 0;
        payload = [];
        payloadAt = 0;
        if (Left < 8)
            return false;
        var size = U32();
        type = U32();
        if (size < 8 || size - 8 > (uint)Left)
        {
            IsShort = true;
            return false;
        }

        payloadAt = Position;
        payload = Take((int)size - 8);
        return true;
    }
}

/// <summary>The types of boxes that the reader knows, as numbers.</summary>
internal static class BoxTypes
{
    public const uint Moov = 0x6D6F6F76;
    public const uint Mvex = 0x6D766578;
    public const uint Trex = 0x74726578;
    public const uint Trak = 0x7472616B;
    public const uint Tkhd = 0x746B6864;
    public const uint Mdia = 0x6D646961;
    public const uint Mdhd = 0x6D646864;
    public const uint Hdlr = 0x68646C72;
    public const uint Minf = 0x6D696E66;
    public const uint Stbl = 0x7374626C;
    public const uint Stsd = 0x73747364;
    public const uint Avc1 = 0x61766331;
    public const uint AvcC = 0x61766343;
    public const uint Hvc1 = 0x68766331;
    public const uint Hev1 = 0x68657631;
    public const uint HvcC = 0x68766343;
    public const uint Vide = 0x76696465;
    public const uint Moof = 0x6D6F6F66;
    public const uint Traf = 0x74726166;
    public const uint Tfhd = 0x74666864;
    public const uint Tfdt = 0x74666474;
    public const uint Trun = 0x7472756E;
    public const uint Prft = 0x70726674;
    public const uint Mdat = 0x6D646174;
}
