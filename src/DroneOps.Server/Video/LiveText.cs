using System.Text.Json;
using DroneOps.Media;

namespace DroneOps.Server.Video;

/// <summary>What is said beside the pictures of a live stream, as JSON. Pure.</summary>
internal static class LiveText
{
    /// <summary>What the pictures that follow are coded with.</summary>
    public static byte[] Format(VideoFormat format) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        type = "format",
        codec = format.CodecString,
        width = format.Width,
        height = format.Height,
        description = Convert.ToBase64String(format.Configuration.Span),
        mime = $"video/mp4; codecs=\"{format.CodecString}\"",
    });

    /// <summary>How the stream is from now on.</summary>
    public static byte[] State(StreamState state, TimeSpan? age) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        type = "state",
        state = state.ToString().ToLowerInvariant(),
        ageMs = age is { } known ? Math.Round(known.TotalMilliseconds) : (double?)null,
    });

    /// <summary>Where the camera is and what it sees.</summary>
    public static byte[] View(CameraView view) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        type = "view",
        at = view.At.UtcDateTime,
        camera = new { lat = view.Camera.LatitudeDeg, lon = view.Camera.LongitudeDeg, altitudeAmslM = view.AltitudeAmslM },
        center = view.Center is { } center ? new { lat = center.LatitudeDeg, lon = center.LongitudeDeg } : null,
        footprint = view.Footprint?.Select(corner => new[] { corner.LongitudeDeg, corner.LatitudeDeg }),
        headingDeg = view.HeadingDeg,
        pitchDeg = view.PitchDeg,
        fovDeg = view.FovDeg,
    });
}
