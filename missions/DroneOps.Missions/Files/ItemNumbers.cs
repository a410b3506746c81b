using DroneOps.Mavlink;

namespace DroneOps.Missions.Files;

/// <summary>The fifth and sixth parameter between files (doubles) and items (integers).</summary>
internal static class ItemNumbers
{
    /// <summary>MAVLink's "not given" for an integer coordinate (MISSION_ITEM_INT, COMMAND_INT: INT32_MAX).</summary>
    public const int NotGiven = int.MaxValue;

    /// <summary>Degrees as 1e-7 degree; null out of range.</summary>
    public static int? Degrees(double value, double most) => double.IsNaN(value) ? NotGiven
        : value >= -most && value <= most ? (int)Math.Round(value * GeoPoint.DegE7, MidpointRounding.AwayFromZero)
        : null;

    /// <summary>A plain number; null when it does not fit.</summary>
    public static int? Plain(double value) => double.IsNaN(value) ? NotGiven
        : value is > int.MinValue and < int.MaxValue ? (int)Math.Round(value, MidpointRounding.AwayFromZero)
        : null;
}
