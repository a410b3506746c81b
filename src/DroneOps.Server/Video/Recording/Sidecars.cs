using System.Globalization;
using System.Text;
using DroneOps.Media.Klv;

namespace DroneOps.Server.Video.Recording;

/// <summary>What stands beside an exported picture, in the forms that other programs read. Pure.</summary>
internal static class Sidecars
{
    /// <summary>The version of ST 0601 whose items are written.</summary>
    private const int Version = 19;
    private static readonly TimeSpan LongestCue = TimeSpan.FromSeconds(2);

    /// <summary>Subtitles (SubRip) that any player shows: when and where, once a second.</summary>
    /// <param name="begin">When the first picture was taken.</param>
    public static byte[] Subtitles(IReadOnlyList<RecordedView> track, DateTimeOffset begin, DateTimeOffset end)
    {
        StringBuilder text = new();
        for (var i = 0; i < track.Count; i++)
        {
            var view = track[i];
            var until = i + 1 < track.Count ? track[i + 1].At : end;
            if (until - view.At > LongestCue)
                until = view.At + LongestCue;
            text.Append(CultureInfo.InvariantCulture, $"{i + 1}\n{Cue(view.At - begin)} --> {Cue(until - begin)}\n");
            text.Append(CultureInfo.InvariantCulture, $"{view.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z  {view.Lat:0.000000} {view.Lon:0.000000}  {view.AltitudeAmslM:0} m");
            if (view.HeadingDeg is { } heading)
                text.Append(CultureInfo.InvariantCulture, $"  {heading:0}°");
            if (view.PitchDeg is { } pitch)
                text.Append(CultureInfo.InvariantCulture, $"  {pitch:0}°");
            if (view.Center is [var lon, var lat])
                text.Append(CultureInfo.InvariantCulture, $"\n+ {lat:0.000000} {lon:0.000000}");
            text.Append("\n\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>MISB ST 0601 packets, one after the other, as a STANAG 4609 player takes them.</summary>
    public static byte[] Klv(IReadOnlyList<RecordedView> track, RecordingIdentity identity)
    {
        using MemoryStream packets = new();
        var buffer = new byte[UavMetadataCodec.LongestKnown];
        foreach (var view in track)
            packets.Write(buffer, 0, UavMetadataCodec.Write(Metadata(view, identity), buffer));
        return packets.ToArray();
    }

    private static UavMetadata Metadata(RecordedView view, RecordingIdentity identity) => new()
    {
        At = view.At,
        MissionId = identity.TaskLabel ?? identity.Id.ToString(),
        TailNumber = identity.VehicleId,
        ImageSourceSensor = identity.StreamId.EndsWith("thermal", StringComparison.Ordinal) ? "IR" : "EO",
        ImageCoordinateSystem = "Geodetic WGS84",
        Sensor = new(view.Lat, view.Lon),
        SensorAltitudeAmslM = view.AltitudeAmslM,

        // Where the camera looks is all that is known: said as of a platform that stands level and looks there.
        PlatformHeadingDeg = view.HeadingDeg is { } heading ? (heading + 360) % 360 : null,
        PlatformPitchDeg = view.PitchDeg is null ? null : 0,
        PlatformRollDeg = view.PitchDeg is null ? null : 0,
        SensorRelativeAzimuthDeg = view.PitchDeg is null ? null : 0,
        SensorRelativeElevationDeg = view.PitchDeg,
        HorizontalFieldOfViewDeg = view.FovDeg,
        FrameCenter = view.Center is [var lon, var lat] ? new(lat, lon) : null,
        Corners = view.Footprint is [[var ulLon, var ulLat], [var urLon, var urLat], [var lrLon, var lrLat], [var llLon, var llLat]]
            ? new(new(ulLat, ulLon), new(urLat, urLon), new(lrLat, lrLon), new(llLat, llLon))
            : null,
        Version = Version,
    };

    private static string Cue(TimeSpan time)
    {
        if (time < TimeSpan.Zero)
            time = TimeSpan.Zero;
        return string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours:00}:{time.Minutes:00}:{time.Seconds:00},{time.Milliseconds:000}");
    }
}
