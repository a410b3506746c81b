using DroneOps.Media;
using DroneOps.Media.Klv;
using DroneOps.Media.TransportStream;

namespace DroneOps.Server.Video;

/// <summary>Takes the bytes of one open source apart, and publishes its pictures.</summary>
/// <remarks>Owner: the thread of the source's input.</remarks>
internal sealed partial class StreamIntake : IDisposable
{
    private readonly VideoStream _stream;
    private readonly FirstPictures _firsts;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TsDemuxer _demuxer;
    private MediaCounters _counted;

    public StreamIntake(VideoStream stream, FirstPictures firsts, TimeProvider time, ILogger logger)
    {
        (_stream, _firsts, _time, _logger) = (stream, firsts, time, logger);
        _demuxer = new(Publish, Look) { IsReopened = stream.Live.Pictures > 0 };
    }

    public StreamFigures Figures => _stream.Figures;

    /// <summary>Takes the next bytes in, cut anywhere.</summary>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        Figures.AddBytes(bytes.Length);
        _demuxer.Push(bytes, _time.GetUtcNow());
    }

    /// <summary>The source is closed: the picture that waits for its end is given out.</summary>
    public void Dispose()
    {
        _demuxer.Flush();
        Count();
    }

    private void Publish(Picture picture)
    {
        _firsts.Show(_stream.Settings, picture.ReceivedAt);
        if (picture.CapturedAt is { } taken)
            _stream.Measure(picture.ReceivedAt - taken);
        _stream.Live.Publish(picture);
        Count();
    }

    private void Look(ReadOnlySpan<byte> packet, long? pts)
    {
        if (UavMetadataCodec.Read(packet) is UavMetadataResult.Read { Metadata: var metadata } && MetadataView.Of(metadata, _time.GetUtcNow()) is { } view)
            _stream.Look(view);
    }

    private void Count()
    {
        var now = _demuxer.Counters;
        var believed = Figures.Disbelieved == 0;
        Figures.Add(now, _counted);
        _counted = now;

        // Once: it is so for each picture from then on, and the figure says how often.
        if (believed && Figures.Disbelieved > 0)
            LogDisbelieved(_stream.Id);
    }

    [LoggerMessage(LogLevel.Warning, "Video {Stream} states a time that is too far from its arrival: the clock of the camera is wrong, or this one, or the link is that slow. Such pictures are dated by their arrival")]
    private partial void LogDisbelieved(string stream);
}
