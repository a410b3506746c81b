using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using DroneOps.Media;
using DroneOps.Media.TransportStream;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Tests.Media;

public sealed class TsMuxerTests
{
    [Theory]
    [MemberData(nameof(TsDemuxerTests.Streams), MemberType = typeof(TsDemuxerTests))]
    public void What_is_muxed_is_demuxed_to_the_same(string name)
    {
        GoldenStream golden = new(name);
        var remuxed = Remux(golden.Bytes, withMetadata: true).WrittenSpan.ToArray();
        Assert.Equal(0, remuxed.Length % TsPacket.Length);
        List<Seen> pictures = [];
        List<(byte[] Packet, long? Pts)> metadata = [];
        TsDemuxer demuxer = new(picture => pictures.Add(Seen.Of(picture)), (packet, pts) => metadata.Add((packet.ToArray(), pts)));
        foreach (var piece in GoldenStream.Cut(remuxed, 1316))
            demuxer.Push(piece.Span, GoldenStream.Start);
        demuxer.Flush();
        Assert.Equal(golden.Truth, pictures);
        Assert.Equal(
            golden.Truth.Select((truth, number) => (Convert.ToHexString(Metadata(number)), number % 2 == 0 ? truth.Dts : (long?)null)),
            metadata.Select(item => (Convert.ToHexString(item.Packet), item.Pts)));
        Assert.Equal(golden.Configuration.Length, demuxer.Format!.Configuration.Length);
        var counters = demuxer.Counters;
        Assert.Equal((0L, 0L, 0L, 0L), (counters.Gaps, counters.BadTables, counters.BadMetadata, counters.SkippedBytes));
    }

    [Theory]
    [MemberData(nameof(TsDemuxerTests.Streams), MemberType = typeof(TsDemuxerTests))]
    public async Task Ffmpeg_reads_pictures_and_metadata_without_a_complaint(string name)
    {
        GoldenStream golden = new(name);
        var file = Path.Combine(Path.GetTempPath(), $"muxed-{Guid.NewGuid():N}.ts");
        try
        {
            await File.WriteAllBytesAsync(file, Remux(golden.Bytes, withMetadata: true).WrittenMemory.ToArray());
            var streams = Text(await RunAsync("ffprobe", "-v", "error", "-show_entries", "stream=codec_name", "-of", "compact=p=0:nk=1", file));
            Assert.Equal((string[])[name == "hevc" ? "hevc" : "h264", "klv"], streams.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(2));
            var times = Text(await RunAsync("ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "packet=pts,dts", "-of", "compact=p=0:nk=1:s=,", file));
            Assert.Equal(golden.Truth.Select(truth => string.Create(CultureInfo.InvariantCulture, $"{truth.Pts},{truth.Dts}")), times.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd(',')));

            // Every picture decodes to what the golden stream decodes to, and nothing is said at log level warning.
            Assert.Equal(
                Text(await RunAsync("ffmpeg", "-v", "warning", "-i", GoldenStream.PathOf(name + ".ts"), "-map", "0:v", "-f", "framemd5", "-")),
                Text(await RunAsync("ffmpeg", "-v", "warning", "-i", file, "-map", "0:v", "-f", "framemd5", "-")));
            byte[] data = await RunAsync("ffmpeg", "-v", "error", "-i", file, "-map", "0:d", "-c", "copy", "-f", "data", "-");
            Assert.Equal([.. Enumerable.Range(0, golden.Truth.Count).SelectMany(Metadata)], data);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Nothing_is_allocated_for_a_picture()
    {
        var pictures = Pictures(GoldenStream.Camera.Bytes);
        TsMuxer muxer = new(hasMetadata: true);
        ArrayBufferWriter<byte> output = new(1 << 20);
        var metadata = Metadata(0);
        muxer.Write(pictures[0], output);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var picture in pictures)
        {
            output.ResetWrittenCount();
            muxer.Write(picture, output);
            muxer.WriteMetadata(metadata, picture.Pts, output);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Property(MaxTest = 100)]
    public Property A_picture_of_any_size_fills_whole_packets_and_comes_back() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        Random random = new(seed);
        var format = GoldenStream.Demux([GoldenStream.Camera.Bytes]).Demuxer.Format!;
        TsMuxer muxer = new(hasMetadata: true);
        ArrayBufferWriter<byte> output = new();
        List<string> sent = [];
        for (var number = 0; number < 20; number++)
        {
            using var picture = SlicesOf(format, random, number);
            sent.Add(Convert.ToHexString(picture.Data.Span));
            muxer.Write(picture, output);
        }

        List<string> came = [];
        TsDemuxer demuxer = new(
            picture =>
            {
                came.Add(Convert.ToHexString(picture.Data.Span));
                picture.Dispose();
            },
            (_, _) => { });
        demuxer.Push(output.WrittenSpan, GoldenStream.Start);
        demuxer.Flush();
        Assert.Equal(sent, came);
        Assert.Equal(0, demuxer.Counters.DamagedPictures);
    });

    [Fact]
    public void Times_beyond_33_bits_go_on_growing()
    {
        var format = GoldenStream.Demux([GoldenStream.Camera.Bytes]).Demuxer.Format!;
        TsMuxer muxer = new(hasMetadata: false);
        ArrayBufferWriter<byte> output = new();
        var first = (1L << 33) - 5 * 3600;
        for (var number = 0; number < 10; number++)
        {
            using var picture = SlicesOf(format, new Random(number), number, first);
            muxer.Write(picture, output);
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(number => first + number * 3600L), GoldenStream.Demux([output.WrittenMemory]).Pictures.Select(picture => picture.Dts));
    }

    internal static List<Picture> Pictures(byte[] stream)
    {
        List<Picture> pictures = [];
        TsDemuxer demuxer = new(pictures.Add, (_, _) => { });
        demuxer.Push(stream, GoldenStream.Start);
        demuxer.Flush();
        return pictures;
    }

    /// <summary>A picture with slices of random bytes that contain no start code.</summary>
    internal static Picture SlicesOf(VideoFormat format, Random random, int number, long first = 0)
    {
        List<byte> data = [];
        for (var slice = 0; slice <= number % 3; slice++)
        {
            byte[] unit = [(byte)(number == 0 ? 0x65 : 0x41), (byte)(slice == 0 ? 0x88 : 0x48), 0x84, .. Enumerable.Range(0, random.Next(1, 700)).Select(_ => (byte)random.Next(1, 256))];
            data.AddRange([(byte)(unit.Length >> 24), (byte)(unit.Length >> 16), (byte)(unit.Length >> 8), (byte)unit.Length, .. unit]);
        }

        var rented = ArrayPool<byte>.Shared.Rent(data.Count);
        data.CopyTo(rented);
        return new Picture(format, rented, data.Count) { Pts = first + number * 3600, Dts = first + number * 3600, IsKey = number == 0 };
    }

    private static ArrayBufferWriter<byte> Remux(byte[] stream, bool withMetadata)
    {
        TsMuxer muxer = new(withMetadata);
        ArrayBufferWriter<byte> output = new();
        var number = 0;
        foreach (var picture in Pictures(stream))
        {
            muxer.Write(picture, output);
            Assert.Equal(withMetadata, muxer.WriteMetadata(Metadata(number), number % 2 == 0 ? picture.Dts : null, output));
            number++;
            picture.Dispose();
        }

        return output;
    }

    // Of every length around one and two packets.
    private static byte[] Metadata(int number)
    {
        var length = 130 + number * 5;
        return
        [
            0x06, 0x0E, 0x2B, 0x34, 0x02, 0x0B, 0x01, 0x01, 0x0E, 0x01, 0x03, 0x01, 0x01, 0, 0, 0, 0x82, (byte)(length >> 8), (byte)length,
            .. Enumerable.Range(0, length).Select(index => (byte)(index * 7 + number)),
        ];
    }

    private static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);

    private static async Task<byte[]> RunAsync(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        MemoryStream output = new();
        var complaints = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();
        Assert.Equal("", await complaints);
        Assert.Equal(0, process.ExitCode);
        return output.ToArray();
    }
}
