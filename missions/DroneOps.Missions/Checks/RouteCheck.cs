using System.Globalization;
using DroneOps.Mavlink;
using DroneOps.Missions.Flight;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Zones;

namespace DroneOps.Missions.Checks;

/// <summary>Checks a route before it is flown: every straight line, circle, climb and hover, and the vehicle's own way home from every
/// point of them, against zones, ceiling, clearance and energy. Pure.</summary>
/// <remarks>
/// <para>Lines are not sampled: a leg is clipped by a zone's heights exactly and then crossed with its outline. The way home from
/// every point of a leg sweeps a triangle (leg and home); the triangle is what is tested, so no point of the leg is missed. Only
/// terrain is sampled, every 30 m.</para>
/// <para>The way home is what autopilots fly: climb on the spot to the return height if below it, straight line, landing.</para>
/// </remarks>
public sealed partial class RouteCheck
{
    private readonly Route _route;
    private readonly CheckConditions _conditions;
    private readonly LocalPlane _plane;
    private readonly List<RouteFinding> _findings = [];

    private RouteCheck(Route route, CheckConditions conditions)
    {
        _route = route;
        _conditions = conditions;
        _plane = new(conditions.Heights.Home.Position);
    }

    /// <summary>Checks a route.</summary>
    /// <exception cref="ArgumentException">The conditions themselves are wrong: the launch point is not a valid position, or the airframe's
    /// figures fail <see cref="AirframeProfile.Check"/>.</exception>
    public static RouteReport Run(Route route, CheckConditions conditions)
    {
        if (!conditions.Heights.Home.Position.IsValid)
            throw new ArgumentException("The launch point is not a valid position.", nameof(conditions));
        if (conditions.Airframe.Check() is [var fault, ..])
            throw new ArgumentException($"The airframe's figures are wrong: {fault}", nameof(conditions));
        return new RouteCheck(route, conditions).Run();
    }

    /// <summary>The zones whose heights meet a slab and which hold at some instant of a span: those a planner must go around.</summary>
    /// <param name="zones">All zones.</param>
    /// <param name="heights">Launch point and ground; ground heights are taken at the launch point.</param>
    /// <param name="lowM">The lowest height flown, metres above home.</param>
    /// <param name="highM">The highest, metres above home.</param>
    /// <param name="span">The time of the flight; null when not known, and then zones with times count as holding.</param>
    public static IEnumerable<GeoZone> ZonesAt(
        IEnumerable<GeoZone> zones, HeightFrame heights, double lowM, double highM, (DateTimeOffset Start, DateTimeOffset End)? span)
    {
        bool Meets(GeoZone zone) =>
            !(zone.Floor is { } floor && heights.AboveHomeM(floor, heights.Home.Position) > highM)
            && !(zone.Ceiling is { } ceiling && heights.AboveHomeM(ceiling, heights.Home.Position) < lowM);
        return zones.Where(zone => Meets(zone) && (span is not { } time || zone.HoldsDuring(time.Start, time.End)));
    }

    private RouteReport Run()
    {
        if (!CheckFigures())
            return new([.. _findings], null, null);

        var estimate = RouteEstimate.Of(_route, _conditions.Heights, _conditions.Airframe, _conditions.Wind);
        var pieces = FlownPiece.Of(_route, _conditions.Heights, _plane, estimate);
        CheckWind(estimate);
        CheckHeights(pieces);
        CheckZones(pieces, new(_conditions, _plane));
        var atLanding = CheckEnergy(estimate);
        if (_route.End == RouteEnd.Hold)
            Add(FindingSeverity.Warning, RouteRule.EndsInAir, null, _route.Legs[^1].To, 0, null, "The route ends in the air: someone must bring the vehicle home.");
        if (!_conditions.Heights.HasTerrain)
            Add(FindingSeverity.Note, RouteRule.GroundAssumedFlat, null, null, 0, null, "No terrain is known: the ground is taken as flat at the launch point's height.");
        return new([.. _findings.OrderBy(static finding => finding.LegIndex ?? -1).ThenByDescending(static finding => finding.Severity)], estimate, atLanding);
    }

    private bool CheckFigures()
    {
        if (_route.Legs.Count == 0)
        {
            Add(FindingSeverity.Error, RouteRule.NoLegs, null, null, 0, null, "The route has no legs.");
            return false;
        }

        CheckSpeed(_route.CruiseSpeedMps, null);
        if (_route.TakeoffHeightM is { } takeoff && takeoff is not (>= 0 and <= 5000))
            Add(FindingSeverity.Error, RouteRule.HeightUnknown, null, null, 0, null, Text($"The take-off height is {takeoff} m."));
        for (var i = 0; i < _route.Legs.Count; i++)
            CheckFigures(i, _route.Legs[i]);
        if (_findings.Exists(static finding => finding.Severity == FindingSeverity.Error))
            return false;

        var at = _conditions.Heights.Home.Position;
        for (var i = 0; i < _route.Legs.Count; i++)
        {
            var leg = _route.Legs[i];
            var length = Geodesic.DistanceM(at, leg.To);
            if (length > _conditions.LongestLegM)
            {
                Add(FindingSeverity.Error, RouteRule.LegTooLong, i, leg.To, length, null,
                    Text($"The leg is {length / 1000:F1} km long; at most {_conditions.LongestLegM / 1000:F1} km are allowed."));
            }
            else if (length < 0.1 && i > 0 && leg.Dwell == TimeSpan.Zero && leg.Orbit is null && leg.Altitude == _route.Legs[i - 1].Altitude)
            {
                Add(FindingSeverity.Warning, RouteRule.LegWithoutLength, i, leg.To, 0, null, "The leg ends where it starts.");
            }

            at = leg.Orbit is { } orbit ? _plane.ToGeo(OrbitGeometry.Of(_plane, leg, orbit).Exit) : leg.To;
        }

        return !_findings.Exists(static finding => finding.Severity == FindingSeverity.Error);
    }

    private void CheckFigures(int index, RouteLeg leg)
    {
        if (!leg.To.IsValid)
        {
            Add(FindingSeverity.Error, RouteRule.PositionInvalid, index, null, 0, null, Text($"The position {leg.To.LatitudeDeg}, {leg.To.LongitudeDeg} is not on the earth."));
            return;
        }

        if (_conditions.Heights.AboveHomeM(leg.Altitude, leg.To) is not { } height)
            Add(FindingSeverity.Error, RouteRule.HeightUnknown, index, leg.To, 0, null, Text($"The height {leg.Altitude.Metres} m {leg.Altitude.Datum} cannot be converted to a height above home."));
        else if (Math.Abs(height) > 10_000)
            Add(FindingSeverity.Error, RouteRule.HeightUnknown, index, leg.To, height, null, Text($"The height {height:F0} m above home makes no sense."));
        if (leg.SpeedMps is { } speed)
            CheckSpeed(speed, index);
        if (leg.Dwell < TimeSpan.Zero || leg.Dwell > TimeSpan.FromDays(1))
            Add(FindingSeverity.Error, RouteRule.DwellInvalid, index, leg.To, leg.Dwell.TotalSeconds, null, Text($"The stay of {leg.Dwell.TotalSeconds:F0} s makes no sense."));
        if (leg.Orbit is { } orbit)
            CheckOrbit(index, leg, orbit);
    }

    private void CheckOrbit(int index, RouteLeg leg, Orbit orbit)
    {
        if (!orbit.Centre.IsValid || orbit.RadiusM is not (>= 1 and <= 5000) || orbit.Turns is not (> 0 and <= 255))
        {
            Add(FindingSeverity.Error, RouteRule.OrbitInvalid, index, leg.To, 0, null,
                Text($"A circle of radius {orbit.RadiusM} m and {orbit.Turns} turns cannot be flown (1 m to 5 km, up to 255 turns)."));
            return;
        }

        var off = Math.Abs(Geodesic.DistanceM(orbit.Centre, leg.To) - orbit.RadiusM);
        if (off > Math.Max(1, 0.01 * orbit.RadiusM))
            Add(FindingSeverity.Error, RouteRule.OrbitInvalid, index, leg.To, off, null, Text($"The leg ends {off:F1} m off the circle it should enter."));
    }

    private void CheckSpeed(double speed, int? index)
    {
        if (!(speed >= 0.1 && speed <= _conditions.Airframe.MaxAirspeedMps))
        {
            Add(FindingSeverity.Error, RouteRule.SpeedOutOfRange, index, null, speed, null,
                Text($"The speed {speed} m/s is not between 0.1 and the airframe's {_conditions.Airframe.MaxAirspeedMps} m/s."));
        }
    }

    private void CheckWind(RouteEstimate estimate)
    {
        var (profile, wind) = (_conditions.Airframe, _conditions.Wind);
        if (wind.SpeedMps > profile.MaxWindMps)
            Add(FindingSeverity.Error, RouteRule.WindAboveLimit, null, null, wind.SpeedMps, null, Text($"The wind of {wind.SpeedMps:F1} m/s is above the airframe's limit of {profile.MaxWindMps:F1} m/s."));
        foreach (var leg in estimate.Legs)
        {
            var asked = _route.Legs[leg.Index].SpeedMps ?? _route.CruiseSpeedMps;
            var to = _route.Legs[leg.Index].To;
            if (!double.IsFinite(leg.Line.Seconds + leg.Stay.Seconds))
                Add(FindingSeverity.Error, RouteRule.WindTooStrong, leg.Index, to, wind.SpeedMps, null, Text($"In a wind of {wind.SpeedMps:F1} m/s the leg cannot be held."));
            else if (leg.Line.DistanceM > 1 && leg.GroundSpeedMps < asked - 0.05)
                Add(FindingSeverity.Note, RouteRule.SlowerThanAsked, leg.Index, to, asked - leg.GroundSpeedMps, null, Text($"The leg is flown at {leg.GroundSpeedMps:F1} m/s instead of {asked:F1} m/s."));
        }

        if (!double.IsFinite(estimate.WayHome.Seconds))
            Add(FindingSeverity.Error, RouteRule.WindTooStrong, _route.Legs.Count - 1, _route.Legs[^1].To, wind.SpeedMps, null, Text($"In a wind of {wind.SpeedMps:F1} m/s the way home cannot be held."));
    }

    private double CheckEnergy(RouteEstimate estimate)
    {
        var profile = _conditions.Airframe;
        double Percent(double wattHours) => wattHours / profile.BatteryWh * 100;

        var left = _conditions.BatteryPercent - Percent(estimate.Takeoff.EnergyWh);
        var (isExhausted, isPastReturn) = (false, false);
        foreach (var leg in estimate.Legs)
        {
            var spec = _route.Legs[leg.Index];
            left -= Percent(leg.Line.EnergyWh + leg.Stay.EnergyWh);
            var height = _conditions.Heights.AboveHomeM(spec.Altitude, spec.To)!.Value;
            var exit = spec.Orbit is { } orbit ? _plane.ToGeo(OrbitGeometry.Of(_plane, spec, orbit).Exit) : spec.To;
            var atHome = left - Percent(Eta.Home(profile, _conditions.Wind, exit, height, _conditions.Heights.Home.Position).EnergyWh);
            if (left <= 0 && !isExhausted)
            {
                isExhausted = true;
                Add(FindingSeverity.Error, RouteRule.EnergyExhausted, leg.Index, exit, -left, null, Text($"The battery is empty before the end of this leg ({-left:F1} % short)."));
            }
            else if (atHome < profile.ReservePercent && !isPastReturn && !isExhausted)
            {
                isPastReturn = true;
                Add(FindingSeverity.Error, RouteRule.WayHomeBelowReserve, leg.Index, exit, profile.ReservePercent - atHome, null,
                    Text($"Turning home at the end of this leg would land with {atHome:F1} %, less than the reserve of {profile.ReservePercent:F0} %."));
            }
        }

        var atLanding = left - Percent(estimate.WayHome.EnergyWh);
        if (atLanding < profile.ReservePercent && !isExhausted)
        {
            Add(FindingSeverity.Error, RouteRule.LandsBelowReserve, null, _conditions.Heights.Home.Position, profile.ReservePercent - atLanding, null,
                Text($"The route lands with {atLanding:F1} %, less than the reserve of {profile.ReservePercent:F0} %."));
        }

        return atLanding;
    }

    private void Add(FindingSeverity severity, RouteRule rule, int? leg, GeoPoint? where, double amount, string? zone, string message) =>
        _findings.Add(new(severity, rule, leg, where, amount, zone, message));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
