using DroneOps.Media;

namespace DroneOps.Server.Video;

/// <summary>A stream as the API shows it. Null is "not known".</summary>
internal sealed record StreamView(
    string Id, string VehicleId, VideoKind Kind, string Name, StreamState State, double? LatencyMs, int Viewers, bool Recording, int? Width, int? Height, VideoCodec? Codec, double? AgeMs, string? Trouble)
{
    public static StreamView Of(VideoStream stream, DateTimeOffset now)
    {
        var (settings, format) = (stream.Settings, stream.Live.Format);
        return new(
            stream.Id,
            settings.VehicleId,
            settings.Kind,
            settings.Name,
            stream.StateAt(now),
            stream.LatencyMs is { } latency ? Math.Round(latency) : null,
            stream.Audience,
            stream.IsRecorded,
            format?.Width,
            format?.Height,
            format?.Codec,
            stream.AgeAt(now) is { } age ? Math.Round(age.TotalMilliseconds) : null,
            stream.Trouble);
    }
}
