using System.Buffers.Binary;

namespace DroneOps.Media.TransportStream;

/// <summary>Cuts one PES packet or table, of a length known before, into transport packets as its pieces are written. The last packet is filled
/// up with stuffing in its adaptation field (ISO/IEC 13818-1, 2.4.3.5).</summary>
internal ref struct PacketFiller
{
    private const int HeaderLength = 4;
    private const int Room = TsPacket.Length - HeaderLength;

    /// <summary>An adaptation field with a programme clock and nothing else, with its length byte.</summary>
    private const int ClockFieldLength = 8;

    private readonly Span<byte> _output;
    private readonly int _pid;
    private readonly byte _flags;
    private readonly long? _clock;
    private int _continuity;
    private int _position;
    private int _end;
    private int _remaining;

    /// <param name="output">Room for <see cref="PacketsFor"/> packets.</param>
    /// <param name="pid">The stream's PID.</param>
    /// <param name="continuity">Its counter, as the first packet has it.</param>
    /// <param name="length">The bytes that will be written.</param>
    /// <param name="clock">The programme clock, ticks of 1/27,000,000 s, for the first packet; null for none.</param>
    /// <param name="flags">discontinuity_indicator and random_access_indicator of the first packet; taken only with a clock.</param>
    public PacketFiller(Span<byte> output, int pid, int continuity, int length, long? clock, byte flags)
    {
        _output = output;
        (_pid, _continuity, _remaining, _clock, _flags) = (pid, continuity, length, clock, flags);
        BeginPacket(isFirst: true);
    }

    public static int PacketsFor(int length, bool hasClock)
    {
        var first = Room - (hasClock ? ClockFieldLength : 0);
        return 1 + (Math.Max(0, length - first) + Room - 1) / Room;
    }

    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_position == _end)
                BeginPacket(isFirst: false);
            var taken = Math.Min(bytes.Length, _end - _position);
            bytes[..taken].CopyTo(_output[_position..]);
            bytes = bytes[taken..];
            _position += taken;
            _remaining -= taken;
        }
    }

    private void BeginPacket(bool isFirst)
    {
        var packet = _output.Slice(_end, TsPacket.Length);
        packet[0] = TsPacket.Sync;
        BinaryPrimitives.WriteUInt16BigEndian(packet[1..], (ushort)(_pid | (isFirst ? 0x4000 : 0)));
        var clock = isFirst ? _clock : null;
        var field = clock is null ? 0 : ClockFieldLength;
        field = Math.Max(field, Room - _remaining);
        packet[3] = (byte)(0x10 | (field > 0 ? 0x20 : 0) | _continuity++ & 0x0F);
        if (field > 0)
        {
            packet[4] = (byte)(field - 1);
            packet.Slice(5, field - 1).Fill(0xFF);
            if (field > 1)
                packet[5] = 0;
            if (clock is { } value)
            {
                packet[5] = (byte)(_flags | 0x10);
                WriteClock(packet[6..], value);
            }
        }

        _position = _end + HeaderLength + field;
        _end += TsPacket.Length;
    }

    // program_clock_reference_base and its extension, 2.4.3.5
    private static void WriteClock(Span<byte> field, long clock)
    {
        long high = clock / 300 & 0x1_FFFF_FFFF, low = clock % 300;
        BinaryPrimitives.WriteUInt32BigEndian(field, (uint)(high >> 1));
        field[4] = (byte)((high & 1) << 7 | 0x7E | low >> 8);
        field[5] = (byte)low;
    }
}
