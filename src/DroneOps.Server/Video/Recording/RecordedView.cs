using System.Security.Cryptography;
using System.Text.Json;

namespace DroneOps.Server.Video.Recording;

/// <summary>Where the camera of a recording was and what it saw at a moment: a line of <c>track.jsonl</c>, once a second.</summary>
/// <param name="At">When it was so.</param>
/// <param name="Lon">Of the camera, WGS-84.</param>
/// <param name="Lat">Of the camera.</param>
/// <param name="AltitudeAmslM">Its height above mean sea level.</param>
/// <param name="HeadingDeg">Where it looked, clockwise from north.</param>
/// <param name="PitchDeg">How far up; straight down is -90; null where the camera does not say.</param>
/// <param name="FovDeg">The horizontal angle of its picture.</param>
/// <param name="Center">What was in the middle, longitude and latitude.</param>
/// <param name="Footprint">The ground in the picture: its corners from upper left, clockwise.</param>
internal sealed record RecordedView(
    DateTimeOffset At, double Lon, double Lat, double AltitudeAmslM, double? HeadingDeg, double? PitchDeg, double? FovDeg, double[]? Center, IReadOnlyList<double[]>? Footprint)
{
    public static RecordedView Of(CameraView view) => new(
        view.At, view.Camera.LongitudeDeg, view.Camera.LatitudeDeg, view.AltitudeAmslM, view.HeadingDeg, view.PitchDeg, view.FovDeg,
        view.Center is { } center ? [center.LongitudeDeg, center.LatitudeDeg] : null,
        view.Footprint?.Select(corner => new[] { corner.LongitudeDeg, corner.LatitudeDeg }).ToList());
}

/// <summary>Where the camera was, beside its pictures: so a recording needs nothing else to say what it shows. The hash is in the closing statement.</summary>
internal sealed partial class RecordingFolder
{
    public const string TrackName = "track.jsonl";

    private bool _isTrackSealed;

    /// <summary>Adds a moment; after the end it is not taken. It is made durable with the end: a crash costs seconds of it, which the flight log has too.</summary>
    public void Follow(RecordedView view)
    {
        lock (_marking)
        {
            if (_isTrackSealed)
                return;
            using FileStream file = new(FileOf(TrackName), FileMode.Append, FileAccess.Write, FileShare.Read);
            file.Write([.. JsonSerializer.SerializeToUtf8Bytes(view, RecordingLedger.Json), (byte)'\n']);
        }
    }

    /// <summary>Ends the track.</summary>
    /// <returns>The hash of its file, hex; null when nothing is known of where the camera was.</returns>
    public string? SealTrack()
    {
        lock (_marking)
        {
            _isTrackSealed = true;
            if (!File.Exists(FileOf(TrackName)))
                return null;
            using FileStream file = new(FileOf(TrackName), FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
            file.Flush(flushToDisk: true);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
    }

    /// <summary>Where the camera was in a time, in order.</summary>
    public IReadOnlyList<RecordedView> ReadTrack(DateTimeOffset from, DateTimeOffset to)
    {
        lock (_marking)
            return [.. JsonLines.Read<RecordedView>(FileOf(TrackName)).Where(view => view.At >= from && view.At <= to).OrderBy(view => view.At)];
    }
}
