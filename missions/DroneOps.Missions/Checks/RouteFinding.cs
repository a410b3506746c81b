using DroneOps.Mavlink;
using DroneOps.Missions.Flight;
using DroneOps.Missions.Zones;

namespace DroneOps.Missions.Checks;

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>Good to know; the route may be flown.</summary>
    Note,

    /// <summary>Someone should look; the route may be flown.</summary>
    Warning,

    /// <summary>The route must not be flown like this.</summary>
    Error,
}

/// <summary>The closed set of rules a route is checked against. <see cref="RouteRules.Code"/> gives the stable name of each.</summary>
public enum RouteRule
{
    /// <summary>There are no legs.</summary>
    NoLegs,

    /// <summary>A position is out of range or not a number.</summary>
    PositionInvalid,

    /// <summary>A height is not a number or its datum cannot be converted here.</summary>
    HeightUnknown,

    /// <summary>A speed is not between 0.1 m/s and the airframe's highest.</summary>
    SpeedOutOfRange,

    /// <summary>A circle's radius or number of turns makes no sense, or its entry does not lie on it.</summary>
    OrbitInvalid,

    /// <summary>A dwell is negative or longer than a day.</summary>
    DwellInvalid,

    /// <summary>A leg is longer than allowed: often a mistyped or swapped coordinate.</summary>
    LegTooLong,

    /// <summary>A leg ends where it starts.</summary>
    LegWithoutLength,

    /// <summary>The line, circle or climb comes within the margin of a keep-out zone.</summary>
    EntersKeepOut,

    /// <summary>The line, circle or climb leaves the keep-in zones or comes within the margin of their edge.</summary>
    LeavesKeepIn,

    /// <summary>The camera records inside a no-record zone.</summary>
    RecordsInNoRecord,

    /// <summary>The line or circle passes a caution zone.</summary>
    EntersCaution,

    /// <summary>From somewhere on the leg the vehicle's own return would come within the margin of a keep-out zone.</summary>
    WayHomeEntersKeepOut,

    /// <summary>From somewhere on the leg the vehicle's own return would leave the keep-in zones.</summary>
    WayHomeLeavesKeepIn,

    /// <summary>The height above the ground exceeds the ceiling.</summary>
    AboveCeiling,

    /// <summary>The vehicle's own return would exceed the ceiling.</summary>
    WayHomeAboveCeiling,

    /// <summary>The height above the ground is less than the clearance.</summary>
    TooLow,

    /// <summary>The vehicle's own return would come lower over the ground than the clearance.</summary>
    WayHomeTooLow,

    /// <summary>The wind is stronger than the airframe's limit.</summary>
    WindAboveLimit,

    /// <summary>The wind does not let the airframe hold the track.</summary>
    WindTooStrong,

    /// <summary>The wind or a circle's radius makes a leg slower than asked.</summary>
    SlowerThanAsked,

    /// <summary>The battery does not last to the end of the leg.</summary>
    EnergyExhausted,

    /// <summary>Turning home at the end of the leg would land with less than the reserve: the point of no return is passed.</summary>
    WayHomeBelowReserve,

    /// <summary>The route as planned lands with less than the reserve.</summary>
    LandsBelowReserve,

    /// <summary>The route ends in the air.</summary>
    EndsInAir,

    /// <summary>No terrain was given: heights above ground assume flat ground at the launch point's height.</summary>
    GroundAssumedFlat,

    /// <summary>Zones with times were treated as holding, because the start time is not known.</summary>
    StartTimeUnknown,
}

/// <summary>One thing found about a route.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Rule">The rule.</param>
/// <param name="LegIndex">The leg, from 0; null for the take-off or the route as a whole.</param>
/// <param name="Where">The first place it holds, WGS-84; null for the route as a whole.</param>
/// <param name="Amount">How much, in the rule's own unit (<see cref="RouteRules.Unit"/>).</param>
/// <param name="ZoneId">The zone, where there is one.</param>
/// <param name="Message">The finding in English; the console translates by <see cref="Code"/>.</param>
public sealed record RouteFinding(
    FindingSeverity Severity, RouteRule Rule, int? LegIndex, GeoPoint? Where, double Amount, string? ZoneId, string Message)
{
    /// <summary>The rule's stable name.</summary>
    public string Code => RouteRules.Code(Rule);
}

/// <summary>What a check found.</summary>
/// <param name="Findings">Everything found, in the order of the legs.</param>
/// <param name="Estimate">Time and energy; null when positions, heights or speeds are too wrong to estimate.</param>
/// <param name="BatteryAtLandingPercent">What is left at the end, percent of full; null without an estimate.</param>
public sealed record RouteReport(IReadOnlyList<RouteFinding> Findings, RouteEstimate? Estimate, double? BatteryAtLandingPercent)
{
    /// <summary>Whether nothing found forbids flying it.</summary>
    public bool IsFlyable => Findings.All(static finding => finding.Severity != FindingSeverity.Error);
}

/// <summary>Names and units of the rules.</summary>
public static class RouteRules
{
    /// <summary>The stable machine-readable name of a rule, for example <c>route.entersKeepOut</c>.</summary>
    public static string Code(RouteRule rule)
    {
        var name = rule.ToString();
        return $"route.{char.ToLowerInvariant(name[0])}{name[1..]}";
    }

    /// <summary>The unit of a finding's amount: <c>m</c>, <c>m/s</c>, <c>s</c>, <c>%</c>, or empty where there is no amount.</summary>
    public static string Unit(RouteRule rule) => rule switch
    {
        RouteRule.LegTooLong or RouteRule.EntersKeepOut or RouteRule.LeavesKeepIn or RouteRule.RecordsInNoRecord or RouteRule.EntersCaution
            or RouteRule.AboveCeiling or RouteRule.WayHomeAboveCeiling or RouteRule.TooLow or RouteRule.WayHomeTooLow or RouteRule.OrbitInvalid => "m",
        RouteRule.SpeedOutOfRange or RouteRule.WindAboveLimit or RouteRule.WindTooStrong or RouteRule.SlowerThanAsked => "m/s",
        RouteRule.DwellInvalid => "s",
        RouteRule.EnergyExhausted or RouteRule.WayHomeBelowReserve or RouteRule.LandsBelowReserve => "%",
        _ => "",
    };
}

/// <summary>What a route is checked against.</summary>
public sealed record CheckConditions
{
    /// <summary>Launch point and ground.</summary>
    public required HeightFrame Heights { get; init; }

    /// <summary>The airframe.</summary>
    public required AirframeProfile Airframe { get; init; }

    /// <summary>The wind.</summary>
    public Wind Wind { get; init; }

    /// <summary>Every zone there is; those that do not matter are passed over.</summary>
    public IReadOnlyList<GeoZone> Zones { get; init; } = [];

    /// <summary>When it lifts off; null when that is not known, and then zones with times count as holding.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>The highest true height (above ground), metres: 120 without approval (Interim Regulations on UAS flight). Null where an
    /// approval lifts it.</summary>
    public double? CeilingAglM { get; init; } = 120;

    /// <summary>The lowest height above ground on legs, circles and the way home, metres.</summary>
    public double ClearanceM { get; init; } = 10;

    /// <summary>The distance kept from keep-out zones and the edges of keep-in zones, metres.</summary>
    public double MarginM { get; init; } = 10;

    /// <summary>How much it matters when the vehicle's own straight way home would break a zone: an error, unless the aircraft goes around its
    /// fences by itself (ArduPilot with OA_TYPE set) or a person accepts it.</summary>
    public FindingSeverity WayHomeSeverity { get; init; } = FindingSeverity.Error;

    /// <summary>The longest leg that is not taken for a slip, metres.</summary>
    public double LongestLegM { get; init; } = 10_000;

    /// <summary>The battery at lift-off, percent of full.</summary>
    public double BatteryPercent { get; init; } = 100;
}
