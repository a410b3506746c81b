using System.Buffers;

namespace DroneOps.Media.Mp4;

/// <summary>The beginning of a fragmented MP4 file with one track of pictures: what it is and what a decoder must know, no pictures yet
/// (ISO/IEC 14496-12; the sample entries of 14496-15).</summary>
public static class InitializationSegment
{
    /// <summary>The number of the only track.</summary>
    internal const uint Track = 1;

    /// <summary>Seconds between 1904, where MP4 begins to count, and 1970.</summary>
    private const long Epoch = 2_082_844_800;

    /// <summary>Room for all boxes without the decoder configuration; they take less.</summary>
    private const int Fixed = 1024;

    /// <summary>Writes it.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="format">What the pictures are coded with.</param>
    /// <param name="createdAt">When the recording began; null writes "unknown", which live streams do.</param>
    public static void Write(IBufferWriter<byte> to, VideoFormat format, DateTimeOffset? createdAt)
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(format);
        var created = createdAt is { } at ? (ulong)Math.Max(0, at.ToUnixTimeSeconds() + Epoch) : 0;
        BoxWriter box = new(to.GetSpan(Fixed + format.Configuration.Length));

        // iso6 is the brand that knows default-base-is-moof.
        var ftyp = box.Begin("ftyp"u8);
        box.Bytes("iso6"u8);
        box.U32(0);
        box.Bytes("iso6isommp41"u8);
        box.End(ftyp);

        var moov = box.Begin("moov"u8);
        MovieHeader(ref box, created);
        var trak = box.Begin("trak"u8);
        TrackHeader(ref box, format, created);
        var mdia = box.Begin("mdia"u8);
        MediaHeader(ref box, created);
        var minf = box.Begin("minf"u8);
        var vmhd = box.Begin("vmhd"u8, 0, 1);
        box.Zeros(8);
        box.End(vmhd);
        DataHere(ref box);
        SampleTable(ref box, format);
        box.End(minf);
        box.End(mdia);
        box.End(trak);
        var mvex = box.Begin("mvex"u8);
        var trex = box.Begin("trex"u8, 0, 0);
        box.U32(Track);
        box.U32(1);
        box.Zeros(12);
        box.End(trex);
        box.End(mvex);
        box.End(moov);
        to.Advance(box.Position);
    }

    private static void MovieHeader(ref BoxWriter box, ulong created)
    {
        var mvhd = box.Begin("mvhd"u8, 1, 0);
        box.U64(created);
        box.U64(created);
        box.U32(Picture.Clock);
        box.U64(0);
        box.U32(0x0001_0000);
        box.U16(0x0100);
        box.Zeros(10);
        Unrotated(ref box);
        box.Zeros(24);
        box.U32(Track + 1);
        box.End(mvhd);
    }

    private static void TrackHeader(ref BoxWriter box, VideoFormat format, ulong created)
    {
        // Enabled, and part of the movie.
        var tkhd = box.Begin("tkhd"u8, 1, 3);
        box.U64(created);
        box.U64(created);
        box.U32(Track);
        box.U32(0);
        box.U64(0);
        box.Zeros(16);
        Unrotated(ref box);
        box.U32((uint)format.Width << 16);
        box.U32((uint)format.Height << 16);
        box.End(tkhd);
    }

    private static void MediaHeader(ref BoxWriter box, ulong created)
    {
        var mdhd = box.Begin("mdhd"u8, 1, 0);
        box.U64(created);
        box.U64(created);
        box.U32(Picture.Clock);
        box.U64(0);

        // "und": no language.
        box.U16(0x55C4);
        box.U16(0);
        box.End(mdhd);
        var hdlr = box.Begin("hdlr"u8, 0, 0);
        box.U32(0);
        box.Bytes("vide"u8);
        box.Zeros(12);
        box.Bytes("video\0"u8);
        box.End(hdlr);
    }

    /// <summary>The media is in this very file.</summary>
    private static void DataHere(ref BoxWriter box)
    {
        var dinf = box.Begin("dinf"u8);
        var dref = box.Begin("dref"u8, 0, 0);
        box.U32(1);
        var url = box.Begin("url "u8, 0, 1);
        box.End(url);
        box.End(dref);
        box.End(dinf);
    }

    /// <summary>The sample entry, and the tables that fragments leave empty.</summary>
    private static void SampleTable(ref BoxWriter box, VideoFormat format)
    {
        var stbl = box.Begin("stbl"u8);
        var stsd = box.Begin("stsd"u8, 0, 0);
        box.U32(1);

        // avc1 and hvc1: the parameter sets are here and not among the pictures.
        var entry = box.Begin(format.Codec == VideoCodec.H264 ? "avc1"u8 : "hvc1"u8);
        box.Zeros(6);
        box.U16(1);
        box.Zeros(16);
        box.U16((ushort)format.Width);
        box.U16((ushort)format.Height);
        box.U32(0x0048_0000);
        box.U32(0x0048_0000);
        box.U32(0);
        box.U16(1);
        box.Zeros(32);
        box.U16(0x0018);
        box.U16(0xFFFF);
        var configuration = box.Begin(format.Codec == VideoCodec.H264 ? "avcC"u8 : "hvcC"u8);
        box.Bytes(format.Configuration.Span);
        box.End(configuration);
        box.End(entry);
        box.End(stsd);
        Empty(ref box, "stts"u8);
        Empty(ref box, "stsc"u8);
        var stsz = box.Begin("stsz"u8, 0, 0);
        box.U64(0);
        box.End(stsz);
        Empty(ref box, "stco"u8);
        box.End(stbl);
    }

    private static void Empty(ref BoxWriter box, ReadOnlySpan<byte> table)
    {
        var start = box.Begin(table, 0, 0);
        box.U32(0);
        box.End(start);
    }

    private static void Unrotated(ref BoxWriter box)
    {
        box.U32(0x0001_0000);
        box.Zeros(12);
        box.U32(0x0001_0000);
        box.Zeros(12);
        box.U32(0x4000_0000);
    }
}
