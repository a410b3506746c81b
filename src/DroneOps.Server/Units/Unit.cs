using DroneOps.Mavlink;
using DroneOps.Server.Airspace;

namespace DroneOps.Server.Units;

/// <summary>What a crew is doing, as its own system says.</summary>
internal enum UnitStatus
{
    Available,
    Dispatched,
    OnScene,
    OffDuty,
}

/// <summary>A ground crew with its newest position. Only the newest is kept: where officers were an hour ago is nobody's business here.</summary>
/// <param name="CallSign">What it is called on the radio; unique.</param>
/// <param name="Point">WGS-84.</param>
/// <param name="PositionAt">When the crew's device fixed it, by its own clock.</param>
/// <param name="HeadingDeg">Degrees from true north, or null.</param>
/// <param name="SpeedMps">Metres per second over ground, or null.</param>
/// <param name="Status">What it is doing.</param>
/// <param name="Tier">Its patrol tier, once somebody has entered it.</param>
/// <param name="DutyMode">The id of its duty mode, once somebody has entered it.</param>
internal sealed record Unit(
    string CallSign, GeoPoint Point, DateTimeOffset PositionAt, double? HeadingDeg, double? SpeedMps, UnitStatus Status, PatrolTier? Tier, string? DutyMode);

/// <summary>A report of a crew's position (automatic vehicle location, AVL).</summary>
internal sealed record UnitReport(string CallSign, GeoPoint Point, DateTimeOffset At, double? HeadingDeg, double? SpeedMps, UnitStatus? Status);
