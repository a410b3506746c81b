using System.Buffers;
using System.Buffers.Binary;
using DroneOps.Media;
using DroneOps.Media.Mp4;

namespace DroneOps.Tests.Media.Mp4;

/// <summary>Real pictures for tests: those of a file that ffmpeg wrote, as a source would bring them.</summary>
internal static class Mp4Pictures
{
    /// <summary>What the reader finds in a file.</summary>
    public static FragmentIndex Index(ReadOnlySpan<byte> file)
    {
        FragmentIndex index = new();
        index.Append(file);
        return index;
    }

    /// <summary>The pictures of a file, on a clock of 90,000 ticks that begins at <paramref name="firstDts"/>; the caller disposes of them.</summary>
    public static List<Picture> Read(byte[] file, long firstDts, DateTimeOffset firstAt)
    {
        var index = Index(file);
        if (index.Problem is { } problem)
            throw new InvalidDataException(problem);
        var format = FormatOf(index);
        List<Picture> pictures = [];
        foreach (var sample in index.Fragments.SelectMany(fragment => fragment.Samples))
        {
            var buffer = ArrayPool<byte>.Shared.Rent(sample.Size);
            file.AsSpan((int)sample.Offset, sample.Size).CopyTo(buffer);
            var dts = sample.Dts * Picture.Clock / index.Timescale;
            pictures.Add(new Picture(format, buffer, sample.Size)
            {
                Dts = firstDts + dts,
                Pts = firstDts + (sample.Pts * Picture.Clock / index.Timescale),
                IsKey = sample.IsKey,
                ReceivedAt = firstAt.AddTicks(dts * TimeSpan.TicksPerSecond / Picture.Clock),
            });
        }

        return pictures;
    }

    /// <summary>The format that a file states.</summary>
    public static VideoFormat FormatOf(FragmentIndex index)
    {
        var configuration = index.Configuration.Span;
        var codec = index.Codec == VideoCodec.H264
            ? $"avc1.{configuration[1]:X2}{configuration[2]:X2}{configuration[3]:X2}"
            : $"hvc1.{configuration[1] & 31}.{BinaryPrimitives.ReverseEndianness(BinaryPrimitives.ReadUInt32BigEndian(configuration[2..])):X}.L{configuration[12]}";
        return new VideoFormat(index.Codec, index.Width, index.Height, codec, index.Configuration, []);
    }
}
