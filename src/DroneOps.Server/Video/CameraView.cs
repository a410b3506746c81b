using DroneOps.Mavlink;

namespace DroneOps.Server.Video;

/// <summary>Where a camera is and what it sees. Null is "not known".</summary>
/// <param name="At">When it was so.</param>
/// <param name="Camera">Where it is, WGS-84.</param>
/// <param name="AltitudeAmslM">Its height above mean sea level, metres.</param>
/// <param name="HeadingDeg">Where it looks, clockwise from north.</param>
/// <param name="PitchDeg">How far up it looks; straight down is -90.</param>
/// <param name="FovDeg">The horizontal angle of its picture.</param>
/// <param name="Center">What is in the middle of the picture.</param>
/// <param name="Footprint">The ground in the picture: its corners from upper left, clockwise.</param>
internal sealed record CameraView(
    DateTimeOffset At, GeoPoint Camera, double AltitudeAmslM, double? HeadingDeg, double? PitchDeg, double? FovDeg, GeoPoint? Center, IReadOnlyList<GeoPoint>? Footprint);
