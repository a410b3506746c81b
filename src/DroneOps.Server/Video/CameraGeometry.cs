using DroneOps.Missions.Geodesy;
using DroneOps.Mavlink;

namespace DroneOps.Server.Video;

/// <summary>Where a camera is and how it is turned.</summary>
/// <param name="Point">WGS-84.</param>
/// <param name="AltitudeAmslM">Above mean sea level, metres.</param>
/// <param name="Turn">How it is turned against north, east and down.</param>
/// <param name="HorizontalFovDeg">The horizontal angle of its picture.</param>
/// <param name="VerticalFovDeg">The vertical angle.</param>
internal readonly record struct CameraPose(GeoPoint Point, double AltitudeAmslM, Rotation Turn, double? HorizontalFovDeg, double? VerticalFovDeg);

/// <summary>A rotation from the axes of a body (forward, right, down) to north, east and down: yaw, then pitch, then roll, as aircraft are turned.</summary>
internal readonly record struct Rotation(
    double ForwardNorth, double ForwardEast, double ForwardDown, double RightNorth, double RightEast, double RightDown, double DownNorth, double DownEast, double DownDown)
{
    /// <summary>The rotation by angles in degrees; pitch is up positive, roll is right side down positive.</summary>
    public static Rotation Of(double yawDeg, double pitchDeg, double rollDeg)
    {
        var (sy, cy) = Math.SinCos(double.DegreesToRadians(yawDeg));
        var (sp, cp) = Math.SinCos(double.DegreesToRadians(pitchDeg));
        var (sr, cr) = Math.SinCos(double.DegreesToRadians(rollDeg));
        return new(
            cp * cy, cp * sy, -sp,
            (sr * sp * cy) - (cr * sy), (sr * sp * sy) + (cr * cy), sr * cp,
            (cr * sp * cy) + (sr * sy), (cr * sp * sy) - (sr * cy), cr * cp);
    }

    /// <summary>A camera that is turned within a platform: its angles count against the platform's axes (ST 0601 items 18 to 20).</summary>
    public Rotation Then(in Rotation inner)
    {
        var forward = Turn(inner.ForwardNorth, inner.ForwardEast, inner.ForwardDown);
        var right = Turn(inner.RightNorth, inner.RightEast, inner.RightDown);
        var down = Turn(inner.DownNorth, inner.DownEast, inner.DownDown);
        return new(forward.North, forward.East, forward.Down, right.North, right.East, right.Down, down.North, down.East, down.Down);
    }

    /// <summary>A direction of the body, in the world.</summary>
    public (double North, double East, double Down) Turn(double forward, double right, double down) => (
        (forward * ForwardNorth) + (right * RightNorth) + (down * DownNorth),
        (forward * ForwardEast) + (right * RightEast) + (down * DownEast),
        (forward * ForwardDown) + (right * RightDown) + (down * DownDown));
}

/// <summary>What a camera sees of flat ground. Pure.</summary>
internal static class CameraGeometry
{
    /// <summary>Beyond this a picture shows the horizon, and flat ground is no help.</summary>
    public const double FarthestM = 10_000;

    private const double Straight = 1e-9;

    /// <summary>Where the camera looks and what ground it sees.</summary>
    /// <param name="groundAmslM">How high the ground lies that it looks at.</param>
    public static CameraView Look(DateTimeOffset at, in CameraPose pose, double? groundAmslM)
    {
        var (north, east, down) = pose.Turn.Turn(1, 0, 0);
        var heading = Math.Abs(north) < Straight && Math.Abs(east) < Straight ? Azimuth(-pose.Turn.DownNorth, -pose.Turn.DownEast) : Azimuth(north, east);
        var pitch = double.RadiansToDegrees(Math.Asin(Math.Clamp(-down, -1, 1)));
        var height = pose.AltitudeAmslM - groundAmslM;
        return new(
            at, pose.Point, Math.Round(pose.AltitudeAmslM, 1), Math.Round(heading, 2), Math.Round(pitch, 2), pose.HorizontalFovDeg,
            height is { } above ? OnGround(pose, above, 0, 0) : null,
            height is { } over ? Corners(pose, over) : null);
    }

    /// <summary>The ground at a point of the picture; null where it shows sky, or ground beyond <see cref="FarthestM"/>.</summary>
    /// <param name="x">From -1 at the left edge to 1 at the right one.</param>
    /// <param name="y">From -1 at the upper edge to 1 at the lower one.</param>
    public static GeoPoint? OnGround(in CameraPose pose, double heightM, double x, double y)
    {
        var right = x * Math.Tan(double.DegreesToRadians((pose.HorizontalFovDeg ?? 0) / 2));
        var below = y * Math.Tan(double.DegreesToRadians((pose.VerticalFovDeg ?? 0) / 2));
        var (north, east, down) = pose.Turn.Turn(1, right, below);
        if (heightM <= 0 || down <= Straight)
            return null;
        var (toNorth, toEast) = (north / down * heightM, east / down * heightM);
        var distance = Math.Sqrt((toNorth * toNorth) + (toEast * toEast));
        return distance > FarthestM ? null : distance < Straight ? pose.Point : Geodesic.Direct(pose.Point, Azimuth(toNorth, toEast), distance);
    }

    private static GeoPoint[]? Corners(in CameraPose pose, double heightM)
    {
        if (pose.HorizontalFovDeg is not (> 0 and < 180) || pose.VerticalFovDeg is not (> 0 and < 180))
            return null;
        return OnGround(pose, heightM, -1, -1) is { } upperLeft && OnGround(pose, heightM, 1, -1) is { } upperRight
            && OnGround(pose, heightM, 1, 1) is { } lowerRight && OnGround(pose, heightM, -1, 1) is { } lowerLeft
            ? [upperLeft, upperRight, lowerRight, lowerLeft]
            : null;
    }

    private static double Azimuth(double north, double east) => (double.RadiansToDegrees(Math.Atan2(east, north)) + 360) % 360;
}
