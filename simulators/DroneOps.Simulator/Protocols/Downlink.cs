using System.Text;
using System.Text.Unicode;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;

namespace DroneOps.Simulator.Protocols;

/// <summary>What a vehicle sends: frames with its sequence numbers, one per datagram, in a buffer that the owner of the vehicle drains.
/// Bounded: what does not fit is dropped and counted, as a full telemetry port drops it.</summary>
internal sealed class Downlink(byte systemId)
{
    private const int Capacity = 1 << 20;
    private const int ChunkLength = 50;

    private readonly byte[] _frame = new byte[MavlinkFrame.MaxLength];
    private byte[] _buffer = new byte[4096];
    private int _used;
    private byte _sequence;
    private ushort _textId;
    private readonly List<(MavSeverity Severity, string Text)> _heldTexts = [];
    private bool _holdsTexts;

    public MavlinkAddress Address { get; } = new(systemId, 1);

    /// <summary>Datagrams that found the buffer full.</summary>
    public long Dropped { get; private set; }

    /// <summary>Datagrams since the vehicle was made.</summary>
    public long Sent { get; private set; }

    public void Send<T>(in T message)
        where T : unmanaged, IMavlinkMessage<T>
    {
        var length = FrameWriter.Write(_frame, in message, Address, _sequence++);
        Append(_frame.AsSpan(0, length));
    }

    /// <summary>Console text: bytes without a frame around them, as the vehicle's serial console shares the port.</summary>
    public void Console(ReadOnlySpan<byte> text) => Append(text);

    /// <summary>STATUSTEXT, in chunks where it is longer than 50 bytes (all chunks of one text share an id; a text that fits has id 0).</summary>
    public void Text(MavSeverity severity, string text)
    {
        if (_holdsTexts)
        {
            _heldTexts.Add((severity, text));
            return;
        }

        if (Encoding.UTF8.GetByteCount(text) <= ChunkLength)
        {
            Send(new Statustext { Severity = severity, Text = text });
            return;
        }

        _textId++;
        var rest = text.AsSpan();
        Span<byte> chunk = stackalloc byte[ChunkLength];
        for (byte number = 0; !rest.IsEmpty; number++)
        {
            _ = Utf8.FromUtf16(rest, chunk, out var taken, out var written, replaceInvalidSequences: true, isFinalBlock: true);
            Send(new Statustext { Severity = severity, Text = Encoding.UTF8.GetString(chunk[..written]), Id = _textId, ChunkSeq = number });
            rest = rest[taken..];
        }
    }

    /// <summary>Texts wait until <see cref="ReleaseTexts"/>; frames overtake them.</summary>
    public void HoldTexts() => _holdsTexts = true;

    public void ReleaseTexts()
    {
        _holdsTexts = false;
        foreach (var (severity, text) in _heldTexts)
            Text(severity, text);
        _heldTexts.Clear();
    }

    /// <summary>Sequence numbers start again.</summary>
    public void Restart()
    {
        _sequence = 0;
        _textId = 0;
    }

    public void Drain(DatagramSink sink)
    {
        var position = 0;
        while (position < _used)
        {
            var length = _buffer[position] | (_buffer[position + 1] << 8);
            sink(_buffer.AsSpan(position + 2, length));
            position += 2 + length;
        }

        _used = 0;
    }

    private void Append(ReadOnlySpan<byte> datagram)
    {
        if (_used + datagram.Length + 2 > _buffer.Length)
        {
            if (_buffer.Length >= Capacity)
            {
                Dropped++;
                return;
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        _buffer[_used] = (byte)datagram.Length;
        _buffer[_used + 1] = (byte)(datagram.Length >> 8);
        datagram.CopyTo(_buffer.AsSpan(_used + 2));
        _used += 2 + datagram.Length;
        Sent++;
    }
}
