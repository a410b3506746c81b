using System.Diagnostics.Metrics;
using DroneOps.Server.Video.Rtsp;

namespace DroneOps.Server.Video;

/// <summary>Figures of the streams.</summary>
internal sealed class VideoMetrics : IHostedService, IDisposable
{
    private readonly Meter _meter;

    public VideoMetrics(IMeterFactory meters, VideoStreams streams, VideoAudience audience, RtspListening rtsp, TimeProvider time)
    {
        _meter = meters.Create("DroneOps.Video");
        _meter.CreateObservableGauge("video_viewers", () => audience.Count, description: "Who watches live");
        _meter.CreateObservableGauge("video_rtsp_connections", () => rtsp.Connections, description: "Viewers connected by RTSP");
        _meter.CreateObservableGauge("video_streams", () => CountByState(streams, time.GetUtcNow()), description: "Streams by state");
        _meter.CreateObservableCounter("video_pictures", () => Each(streams, stream => stream.Live.Pictures), description: "Pictures that came in");
        _meter.CreateObservableCounter("video_received_bytes", () => Each(streams, stream => stream.Figures.Bytes), "By", "Transport stream that came in");
        _meter.CreateObservableCounter("video_strangers", () => Each(streams, stream => stream.Figures.Strangers), description: "Datagrams of senders that are not listened to");
        _meter.CreateObservableCounter("video_garbage", () => Each(streams, stream => stream.Figures.Garbage), description: "Datagrams that are no transport stream");
        _meter.CreateObservableCounter("video_skipped_bytes", () => Each(streams, stream => stream.Figures.Skipped), "By", "Bytes between the packets of the transport stream");
        _meter.CreateObservableCounter("video_gaps", () => Each(streams, stream => stream.Figures.Gaps), description: "Places where packets were lost on the way");
        _meter.CreateObservableCounter("video_damaged_pictures", () => Each(streams, stream => stream.Figures.Damaged), description: "Pictures with bytes missing");
        _meter.CreateObservableCounter("video_disbelieved_times", () => Each(streams, stream => stream.Figures.Disbelieved), description: "Pictures that state a time too far from their arrival");
        _meter.CreateObservableCounter("video_source_starts", () => Each(streams, stream => stream.Figures.Starts), description: "How often a source was opened");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Each(VideoStreams streams, Func<VideoStream, long> figure) =>
        streams.All.Select(stream => new Measurement<long>(figure(stream), new KeyValuePair<string, object?>("stream", stream.Id)));

    private static IEnumerable<Measurement<int>> CountByState(VideoStreams streams, DateTimeOffset now) => streams.All
        .GroupBy(stream => stream.StateAt(now))
        .Select(group => new Measurement<int>(group.Count(), new KeyValuePair<string, object?>("state", group.Key.ToString().ToLowerInvariant())));
}
