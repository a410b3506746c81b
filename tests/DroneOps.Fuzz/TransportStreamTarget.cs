using System.Buffers.Binary;
using DroneOps.Media;
using DroneOps.Media.TransportStream;

namespace DroneOps.Fuzz;

/// <summary>The demuxer: every picture consists of whole NAL units, time never runs backwards, and how the bytes are cut does not matter.</summary>
internal sealed class TransportStreamTarget : IFuzzTarget
{
    private static readonly DateTimeOffset At = new(2026, 11, 28, 6, 0, 0, TimeSpan.Zero);

    public string Name => "transport-stream";

    public void Run(ReadOnlySpan<byte> input)
    {
        var whole = Demux(input, input.Length);
        var cut = Demux(input, 1 + input.Length % 500);
        if (!whole.SequenceEqual(cut))
            throw new InvalidOperationException($"{whole.Count} pictures in one piece and {cut.Count} others in several.");
    }

    private static List<(long, long, int, bool)> Demux(ReadOnlySpan<byte> input, int pieces)
    {
        List<(long Pts, long Dts, int Length, bool IsKey)> pictures = [];
        TsDemuxer demuxer = new(
            picture =>
            {
                using (picture)
                {
                    Check(picture);
                    if (pictures.Count > 0 && picture.Dts < pictures[^1].Dts)
                        throw new InvalidOperationException("A picture is to be decoded before the one before it.");
                    pictures.Add((picture.Pts, picture.Dts, picture.Data.Length, picture.IsKey));
                }
            },
            (packet, _) =>
            {
                if (packet.Length < 17)
                    throw new InvalidOperationException("A metadata packet without a key and a length.");
            });
        for (var rest = input; !rest.IsEmpty;)
        {
            var length = Math.Clamp(pieces, 1, rest.Length);
            demuxer.Push(rest[..length], At);
            rest = rest[length..];
        }

        demuxer.Flush();
        return pictures;
    }

    private static void Check(Picture picture)
    {
        if (picture.Format.Width is < 1 or > 8192 || picture.Format.Height is < 1 or > 8192)
            throw new InvalidOperationException($"A picture of {picture.Format.Width} x {picture.Format.Height}.");
        var data = picture.Data.Span;
        while (!data.IsEmpty)
            data = data[(4 + BinaryPrimitives.ReadInt32BigEndian(data))..];
    }
}
