using System.Buffers;
using System.Globalization;
using DroneOps.Benchmarks.Video;
using DroneOps.Media;
using DroneOps.Media.TransportStream;

namespace DroneOps.Benchmarks;

/// <summary>Taking a camera's stream apart and putting it together again on one core: 720p, 25 pictures a second, 3 Mbit/s, in datagrams of seven
/// packets as they come over UDP. The stream is made by ffmpeg before.</summary>
internal sealed class MediaBenchmark : ISystemBenchmark
{
    private const int Datagram = 7 * 188;
    private const int Passes = 15;
    private const int Seconds = 12;
    private const double Target = 1000; // Mbit/s: three hundred streams on one core leave room for everything else

    public string Name => "media";

    public string Summary => "transport streams demuxed and muxed, Mbit/s on one core, bytes allocated per picture";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var stream = (await CameraStream.MakeAsync(Seconds, cancellationToken)).Bytes;
        Console.WriteLine(Machine.Describe());
        List<Picture> pictures = [];
        Demux(stream, pictures.Add);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stream.Length * 8 / (pictures.Count / 25.0) / 1e6:0.0} Mbit/s, {pictures.Count} pictures"));
        var demuxed = Best("demux", stream.Length, pictures.Count, () => Demux(stream, picture => picture.Dispose()));
        ArrayBufferWriter<byte> output = new(2 * stream.Length);
        Best("mux", stream.Length, pictures.Count, () =>
        {
            output.ResetWrittenCount();
            TsMuxer muxer = new(hasMetadata: false);
            foreach (var picture in pictures)
                muxer.Write(picture, output);
        });
        return demuxed >= Target ? 0 : 1;
    }

    private static void Demux(byte[] stream, Action<Picture> onPicture)
    {
        TsDemuxer demuxer = new(onPicture, (_, _) => { });
        for (var position = 0; position < stream.Length; position += Datagram)
            demuxer.Push(stream.AsSpan(position, Math.Min(Datagram, stream.Length - position)), default);
        demuxer.Flush();
    }

    private static double Best(string what, int bytes, int pictures, Action pass)
    {
        var rates = new double[Passes];
        var allocated = 0L;
        for (var i = 0; i < Passes; i++)
        {
            allocated = GC.GetAllocatedBytesForCurrentThread();
            var began = CpuClock.OfThread();
            pass();
            rates[i] = bytes * 8 / (CpuClock.OfThread() - began).TotalSeconds / 1e6;
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        }

        // The best pass, since whatever else the machine does can only slow one down; the median stands beside it.
        Array.Sort(rates);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what,-8} best {rates[^1],8:0} Mbit/s   median {rates[Passes / 2],8:0} Mbit/s   {allocated / pictures} B allocated per picture"));
        return rates[^1];
    }
}
