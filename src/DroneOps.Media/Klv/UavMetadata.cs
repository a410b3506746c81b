namespace DroneOps.Media.Klv;

/// <summary>What a drone says with its picture about itself and what the picture shows: the UAS Datalink Local Set of MISB ST 0601. A value that
/// was not sent, was sent as "out of range", or has a wrong length is null. Positions are WGS-84; altitudes are above mean sea level.</summary>
/// <remarks>The numbers in the comments are the tags of ST 0601, section 8.</remarks>
public sealed record UavMetadata
{
    /// <summary>2: when the values were true, in UTC, to the microsecond.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>3.</summary>
    public string? MissionId { get; init; }

    /// <summary>4.</summary>
    public string? TailNumber { get; init; }

    /// <summary>5: from true north, clockwise, 0 to 360.</summary>
    public double? PlatformHeadingDeg { get; init; }

    /// <summary>6: nose up positive.</summary>
    public double? PlatformPitchDeg { get; init; }

    /// <summary>7: right side down positive.</summary>
    public double? PlatformRollDeg { get; init; }

    /// <summary>10: the model of the drone.</summary>
    public string? PlatformDesignation { get; init; }

    /// <summary>11: which camera, for example <c>EO</c> or <c>IR</c>.</summary>
    public string? ImageSourceSensor { get; init; }

    /// <summary>12: the system of its coordinates, for example <c>Geodetic WGS84</c>.</summary>
    public string? ImageCoordinateSystem { get; init; }

    /// <summary>13 and 14: the camera.</summary>
    public GeoPoint? Sensor { get; init; }

    /// <summary>15: of the camera above mean sea level.</summary>
    public double? SensorAltitudeAmslM { get; init; }

    /// <summary>16: width of the field of view.</summary>
    public double? HorizontalFieldOfViewDeg { get; init; }

    /// <summary>17: height of the field of view.</summary>
    public double? VerticalFieldOfViewDeg { get; init; }

    /// <summary>18: the camera to the drone's nose, clockwise seen from above, 0 to 360.</summary>
    public double? SensorRelativeAzimuthDeg { get; init; }

    /// <summary>19: the camera to the drone's level, down negative.</summary>
    public double? SensorRelativeElevationDeg { get; init; }

    /// <summary>20: the camera about its own axis, clockwise, 0 to 360.</summary>
    public double? SensorRelativeRollDeg { get; init; }

    /// <summary>21: from the camera to the middle of the picture.</summary>
    public double? SlantRangeM { get; init; }

    /// <summary>22: width of what the picture shows, at its middle.</summary>
    public double? TargetWidthM { get; init; }

    /// <summary>23 and 24: what the middle of the picture shows.</summary>
    public GeoPoint? FrameCenter { get; init; }

    /// <summary>25: of the ground in the middle of the picture above mean sea level.</summary>
    public double? FrameCenterElevationAmslM { get; init; }

    /// <summary>What the corners of the picture show: upper left, upper right, lower right, lower left. Sent as full positions (82 to 89) or as
    /// distances from <see cref="FrameCenter"/> (26 to 33), of which the full ones go first. Null unless all four are known.</summary>
    public Footprint? Corners { get; init; }

    /// <summary>65: the version of ST 0601 that the sender follows.</summary>
    public int? Version { get; init; }

    /// <summary>What was sent beside these, as it was sent and in its order.</summary>
    public IReadOnlyList<UnknownItem> Unknown { get; init; } = [];
}

/// <summary>A place, WGS-84, degrees.</summary>
public readonly record struct GeoPoint(double LatitudeDeg, double LongitudeDeg);

/// <summary>The ground that a picture shows, by the corners of the picture.</summary>
public readonly record struct Footprint(GeoPoint UpperLeft, GeoPoint UpperRight, GeoPoint LowerRight, GeoPoint LowerLeft);

/// <summary>An item of a local set that is kept but not understood.</summary>
public sealed record UnknownItem(int Tag, ReadOnlyMemory<byte> Value);
