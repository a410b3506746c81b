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

/// <summary>What a route is planned and checked on: everything that is drawn, at one moment. Pure: the service lays it with what holds now,
/// the command line with the library's files.</summary>
/// <param name="airspace">What is drawn.</param>
/// <param name="city">Where things may be drawn.</param>
/// <param name="at">When it is to be flown: the zones of the hour that follows are kept.</param>
internal sealed class PlanningTable(AirspaceSnapshot airspace, Envelope city, DateTimeOffset at)
{
    /// <summary>A battery that was just charged, percent.</summary>
    public const double FullBattery = 100;

    /// <summary>From now on a route is checked for the zones of this long.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromHours(1);

    // The planner keeps further away than the check asks, so that rounding never makes an error of a plan.
    private const double PlanMarginM = 15;

    /// <summary>Plans a pattern and checks the route.</summary>
    /// <param name="from">Where it starts and ends; null for the nearest dock.</param>
    /// <param name="batteryPercent">At lift-off, percent of full.</param>
    /// <param name="faults">Gets what is wrong with the request; null is answered then.</param>
    public CheckedRoute? Plan(string name, PatternRequest request, LaunchPoint? from, double batteryPercent, List<Fault> faults)
    {
        if (request.Settings is not { } settings)
        {
            faults.Add(new Fault("#/settings", "settings are needed."));
            return null;
        }

        var route = request.Pattern switch
        {
            Pattern.Lawnmower => Sweep(name, request, settings, from, faults),
            Pattern.Corridor => Follow(name, request, settings, from, faults),
            Pattern.Sites => Tour(name, request, settings, from, faults),
            _ => Refuse<Route>(faults, new Fault("#/pattern", "pattern is lawnmower, corridor or sites.")),
        };
        return route is null ? null : Check(route, from, RoutePlanner.Airframe, batteryPercent);
    }

    /// <summary>Checks a route. Inside no-record zones cameras are kept off first.</summary>
    /// <param name="from">Where it starts and ends; null for the dock nearest to its first leg.</param>
    /// <param name="airframe">What flies it.</param>
    /// <param name="batteryPercent">At lift-off, percent of full.</param>
    public CheckedRoute Check(Route route, LaunchPoint? from, AirframeProfile airframe, double batteryPercent)
    {
        var home = from ?? NearestHome(route.Legs is [var first, ..] && first.To.IsValid ? first.To : new GeoPoint(city.Centre.Y, city.Centre.X));
        var zones = airspace.ZonesDuring(at, at + Horizon);
        var discreet = NoRecordSplit.Apply(route, home, zones, PlanMarginM);
        var conditions = new CheckConditions { Heights = HeightFrame.Flat(home), Airframe = airframe, Zones = zones, StartsAt = at, BatteryPercent = batteryPercent };
        return new(discreet, home, airframe, RouteCheck.Run(discreet, conditions));
    }

    private Route? Sweep(string name, PatternRequest request, PatternSettings settings, LaunchPoint? from, List<Fault> faults)
    {
        if (Shape(request.AreaId, request.Area, "Polygon", "#/area", faults) is not Polygon polygon)
            return null;
        if (!Drawn.ToArea(polygon).TryGet(out var area))
            return Refuse<Route>(faults, Faults(Drawn.ToArea(polygon).Faults, "#/area"));
        var home = from ?? NearestHome(Centre(polygon));
        var plan = Lawnmower.Plan(name, area, SweepOf(settings, home), Obstacles(settings, home));
        return plan.TryGet(out var coverage) ? coverage.Route : Refuse<Route>(faults, Faults(plan.Faults, "#/area"));
    }

    private Route? Follow(string name, PatternRequest request, PatternSettings settings, LaunchPoint? from, List<Fault> faults)
    {
        if (Shape(request.AreaId, request.Corridor, "LineString", "#/corridor", faults) is not LineString line)
            return null;
        var ownWidth = airspace.Areas.FirstOrDefault(area => area.Id == request.AreaId)?.Properties.WidthM ?? 0;
        var drawn = Drawn.ToCorridor(line, settings.WidthM > 0 ? settings.WidthM : ownWidth);
        if (!drawn.TryGet(out var corridor))
            return Refuse<Route>(faults, Faults(drawn.Faults, "#/corridor"));
        var home = from ?? NearestHome(Centre(line));
        var plan = CorridorPasses.Plan(name, corridor, SweepOf(settings, home), Obstacles(settings, home));
        return plan.TryGet(out var coverage) ? coverage.Route : Refuse<Route>(faults, Faults(plan.Faults, "#/corridor"));
    }

    private Route? Tour(string name, PatternRequest request, PatternSettings settings, LaunchPoint? from, List<Fault> faults)
    {
        var known = airspace.KeySites.ToDictionary(site => site.Id, StringComparer.Ordinal);
        var ids = request.SiteIds ?? [];
        faults.AddRange(ids.Select((id, index) => (id, index)).Where(site => !known.ContainsKey(site.id)).Select(site => new Fault($"#/siteIds/{site.index}", $"There is no key site '{site.id}'.")));
        if (ids.Count == 0)
            faults.Add(new Fault("#/siteIds", "Name at least one site."));
        if (faults.Count > 0)
            return null;
        var chosen = ids.Distinct(StringComparer.Ordinal).Select(id => known[id]).ToList();
        var home = from ?? NearestHome(chosen[0].Centre());
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
                ? new DrawnGeometry(city, faults).Read(geometry, [type])
                : Refuse<Geometry>(faults, new Fault(where, $"Name an areaId or send a {type}."));
        var shape = airspace.Areas.FirstOrDefault(area => area.Id == areaId)?.Shape;
        return shape?.GeometryType == type
            ? shape
            : Refuse<Geometry>(faults, new Fault("#/areaId", shape is null ? $"There is no area '{areaId}'." : $"'{areaId}' is no {type}: this pattern does not fit it."));
    }

    private GeoZone[] Obstacles(PatternSettings settings, LaunchPoint home)
    {
        var highest = Math.Max(settings.AltitudeAboveHomeM, RoutePlanner.Airframe.ReturnHeightM);
        return [.. RouteCheck.ZonesAt(airspace.ZonesDuring(at, at + Horizon), HeightFrame.Flat(home), 0, highest, null)];
    }

    private LaunchPoint NearestHome(GeoPoint to) =>
        airspace.Docks.Where(dock => dock.Properties.Pads > 0).MinBy(dock => Geodesic.DistanceM(dock.Centre(), to)) is { } nearest
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
