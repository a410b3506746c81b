using System.Globalization;
using DroneOps.Media.TransportStream;

namespace DroneOps.Tests.Media;

/// <summary>A file made by ffmpeg and what ffprobe says of it (tests/Golden/media/README.md).</summary>
internal sealed class GoldenStream(string name)
{
    public static readonly DateTimeOffset Start = new(2026, 11, 28, 6, 0, 0, TimeSpan.Zero);

    public static GoldenStream Reordered { get; } = new("avc-reordered");

    public static GoldenStream Camera { get; } = new("avc-camera");

    public static GoldenStream Hevc { get; } = new("hevc");

    public byte[] Bytes { get; } = Read(name + ".ts");

    /// <summary>The pictures, by ffprobe.</summary>
    public IReadOnlyList<Seen> Truth { get; } =
    [
        .. File.ReadLines(Checkout.Golden("media", name + ".csv")).Select(line => line.Split(','))
            .Select(cells => new Seen(Number(cells[0]), Number(cells[1]), cells[2].Contains('K', StringComparison.Ordinal), (int)Number(cells[^2]), cells[^1])),
    ];

    /// <summary>The decoder configuration record, by ffmpeg.</summary>
    public byte[] Configuration { get; } = Convert.FromHexString(File.ReadLines(Checkout.Golden("media", name + ".txt")).Last());

    public static string PathOf(string file) => Checkout.Golden("media", file);

    public static byte[] Read(string file) => File.ReadAllBytes(PathOf(file));

    public static (List<Seen> Pictures, TsDemuxer Demuxer) Demux(IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        List<Seen> pictures = [];
        TsDemuxer demuxer = new(picture => pictures.Add(Seen.Of(picture)), (_, _) => { });
        foreach (var piece in pieces)
            demuxer.Push(piece.Span, Start);
        demuxer.Flush();
        return (pictures, demuxer);
    }

    /// <summary>The stream in pieces of these lengths, the last one over and over.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Cut(byte[] bytes, params int[] lengths)
    {
        var position = 0;
        for (var i = 0; position < bytes.Length; i++)
        {
            var length = Math.Min(lengths[Math.Min(i, lengths.Length - 1)], bytes.Length - position);
            yield return bytes.AsMemory(position, length);
            position += length;
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
