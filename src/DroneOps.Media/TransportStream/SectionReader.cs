namespace DroneOps.Media.TransportStream;

/// <summary>Puts the sections of one table together from packets, ISO/IEC 13818-1, 2.4.4.1.</summary>
internal sealed class SectionReader
{
    /// <summary>The longest section of the tables read here: three bytes, and a section_length of at most 1021 (2.4.4.5, 2.4.4.11).</summary>
    private const int Longest = 1024;

    private const int HeaderLength = 3;
    private const int StuffingTable = 0xFF;

    private readonly byte[] _buffer = new byte[Longest];
    private int _length;
    private bool _isOpen;

    public delegate void Handler(ReadOnlySpan<byte> section);

    /// <summary>Forgets a section that is not whole: a packet of it was lost.</summary>
    public void Drop() => (_isOpen, _length) = (false, 0);

    /// <summary>Takes the payload of a packet.</summary>
    /// <returns>How many sections were dropped because of their length or their checksum.</returns>
    public int Take(ReadOnlySpan<byte> payload, bool isStart, Handler handler)
    {
        if (!isStart)
            return Append(payload, handler);
        if (payload.IsEmpty || payload[0] >= payload.Length)
        {
            Drop();
            return 1;
        }

        // pointer_field: what precedes the first section belongs to the one before.
        var bad = Append(payload.Slice(1, payload[0]), handler);
        Drop();
        _isOpen = true;
        return bad + Append(payload[(1 + payload[0])..], handler);
    }

    private int Append(ReadOnlySpan<byte> bytes, Handler handler)
    {
        var bad = 0;
        while (_isOpen && !bytes.IsEmpty)
        {
            if (_length == 0 && bytes[0] == StuffingTable)
            {
                Drop();
                break;
            }

            var wanted = _length < HeaderLength ? HeaderLength : SectionLength;
            var taken = Math.Min(wanted - _length, bytes.Length);
            bytes[..taken].CopyTo(_buffer.AsSpan(_length));
            _length += taken;
            bytes = bytes[taken..];
            if (_length < wanted || wanted == HeaderLength && SectionLength is > HeaderLength and <= Longest)
                continue;
            if (wanted == HeaderLength)
            {
                Drop();
                return bad + 1;
            }

            if (Crc32.Of(_buffer.AsSpan(0, _length)) == 0)
                handler(_buffer.AsSpan(0, _length));
            else
                bad++;
            // Another section may follow in the same packet.
            _length = 0;
        }

        return bad;
    }

    private int SectionLength => HeaderLength + ((_buffer[1] & 0x0F) << 8 | _buffer[2]);
}
