using System.Globalization;
using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Zones;

namespace DroneOps.Missions.Patterns;

/// <summary>How sites are to be visited.</summary>
public sealed record TourSettings
{
    /// <summary>Where the tour starts, WGS-84: the launch point.</summary>
    public required GeoPoint Start { get; init; }

    /// <summary>Whether the way back to the start counts when the order is sought.</summary>
    public bool IsClosed { get; init; } = true;

    /// <summary>Ground speed, metres per second.</summary>
    public double SpeedMps { get; init; } = 12;

    /// <summary>Ground speed on circles, metres per second.</summary>
    public double OrbitSpeedMps { get; init; } = 5;

    /// <summary>The distance kept from keep-out zones and from the edge of keep-in zones, metres.</summary>
    public double MarginM { get; init; } = 15;

    /// <summary>Whether the order of the sites may be changed.</summary>
    public bool KeepOrder { get; init; }
}

/// <summary>A tour of sites.</summary>
/// <param name="Route">The route; circles carry <see cref="CameraDuty.Scene"/>, the ways between <see cref="CameraDuty.Transit"/>.</param>
/// <param name="Order">For each stop the site's place in the list that was given.</param>
/// <param name="LengthM">The length of the ways, the way back included when closed, circles not included, metres.</param>
public sealed record TourPlan(Route Route, IReadOnlyList<int> Order, double LengthM);

/// <summary>Visits sites one after the other in the shortest order, around zones, with circles around each.</summary>
/// <remarks>The order is exact up to 11 sites and found by nearest neighbour, 2-opt and Or-opt beyond. A circle is entered at the point where the
/// way in touches it (a tangent), on the side that is free and nearer, and flown away from the side of the entry; whole turns end
/// where they began.</remarks>
public static class SiteTour
{
    private const int MaxSites = 300;

    /// <summary>Plans a tour, or says why it cannot be. Codes: <c>tour.noSites</c>, <c>tour.tooManySites</c> (300),
    /// <c>tour.position</c>, <c>tour.orbit</c>, <c>tour.speed</c>, <c>tour.orbitBlocked</c> (a zone reaches into the
    /// circle), <c>tour.noWay</c>.</summary>
    /// <param name="name">The route's name.</param>
    /// <param name="sites">The sites.</param>
    /// <param name="settings">How they are to be visited.</param>
    /// <param name="zones">The zones that matter for the flight; only keep-in and keep-out are looked at.</param>
    public static Validated<TourPlan> Plan(string name, IReadOnlyList<Site> sites, TourSettings settings, IEnumerable<GeoZone> zones)
    {
        var faults = Check(sites, settings);
        if (faults.Count > 0)
            return new(faults);

        var plane = LocalPlane.Around([settings.Start, .. sites.Select(static site => site.Position)]);
        var transit = new Transit(plane, zones, settings.MarginM);
        for (var i = 0; i < sites.Count; i++)
        {
            if (!transit.IsFree(plane.ToPlane(sites[i].Position), sites[i].OrbitRadiusM))
                faults.Add(new("tour.orbitBlocked", $"sites[{i}]", $"A zone or its margin reaches into the circle around \"{sites[i].Name}\"."));
        }

        if (faults.Count > 0)
            return new(faults);

        PlanePoint[] places = [plane.ToPlane(settings.Start), .. sites.Select(site => plane.ToPlane(site.Position))];
        var cost = Costs(transit, places);
        for (var i = 1; i < places.Length; i++)
        {
            if (!double.IsFinite(cost[0, i]))
                return Validated<TourPlan>.Wrong("tour.noWay", $"sites[{i - 1}]", $"\"{sites[i - 1].Name}\" cannot be reached without breaking a zone.");
        }

        int[] order = settings.KeepOrder ? [.. Enumerable.Range(1, sites.Count)] : TourSolver.Order(cost, settings.IsClosed);
        return new(Build(name, sites, settings, transit, places, order));
    }

    private static TourPlan Build(string name, IReadOnlyList<Site> sites, TourSettings settings, Transit transit, PlanePoint[] places, int[] order)
    {
        var legs = new List<RouteLeg>();
        double length = 0;
        var at = places[0];
        foreach (var place in order)
        {
            var site = sites[place - 1];
            var way = site.OrbitRadiusM > 0 ? WayToCircle(transit, at, places[place], site.OrbitRadiusM) : (Points: transit.Way(at, places[place])!, Clockwise: true);
            for (var i = 1; i < way.Points.Count; i++)
            {
                length += way.Points[i - 1].DistanceTo(way.Points[i]);
                legs.Add(new() { To = transit.Plane.ToGeo(way.Points[i]), Altitude = site.Altitude });
            }

            if (way.Points.Count < 2)
                legs.Add(new() { To = transit.Plane.ToGeo(places[place]), Altitude = site.Altitude });
            at = way.Points[^1];
            legs[^1] = site.OrbitRadiusM > 0
                ? legs[^1] with { Camera = CameraDuty.Transit }
                : legs[^1] with { Dwell = site.Dwell };
            if (site.OrbitRadiusM > 0)
            {
                // The circle is a leg of its own, so that the camera works on it and not on the way to it.
                legs.Add(legs[^1] with
                {
                    Camera = CameraDuty.Scene,
                    SpeedMps = settings.OrbitSpeedMps,
                    Orbit = new(site.Position, site.OrbitRadiusM, site.Turns, way.Clockwise),
                });
            }
        }

        if (settings.IsClosed && transit.Way(at, places[0]) is { } back)
            length += Length(back);
        return new(new() { Name = name, Legs = legs, CruiseSpeedMps = settings.SpeedMps }, [.. order.Select(static place => place - 1)], length);
    }

    // From outside there are two tangents; the nearer free one decides the direction of the circle.
    private static (List<PlanePoint> Points, bool Clockwise) WayToCircle(Transit transit, PlanePoint from, PlanePoint centre, double radius)
    {
        (List<PlanePoint> Points, bool Clockwise)? best = null;
        var least = double.PositiveInfinity;
        foreach (var clockwise in new[] { true, false })
        {
            var entry = Entry(from, centre, radius, clockwise);
            if (transit.Way(from, entry) is not { } way)
                continue;

            // Where a zone bends the way, the tangent is that of its last piece.
            if (way.Count > 2)
            {
                entry = Entry(way[^2], centre, radius, clockwise);
                if (transit.IsFree(way[^2], entry))
                    way[^1] = entry;
            }

            var length = Length(way);
            if (length < least - 1e-6)
                (best, least) = ((way, clockwise), length);
        }

        return best ?? ([from, Entry(from, centre, radius, true)], true);
    }

    // Clockwise the centre lies on the right hand: the touching point is on the left of the line to the centre.
    private static PlanePoint Entry(PlanePoint from, PlanePoint centre, double radius, bool clockwise)
    {
        var distance = from.DistanceTo(centre);
        var toFrom = distance < 1e-6 ? 0 : Math.Atan2(from.EastM - centre.EastM, from.NorthM - centre.NorthM);
        var half = distance <= radius ? 0 : Math.Acos(radius / distance);
        var (sin, cos) = Math.SinCos(toFrom + (clockwise ? half : -half));
        return new(centre.EastM + (radius * sin), centre.NorthM + (radius * cos));
    }

    private static double[,] Costs(Transit transit, PlanePoint[] places)
    {
        var cost = new double[places.Length, places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            for (var j = 0; j < i; j++)
                cost[i, j] = cost[j, i] = transit.Way(places[i], places[j]) is { } way ? Length(way) : double.PositiveInfinity;
        }

        return cost;
    }

    private static double Length(List<PlanePoint> way)
    {
        double length = 0;
        for (var i = 1; i < way.Count; i++)
            length += way[i - 1].DistanceTo(way[i]);
        return length;
    }

    private static List<InputFault> Check(IReadOnlyList<Site> sites, TourSettings settings)
    {
        var faults = new List<InputFault>();
        if (sites.Count == 0)
            faults.Add(new("tour.noSites", "sites", "There are no sites."));
        if (sites.Count > MaxSites)
        {
            faults.Add(new("tour.tooManySites", "sites", $"There are {sites.Count} sites; at most {MaxSites} are planned."));
            return faults;
        }

        if (!settings.Start.IsValid)
            faults.Add(new("tour.position", "start", "The start is not a valid position."));
        if (settings.SpeedMps is not (>= 0.5 and <= 40) || settings.OrbitSpeedMps is not (>= 0.5 and <= 40) || settings.MarginM is not (>= 0 and <= 1000))
            faults.Add(new("tour.speed", "settings", "Speeds must be 0.5 to 40 m/s and the margin 0 to 1000 m."));
        for (var i = 0; i < sites.Count; i++)
        {
            var site = sites[i];
            if (!site.Position.IsValid)
                faults.Add(new("tour.position", $"sites[{i}].position", $"The position of \"{site.Name}\" is not on the earth."));
            if (!double.IsFinite(site.Altitude.Metres) || site.OrbitRadiusM is not (0 or (>= 1 and <= 2000)) || (site.OrbitRadiusM > 0 && site.Turns is < 1 or > 100) || site.Dwell < TimeSpan.Zero)
            {
                faults.Add(new("tour.orbit", $"sites[{i}]", string.Create(CultureInfo.InvariantCulture,
                    $"\"{site.Name}\": a circle has a radius of 1 m to 2 km and 1 to 100 turns, a height and a stay that make sense; found {site.OrbitRadiusM} m, {site.Turns} turns, {site.Altitude.Metres} m.")));
            }
        }

        return faults;
    }
}
