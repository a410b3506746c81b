using DroneOps.Server.Fleet;

namespace DroneOps.Server.Video;

/// <summary>Where the cameras are and look, by the vehicle's telemetry, which knows where it is and where its nose points, and nothing of the gimbal.</summary>
internal sealed class CameraViews(VehicleBoard board)
{
    public CameraView? Of(VideoStream stream) =>
        board.Find(stream.Settings.VehicleId)?.Snapshot is { Position: { IsStale: false, Value: var position, At: var at } }
            ? new(at, position.Point, position.Amsl.Metres, position.HeadingDeg, null, null, null, null)
            : null;
}
