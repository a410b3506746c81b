using DroneOps.Mavlink;
using DroneOps.Missions;
using DroneOps.Missions.Checks;
using DroneOps.Missions.Flight;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Patterns;
using DroneOps.Missions.Zones;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using NetTopologySuite.Geometries;
using Route = DroneOps.Missions.Route;

namespace DroneOps.Server.Patrols;

/// <summary>A route with the place it was checked from and what the check found.</summary>
internal sealed record CheckedRoute(Route Route, LaunchPoint Home, RouteReport Report)
{
    public double LengthM => Report.Estimate?.Total.DistanceM ?? 0;

    public double DurationS => Report.Estimate?.Total.Seconds ?? 0;

    /// <summary>Of a full battery.</summary>
    public double EnergyPercent => (Report.Estimate?.Total.EnergyWh ?? 0) / RoutePlanner.Airframe.BatteryWh * 100;
}

/// <summary>Plans routes over what is drawn and checks them against the zones that hold.</summary>
internal sealed class RoutePlanner(AirspaceBook airspace, TimeProvider time)
{
    /// <summary>From now on a route is checked for the zones of this long.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromHours(1);

    // The planner keeps further away than the check asks, so that rounding never makes an error of a plan.
    private const double PlanMarginM = 15;

    /// <summary>What the fleet flies.</summary>
    public static AirframeProfile Airframe => AirframeProfile.PatrolQuad;

    /// <summary>Plans a pattern and checks the route.</summary>
    /// <param name="faults">Gets what is wrong with the request; null is answered then.</param>
    public CheckedRoute? Plan(string name, PatternRequest request, List<Fault> faults)
    {
        if (request.Settings is not { } settings)
        {
            faults.Add(new Fault("#/settings", "settings are needed."));
            return null;
        }

        var route = request.Pattern switch
        {
            Pattern.Lawnmower => Sweep(name, request, settings, faults),
            Pattern.Corridor => Follow(name, request, settings, faults),
            Pattern.Sites => Tour(name, request, settings, faults),
            _ => Refuse<Route>(faults, new Fault("#/pattern", "pattern is lawnmower, corridor or sites.")),
        };
        return route is null ? null : Check(route);
    }

    /// <summary>Checks a route from the dock nearest to where it begins, with a full battery.</summary>
    public CheckedRoute Check(Route route)
    {
        var home = NearestHome(route.Legs is [var first, ..] && first.To.IsValid ? first.To : new GeoPoint(airspace.City.Centre.Y, airspace.City.Centre.X));
        return Check(route, home, 100);
    }

    /// <summary>Checks a route from a launch point. Inside no-record zones cameras are kept off first.</summary>
    /// <param name="batteryPercent">At lift-off, percent of full.</param>
    public CheckedRoute Check(Route route, LaunchPoint home, double batteryPercent)
    {
        var now = time.GetUtcNow();
        var zones = airspace.Current.ZonesDuring(now, now + Horizon);
        var discreet = NoRecordSplit.Apply(route, home, zones, PlanMarginM);
        var conditions = new CheckConditions { Heights = HeightFrame.Flat(home), Airframe = Airframe, Zones = zones, StartsAt = now, BatteryPercent = batteryPercent };
        return new(discreet, home, RouteCheck.Run(discreet, conditions));
    }

    private Route? Sweep(string name, PatternRequest request, PatternSettings settings, List<Fault> faults)
    {
        if (Shape(request.AreaId, request.Area, "Polygon", "#/area", faults) is not Polygon polygon)
            return null;
        if (!Drawn.ToArea(polygon).TryGet(out var area))
            return Refuse<Route>(faults, Faults(Drawn.ToArea(polygon).Faults, "#/area"));
        var home = NearestHome(Centre(polygon));
        var plan = Lawnmower.Plan(name, area, SweepOf(settings, home), Obstacles(settings, home));
        return plan.TryGet(out var coverage) ? coverage.Route : Refuse<Route>(faults, Faults(plan.Faults, "#/area"));
    }

    private Route? Follow(string name, PatternRequest request, PatternSettings settings, List<Fault> faults)
    {
        if (Shape(request.AreaId, request.Corridor, "LineString", "#/corridor", faults) is not LineString line)
            return null;
        var ownWidth = airspace.Current.Areas.FirstOrDefault(area => area.Id == request.AreaId)?.Properties.WidthM ?? 0;
        var drawn = Drawn.ToCorridor(line, settings.WidthM > 0 ? settings.WidthM : ownWidth);
        if (!drawn.TryGet(out var corridor))
            return Refuse<Route>(faults, Faults(drawn.Faults, "#/corridor"));
        var home = NearestHome(Centre(line));
        var plan = CorridorPasses.Plan(name, corridor, SweepOf(settings, home), Obstacles(settings, home));
        return plan.TryGet(out var coverage) ? coverage.Route : Refuse<Route>(faults, Faults(plan.Faults, "#/corridor"));
    }

    private Route? Tour(string name, PatternRequest request, PatternSettings settings, List<Fault> faults)
    {
        var known = airspace.Current.KeySites.ToDictionary(site => site.Id, StringComparer.Ordinal);
        var ids = request.SiteIds ?? [];
        faults.AddRange(ids.Select((id, index) => (id, index)).Where(site => !known.ContainsKey(site.id)).Select(site => new Fault($"#/siteIds/{site.index}", $"There is no key site '{site.id}'.")));
        if (ids.Count == 0)
            faults.Add(new Fault("#/siteIds", "Name at least one site."));
        if (faults.Count > 0)
            return null;
        var chosen = ids.Distinct(StringComparer.Ordinal).Select(id => known[id]).ToList();
        var home = NearestHome(chosen[0].Centre());
        // Whoever asks for smaller circles does not get nearer to a site than it allows.
        var sites = chosen.Select(site => new Site(site.Properties.NameZh, site.Centre())
        {
            Altitude = Altitude.Relative(settings.AltitudeAboveHomeM),
            OrbitRadiusM = settings.OrbitRadiusM > 0 ? Math.Max(settings.OrbitRadiusM, site.Properties.StandOffM) : site.Properties.OrbitRadiusM,
        }).ToList();
        var plan = SiteTour.Plan(name, sites, new TourSettings { Start = home.Position, SpeedMps = settings.SpeedMps, MarginM = PlanMarginM }, Obstacles(settings, home));
        return plan.TryGet(out var tour) ? tour.Route : Refuse<Route>(faults, Faults(plan.Faults, "#/siteIds"));
    }

    private Geometry? Shape(string? areaId, System.Text.Json.JsonElement? sent, string type, string where, List<Fault> faults)
    {
        if (areaId is null)
            return sent is { } geometry
                ? new DrawnGeometry(airspace.City, faults).Read(geometry, [type])
                : Refuse<Geometry>(faults, new Fault(where, $"Name an areaId or send a {type}."));
        var shape = airspace.Current.Areas.FirstOrDefault(area => area.Id == areaId)?.Shape;
        return shape?.GeometryType == type
            ? shape
            : Refuse<Geometry>(faults, new Fault("#/areaId", shape is null ? $"There is no area '{areaId}'." : $"'{areaId}' is no {type}: this pattern does not fit it."));
    }

    private GeoZone[] Obstacles(PatternSettings settings, LaunchPoint home)
    {
        var now = time.GetUtcNow();
        var highest = Math.Max(settings.AltitudeAboveHomeM, Airframe.ReturnHeightM);
        return [.. RouteCheck.ZonesAt(airspace.Current.ZonesDuring(now, now + Horizon), HeightFrame.Flat(home), 0, highest, null)];
    }

    private LaunchPoint NearestHome(GeoPoint to) =>
        airspace.Current.Docks.Where(dock => dock.Properties.Pads > 0).MinBy(dock => Geodesic.DistanceM(dock.Centre(), to)) is { } nearest
            ? new(nearest.Centre(), nearest.Properties.PadAmslM)
            : new(to, 0);

    private static SweepSettings SweepOf(PatternSettings settings, LaunchPoint home) => new()
    {
        SwathM = settings.SpacingM,
        Altitude = Altitude.Relative(settings.AltitudeAboveHomeM),
        SpeedMps = settings.SpeedMps,
        AngleDeg = settings.DirectionDeg,
        Start = home.Position,
        End = home.Position,
        MarginM = PlanMarginM,
    };

    private static GeoPoint Centre(Geometry shape) => new(shape.Centroid.Y, shape.Centroid.X);

    private static T? Refuse<T>(List<Fault> faults, params IReadOnlyList<Fault> wrong)
        where T : class
    {
        faults.AddRange(wrong);
        return null;
    }

    private static List<Fault> Faults(IReadOnlyList<InputFault> faults, string shape) => [.. faults.Select(fault => new Fault(PointerOf(fault.Where, shape), fault.Message))];

    private static string PointerOf(string where, string shape) => where switch
    {
        "swathM" => "#/settings/spacingM",
        "speedMps" or "settings" => "#/settings/speedMps",
        "angleDeg" => "#/settings/directionDeg",
        "altitude" => "#/settings/altitudeAboveHomeM",
        "widthM" => "#/settings/widthM",
        _ => shape,
    };
}
