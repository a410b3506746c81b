using System.Buffers.Binary;
using DroneOps.Media.H26x;

namespace DroneOps.Media.Rtp;

/// <summary>Pictures into RTP packets: H.264 by RFC 6184 (packetization mode 1), H.265 by RFC 7798. Small NAL units that follow each other share a
/// packet, large ones are cut. Every key picture is preceded by its parameter sets, so that a viewer may begin at any of them.</summary>
/// <remarks>Owner: one viewer's session, because numbers, times and source are its own.</remarks>
public sealed class RtpPacketizer
{
    /// <summary>The payload type that is said in the session description.</summary>
    public const byte PayloadType = 96;

    /// <summary>Bytes of a packet that fit into a datagram of an Ethernet, tunnels on the way included.</summary>
    public const int UsualPacket = 1400;

    private const int Header = 12;
    private const int LengthPrefix = 2;
    private const byte Version = 2 << 6;
    private const byte Marker = 0x80;
    private const byte FuStart = 0x80;
    private const byte FuEnd = 0x40;

    private readonly byte _channel;
    private readonly int _mostPayload;
    private readonly List<ReadOnlyMemory<byte>> _together = [];
    private readonly RtpTimeline _timeline;
    private int _togetherLength;
    private ushort _sequence;
    private uint _timestamp;

    /// <param name="source">The number of the source (SSRC), at random.</param>
    /// <param name="sequence">The number of the first packet, at random.</param>
    /// <param name="timestamp">What is added to the source's time stamps, at random.</param>
    /// <param name="channel">The channel in RTSP's own connection.</param>
    /// <param name="mostBytes">Bytes of a packet at most, its header included.</param>
    public RtpPacketizer(uint source, ushort sequence, uint timestamp, byte channel, int mostBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostBytes, 64);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mostBytes, ushort.MaxValue);
        (Source, _sequence, _channel, _mostPayload, _timeline) = (source, sequence, channel, mostBytes - Header, new(timestamp));
    }

    /// <summary>The number of the source (SSRC).</summary>
    public uint Source { get; }

    /// <summary>The number that the next packet gets.</summary>
    public ushort NextSequence => _sequence;

    /// <summary>Packets written.</summary>
    public uint Packets { get; private set; }

    /// <summary>Bytes of payload written, as a sender report counts them.</summary>
    public uint Octets { get; private set; }

    /// <summary>What a wall clock showed at the newest picture: by the camera's word when it was taken, else when it arrived; and its time stamp.</summary>
    public (DateTimeOffset At, uint Timestamp) Newest { get; private set; }

    /// <summary>Adds a picture's packets.</summary>
    public void Write(Picture picture, RtpBatch batch)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(batch);
        _timestamp = _timeline.Of(picture);
        Newest = (picture.CapturedAt ?? picture.ReceivedAt, _timestamp);
        var (codec, before) = (picture.Format.Codec, batch.Count);
        if (picture.IsKey)
        {
            foreach (var set in picture.Format.ParameterSets)
                Take(codec, set, batch);
        }

        for (var rest = picture.Data; rest.Length >= 4;)
        {
            var length = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(rest.Span), (uint)rest.Length - 4);
            Take(codec, rest.Slice(4, length), batch);
            rest = rest[(4 + length)..];
        }

        SendTogether(codec, batch);
        if (batch.Count > before)
            batch.Last()[1] |= Marker;
    }

    private void Take(VideoCodec codec, ReadOnlyMemory<byte> unit, RtpBatch batch)
    {
        var header = NalUnit.HeaderLength(codec);
        if (unit.Length <= header)
            return;
        if (unit.Length > _mostPayload)
        {
            SendTogether(codec, batch);
            SendCut(codec, unit.Span, batch);
            return;
        }

        if (_together.Count > 0 && _togetherLength + LengthPrefix + unit.Length > _mostPayload)
            SendTogether(codec, batch);
        if (_together.Count == 0)
            _togetherLength = header;
        _together.Add(unit);
        _togetherLength += LengthPrefix + unit.Length;
    }

    /// <summary>What has gathered: one unit as it is, more as an aggregation packet (RFC 6184, 5.7.1: STAP-A; RFC 7798, 4.4.2).</summary>
    private void SendTogether(VideoCodec codec, RtpBatch batch)
    {
        if (_together.Count == 1)
        {
            _together[0].Span.CopyTo(Begin(_together[0].Length, batch));
        }
        else if (_together.Count > 1)
        {
            var packet = Begin(_togetherLength, batch);
            WriteAggregateHeader(codec, packet);
            packet = packet[NalUnit.HeaderLength(codec)..];
            foreach (var unit in _together)
            {
                BinaryPrimitives.WriteUInt16BigEndian(packet, (ushort)unit.Length);
                unit.Span.CopyTo(packet[LengthPrefix..]);
                packet = packet[(LengthPrefix + unit.Length)..];
            }
        }

        _together.Clear();
    }

    private void WriteAggregateHeader(VideoCodec codec, Span<byte> packet)
    {
        if (codec == VideoCodec.H264)
        {
            // nal_ref_idc is the highest of the units', the forbidden bit is set when it is in any.
            var (forbidden, importance) = (0, 0);
            foreach (var unit in _together)
                (forbidden, importance) = (forbidden | unit.Span[0] & 0x80, Math.Max(importance, unit.Span[0] & 0x60));
            packet[0] = (byte)(forbidden | importance | 24);
            return;
        }

        // The layer is 0, others are not carried; the temporal id is the lowest of the units'.
        var lowest = 7;
        foreach (var unit in _together)
            lowest = Math.Min(lowest, unit.Span[1] & 7);
        (packet[0], packet[1]) = (48 << 1, (byte)lowest);
    }

    /// <summary>A unit that fits into no packet (RFC 6184, 5.8: FU-A; RFC 7798, 4.4.3).</summary>
    private void SendCut(VideoCodec codec, ReadOnlySpan<byte> unit, RtpBatch batch)
    {
        var header = NalUnit.HeaderLength(codec);
        var type = codec == VideoCodec.H264 ? (byte)(unit[0] & 0x1F) : (byte)(unit[0] >> 1 & 0x3F);
        var (first, second) = codec == VideoCodec.H264 ? ((byte)(unit[0] & 0xE0 | 28), type) : ((byte)(unit[0] & 0x81 | 49 << 1), unit[1]);
        var rest = unit[header..];
        for (var flag = FuStart; !rest.IsEmpty; flag = 0)
        {
            var length = Math.Min(rest.Length, _mostPayload - header - 1);
            var packet = Begin(header + 1 + length, batch);
            (packet[0], packet[1]) = (first, second);
            packet[header] = (byte)(type | flag | (length == rest.Length ? FuEnd : 0));
            rest[..length].CopyTo(packet[(header + 1)..]);
            rest = rest[length..];
        }
    }

    /// <summary>The room for the payload of one more packet, behind its header (RFC 3550, 5.1).</summary>
    private Span<byte> Begin(int payload, RtpBatch batch)
    {
        var packet = batch.Add(_channel, Header + payload);
        packet[0] = Version;
        packet[1] = PayloadType;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], _sequence++);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], _timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], Source);
        Packets++;
        Octets += (uint)payload;
        return packet[Header..];
    }
}
