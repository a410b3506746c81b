using System.Buffers;
using System.Buffers.Binary;

namespace DroneOps.Media.TransportStream;

/// <summary>Makes an MPEG transport stream (ISO/IEC 13818-1) of pictures and KLV packets: one programme with a video and, if wanted, a metadata
/// stream. It allocates nothing after the first picture; whoever writes the stream owns it.</summary>
/// <remarks>
/// Each picture is one PES packet that begins with an access unit delimiter and, where decoding can begin or the format changes, the parameter
/// sets; its first packet carries the programme clock. So the clock comes as often as the pictures do: a stream with fewer than ten a second keeps
/// its distance of at most 100 ms (2.7.2) no longer, which players do not mind.
/// </remarks>
public sealed class TsMuxer(bool hasMetadata)
{
    private const int MapPid = 0x1000;
    private const int VideoPid = 0x100;
    private const int MetadataPid = 0x101;
    private const byte VideoStream = 0xE0;
    private const byte PrivateStream = 0xBD;
    private const int PesLimit = 0xFFFF;
    private const int LongestPesHeader = 19;
    private const int ShortestPesHeader = 9;
    private const int TimeLength = 5;

    /// <summary>Tables come this often, and before each key picture: whoever joins waits no longer.</summary>
    private const long TablePause = Picture.Clock / 10;

    /// <summary>How much earlier than it is decoded a picture is sent: one picture's time.</summary>
    private const long Delay = Picture.Clock / 25;

    private const byte Discontinuity = 0x80;
    private const byte RandomAccess = 0x40;

    private readonly byte[] _tables = new byte[2 * TsPacket.Length];
    private int _version = -1;
    private long? _tablesAt;
    private VideoFormat? _format;
    private int _tableContinuity;
    private int _videoContinuity;
    private int _metadataContinuity;

    private static ReadOnlySpan<byte> StartCode => [0, 0, 0, 1];

    private static ReadOnlySpan<byte> DelimiterH264 => [0, 0, 0, 1, 0x09, 0xF0];

    private static ReadOnlySpan<byte> DelimiterH265 => [0, 0, 0, 1, 0x46, 0x01, 0x50];

    /// <summary>Writes a picture, in whole packets. The picture stays the caller's.</summary>
    public void Write(Picture picture, IBufferWriter<byte> output)
    {
        var format = picture.Format;
        if (_version < 0 || format.Codec != _format!.Codec)
            MakeTables(format.Codec);
        if (picture.IsKey || _tablesAt is not { } at || picture.Dts - at >= TablePause || picture.Dts < at)
            WriteTables(picture.Dts, output);

        var withSets = picture.IsKey || !ReferenceEquals(format, _format);
        _format = format;
        var delimiter = format.Codec == VideoCodec.H264 ? DelimiterH264 : DelimiterH265;
        var data = picture.Data.Span;
        Span<byte> header = stackalloc byte[LongestPesHeader];
        header = header[..WriteHeader(header, VideoStream, picture.Pts, picture.Dts)];
        var length = header.Length + delimiter.Length + data.Length;
        if (withSets)
        {
            for (var i = 0; i < format.ParameterSets.Count; i++)
                length += StartCode.Length + format.ParameterSets[i].Length;
        }

        var count = PacketFiller.PacketsFor(length, hasClock: true);
        var flags = (byte)((picture.IsDiscontinuous ? Discontinuity : 0) | (picture.IsKey ? RandomAccess : 0));
        var clock = Math.Max(0, picture.Dts - Delay) * 300;
        var filler = new PacketFiller(output.GetSpan(count * TsPacket.Length), VideoPid, _videoContinuity, length, clock, flags);
        _videoContinuity += count;
        filler.Write(header);
        filler.Write(delimiter);
        if (withSets)
        {
            for (var i = 0; i < format.ParameterSets.Count; i++)
            {
                filler.Write(StartCode);
                filler.Write(format.ParameterSets[i].Span);
            }
        }

        // Lengths have four bytes, and so have start codes.
        while (!data.IsEmpty)
        {
            var unit = data.Slice(StartCode.Length, BinaryPrimitives.ReadInt32BigEndian(data));
            filler.Write(StartCode);
            filler.Write(unit);
            data = data[(StartCode.Length + unit.Length)..];
        }

        output.Advance(count * TsPacket.Length);
    }

    /// <summary>Writes a KLV packet, in whole packets.</summary>
    /// <param name="packet">Universal key, length, value.</param>
    /// <param name="pts">Its time on the axis of the pictures; null to send it without one (MISB ST 1402, 9.4.1). With a time, muxers and players
    /// need not guess where it belongs.</param>
    /// <param name="output">Where it is written to.</param>
    /// <returns>False when it was not written: there was no picture yet, the stream was made without metadata, or it is beyond 64 KiB.</returns>
    public bool WriteMetadata(ReadOnlySpan<byte> packet, long? pts, IBufferWriter<byte> output)
    {
        Span<byte> header = stackalloc byte[LongestPesHeader];
        header = header[..WriteHeader(header, PrivateStream, pts, pts)];
        var length = header.Length + packet.Length;
        if (_version < 0 || !hasMetadata || length - PesHeader.FixedLength > PesLimit)
            return false;
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], (ushort)(length - PesHeader.FixedLength));
        var count = PacketFiller.PacketsFor(length, hasClock: false);
        var filler = new PacketFiller(output.GetSpan(count * TsPacket.Length), MetadataPid, _metadataContinuity, length, null, 0);
        _metadataContinuity += count;
        filler.Write(header);
        filler.Write(packet);
        output.Advance(count * TsPacket.Length);
        return true;
    }

    // 2.4.3.6, with data_alignment_indicator; the length of video is left open (2.4.3.7).
    private static int WriteHeader(Span<byte> header, byte stream, long? pts, long? dts)
    {
        ReadOnlySpan<byte> begin = [0, 0, 1, stream, 0, 0, 0x84, 0, 0];
        begin.CopyTo(header);
        if (pts is not { } shown)
            return ShortestPesHeader;
        var hasBoth = dts != pts;
        header[7] = (byte)(hasBoth ? 0xC0 : 0x80);
        header[8] = (byte)(hasBoth ? 2 * TimeLength : TimeLength);
        WriteTime(header[9..], hasBoth ? 3 : 2, shown);
        if (hasBoth)
            WriteTime(header[(9 + TimeLength)..], 1, dts!.Value);
        return ShortestPesHeader + header[8];
    }

    private static void WriteTime(Span<byte> field, int prefix, long time)
    {
        field[0] = (byte)(prefix << 4 | (int)(time >> 30 & 7) << 1 | 1);
        BinaryPrimitives.WriteUInt16BigEndian(field[1..], (ushort)((time >> 15 & 0x7FFF) << 1 | 1));
        BinaryPrimitives.WriteUInt16BigEndian(field[3..], (ushort)((time & 0x7FFF) << 1 | 1));
    }

    private void WriteTables(long dts, IBufferWriter<byte> output)
    {
        _tablesAt = dts;
        foreach (var start in (ReadOnlySpan<int>)[0, TsPacket.Length])
            _tables[start + 3] = (byte)(0x10 | _tableContinuity & 0x0F);
        _tableContinuity++;
        output.Write(_tables);
    }

    private void MakeTables(VideoCodec codec)
    {
        _version = (_version + 1) & 0x1F;
        _tablesAt = null;
        var current = (byte)(0xC1 | _version << 1);
        // program_association_section, 2.4.4.3: programme 1 has its map in MapPid.
        MakeTable(_tables.AsSpan(0, TsPacket.Length), 0, [0x00, 0, 0, 0, 1, 0xC1, 0, 0, 0, 1, 0xE0 | MapPid >> 8, MapPid & 0xFF]);
        // TS_program_map_section, 2.4.4.8. H.265 has its registration too, for readers from before stream type 0x24.
        ReadOnlySpan<byte> video = codec == VideoCodec.H264
            ? [0x1B, 0xE0 | VideoPid >> 8, VideoPid & 0xFF, 0xF0, 0]
            : [0x24, 0xE0 | VideoPid >> 8, VideoPid & 0xFF, 0xF0, 6, 5, 4, .. "HEVC"u8];
        ReadOnlySpan<byte> metadata = hasMetadata ? [0x06, 0xE0 | MetadataPid >> 8, MetadataPid & 0xFF, 0xF0, 6, 5, 4, .. "KLVA"u8] : [];
        MakeTable(
            _tables.AsSpan(TsPacket.Length), MapPid,
            [0x02, 0, 0, 0, 1, current, 0, 0, 0xE0 | VideoPid >> 8, VideoPid & 0xFF, 0xF0, 0, .. video, .. metadata]);
    }

    private static void MakeTable(Span<byte> packet, int pid, ReadOnlySpan<byte> section)
    {
        packet.Fill(0xFF);
        packet[0] = TsPacket.Sync;
        BinaryPrimitives.WriteUInt16BigEndian(packet[1..], (ushort)(0x4000 | pid));
        packet[4] = 0;
        var table = packet[5..];
        section.CopyTo(table);
        // section_syntax_indicator, and the length from behind it to the end of the checksum.
        BinaryPrimitives.WriteUInt16BigEndian(table[1..], (ushort)(0xB000 | section.Length - 3 + 4));
        BinaryPrimitives.WriteUInt32BigEndian(table[section.Length..], Crc32.Of(table[..section.Length]));
    }
}
