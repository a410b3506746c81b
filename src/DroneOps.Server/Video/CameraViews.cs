using DroneOps.Server.Fleet;

namespace DroneOps.Server.Video;

/// <summary>Where the cameras are and look: by what comes with the pictures, else by the vehicle's telemetry, which knows where it is and where its nose
/// points, and nothing of the gimbal.</summary>
internal sealed class CameraViews(VehicleBoard board)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    public CameraView? Of(VideoStream stream, DateTimeOffset now)
    {
        if (stream.View is { } told && now - told.At < Fresh)
            return told;
        return board.Find(stream.Settings.VehicleId)?.Snapshot is { Position: { IsStale: false, Value: var position, At: var at } }
            ? new(at, position.Point, position.Amsl.Metres, position.HeadingDeg, null, null, null, null)
            : null;
    }
}
