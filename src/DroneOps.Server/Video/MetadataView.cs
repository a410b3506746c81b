using DroneOps.Media.Klv;
using GeoPoint = DroneOps.Mavlink.GeoPoint;

namespace DroneOps.Server.Video;

/// <summary>From what a camera says with its picture (MISB ST 0601) to where it is and what it sees. Pure.</summary>
internal static class MetadataView
{
    /// <summary>The view; null when the metadata does not say where the camera is.</summary>
    /// <param name="metadata">What came with the picture.</param>
    /// <param name="at">When it arrived, by our clock: the camera's own may be wrong by hours.</param>
    public static CameraView? Of(UavMetadata metadata, DateTimeOffset at)
    {
        if (metadata is not { Sensor: { } sensor, SensorAltitudeAmslM: { } altitude })
            return null;
        var middle = metadata.FrameCenter is { } center ? Place(center) : (GeoPoint?)null;
        var corners = metadata.Corners is { } four ? new[] { Place(four.UpperLeft), Place(four.UpperRight), Place(four.LowerRight), Place(four.LowerLeft) } : null;
        if (metadata.PlatformHeadingDeg is not { } heading || metadata.SensorRelativeElevationDeg is not { } elevation)
            return new(at, Place(sensor), Math.Round(altitude, 1), null, null, metadata.HorizontalFieldOfViewDeg, middle, corners);

        // What the camera says it sees goes before what follows from its angles: it may know the ground.
        var turn = Rotation.Of(heading, metadata.PlatformPitchDeg ?? 0, metadata.PlatformRollDeg ?? 0)
            .Then(Rotation.Of(metadata.SensorRelativeAzimuthDeg ?? 0, elevation, metadata.SensorRelativeRollDeg ?? 0));
        var pose = new CameraPose(Place(sensor), altitude, turn, metadata.HorizontalFieldOfViewDeg, metadata.VerticalFieldOfViewDeg);
        var computed = CameraGeometry.Look(at, pose, metadata.FrameCenterElevationAmslM);
        return computed with { Center = middle ?? computed.Center, Footprint = corners ?? computed.Footprint };
    }

    private static GeoPoint Place(DroneOps.Media.Klv.GeoPoint point) => new(point.LatitudeDeg, point.LongitudeDeg);
}
