using System.Diagnostics;
using System.Globalization;

namespace DroneOps.Benchmarks.Video;

/// <summary>A camera's transport stream, made by ffmpeg before the measurement: 720p, 25 pictures a second, 3 Mbit/s, a key picture every second.</summary>
internal sealed class CameraStream
{
    public const int PicturesPerSecond = 25;

    private const int PacketLength = 188;
    private const int PacketsPerDatagram = 7;
    private const int OwnSeconds = 12; // coded once, then repeated with the time stamps going on

    private CameraStream(byte[] bytes, List<(int From, int To)> pictures) => (Bytes, Pictures) = (bytes, pictures);

    /// <summary>All of it.</summary>
    public byte[] Bytes { get; }

    /// <summary>Where the packets of each picture lie, with the tables before it.</summary>
    public IReadOnlyList<(int From, int To)> Pictures { get; }

    /// <summary>Cuts a picture into datagrams of at most seven packets.</summary>
    public static IEnumerable<Range> Datagrams((int From, int To) picture)
    {
        for (var at = picture.From; at < picture.To; at += PacketsPerDatagram * PacketLength)
            yield return at..Math.Min(at + (PacketsPerDatagram * PacketLength), picture.To);
    }

    /// <summary>Makes a stream of that length.</summary>
    public static async Task<CameraStream> MakeAsync(int seconds, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("droneops-bench-");
        try
        {
            var (once, whole) = (Path.Combine(folder.FullName, "once.ts"), Path.Combine(folder.FullName, "whole.ts"));
            await FfmpegAsync(
                ["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25", "-t", Text(OwnSeconds), "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "25",
                    "-b:v", "3M", "-minrate", "3M", "-maxrate", "3M", "-bufsize", "3M", "-f", "mpegts", once],
                cancellationToken);
            await FfmpegAsync(["-stream_loop", "-1", "-i", once, "-t", Text(seconds), "-c", "copy", "-f", "mpegts", whole], cancellationToken);
            var bytes = await File.ReadAllBytesAsync(whole, cancellationToken);
            return new(bytes, Cut(bytes));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // A picture begins with the packet of its PID that has the payload unit start indicator (ISO/IEC 13818-1, 2.4.3.2); 0x100 is ffmpeg's first stream.
    private static List<(int From, int To)> Cut(ReadOnlySpan<byte> bytes)
    {
        const int pictures = 0x100;
        List<(int, int)> found = [];
        var (from, tables, hasPicture) = (0, -1, false);
        for (var at = 0; at + PacketLength <= bytes.Length; at += PacketLength)
        {
            var pid = ((bytes[at + 1] & 0x1f) << 8) | bytes[at + 2];
            if (pid != pictures)
            {
                tables = tables < 0 ? at : tables;
                continue;
            }

            if ((bytes[at + 1] & 0x40) != 0)
            {
                var begin = tables >= 0 ? tables : at;
                if (hasPicture)
                    found.Add((from, begin));
                (from, hasPicture) = (begin, true);
            }

            tables = -1;
        }

        return found;
    }

    private static async Task FfmpegAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-nostdin", .. arguments]))!;
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"ffmpeg ended with {process.ExitCode}.");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
