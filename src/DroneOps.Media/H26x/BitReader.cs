namespace DroneOps.Media.H26x;

/// <summary>Reads the bits of a raw byte sequence payload, first bit highest (ISO/IEC 14496-10, 7.2 and 9.1). Beyond the end it reads zeros and
/// says so in <see cref="IsOver"/>, so that a parser checks once.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    /// <summary>Whether more was asked for than there is, or a code was longer than its clause allows.</summary>
    public bool IsOver { get; private set; }

    /// <summary>u(1).</summary>
    public bool Flag() => Bits(1) != 0;

    /// <summary>u(n), at most 32 bits.</summary>
    public uint Bits(int count)
    {
        uint value = 0;
        for (; count > 0; count--)
        {
            if (_position >= _bytes.Length * 8)
            {
                IsOver = true;
                return 0;
            }

            value = value << 1 | (uint)(_bytes[_position >> 3] >> (7 - (_position & 7))) & 1;
            _position++;
        }

        return value;
    }

    public void Skip(int count)
    {
        if (count > _bytes.Length * 8 - _position)
            IsOver = true;
        else
            _position += count;
    }

    /// <summary>ue(v), unsigned Exp-Golomb (9.1). More than 31 leading zeros do not occur in the sets read here.</summary>
    public uint Ue()
    {
        var zeros = 0;
        while (!Flag())
        {
            if (IsOver || ++zeros > 31)
            {
                IsOver = true;
                return 0;
            }
        }

        return (uint)((1UL << zeros) - 1 + Bits(zeros));
    }

    /// <summary>se(v), signed Exp-Golomb (9.1.1).</summary>
    public int Se()
    {
        var code = Ue();
        return (code & 1) != 0 ? (int)(code / 2 + 1) : -(int)(code / 2);
    }
}
