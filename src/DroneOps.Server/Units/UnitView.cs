using DroneOps.Server.Airspace;

namespace DroneOps.Server.Units;

/// <summary>A crew as the API shows it.</summary>
/// <param name="AgeS">Seconds since its position was fixed.</param>
/// <param name="IsStale">Whether the position is too old to be trusted.</param>
internal sealed record UnitView(
    string CallSign, PointGeometry Location, DateTimeOffset PositionAt, double AgeS, bool IsStale, double? HeadingDeg, double? SpeedMps, UnitStatus Status, PatrolTier? Tier, string? DutyMode)
{
    public static UnitView Of(Unit unit, DateTimeOffset now, UnitsOptions options)
    {
        var age = Math.Max(0, Math.Round((now - unit.PositionAt).TotalSeconds, 1));
        return new(
            unit.CallSign, new("Point", [unit.Point.LongitudeDeg, unit.Point.LatitudeDeg]), unit.PositionAt, age, age > options.StaleAfterS, unit.HeadingDeg, unit.SpeedMps, unit.Status, unit.Tier,
            unit.DutyMode);
    }
}
