using DroneOps.Missions.Flight;
using DroneOps.Missions.Geodesy;

namespace DroneOps.Missions.Checks;

/// <summary>Cuts a route that one battery does not last for into routes that it does.</summary>
public static class SortieSplit
{
    /// <summary>The route as sorties in order, each flown from the launch point and back with the airframe's reserve left. Cuts lie at ends of
    /// legs; a sortie that goes on with a recording leg first flies to where that leg begins. One route when the battery lasts.</summary>
    /// <param name="route">The route; it must have passed the checks of its figures.</param>
    /// <param name="conditions">Launch point, airframe, wind and the battery at lift-off.</param>
    /// <returns>The sorties, or null when some leg alone is too much for a full flight there and back.</returns>
    public static IReadOnlyList<Route>? ByEnergy(Route route, CheckConditions conditions)
    {
        if (Lasts(route.Legs, route, conditions))
            return [route];

        var sorties = new List<Route>();
        var from = 0;
        while (from < route.Legs.Count)
        {
            // More legs never take less energy, so the most that lasts is found by halving.
            int lasts = 0, most = route.Legs.Count - from;
            while (lasts < most)
            {
                var count = (lasts + most + 1) / 2;
                if (Lasts(Legs(route, from, count), route, conditions))
                    lasts = count;
                else
                    most = count - 1;
            }

            if (lasts == 0)
                return null;
            sorties.Add(route with { Name = $"{route.Name} ({sorties.Count + 1})", Legs = Legs(route, from, lasts), End = RouteEnd.ReturnToLaunch });
            from += lasts;
        }

        return sorties;
    }

    private static List<RouteLeg> Legs(Route route, int from, int count)
    {
        var legs = new List<RouteLeg>();
        if (from > 0 && route.Legs[from].Camera != CameraDuty.Transit)
        {
            var before = route.Legs[from - 1];
            var start = before.Orbit is { } orbit ? Exit(before, orbit) : before.To;
            legs.Add(new() { To = start, Altitude = before.Altitude });
        }

        for (var i = from; i < from + count; i++)
            legs.Add(route.Legs[i]);

        // Flying on without recording at the end serves nothing: the return begins where the work ends.
        while (legs.Count > 1 && from + count < route.Legs.Count && legs[^1] is { Camera: CameraDuty.Transit, Orbit: null } last && last.Dwell == TimeSpan.Zero)
            legs.RemoveAt(legs.Count - 1);
        return legs;
    }

    private static bool Lasts(IReadOnlyList<RouteLeg> legs, Route route, CheckConditions conditions)
    {
        var estimate = RouteEstimate.Of(route with { Legs = legs, End = RouteEnd.ReturnToLaunch }, conditions.Heights, conditions.Airframe, conditions.Wind);
        var left = conditions.BatteryPercent - (estimate.Total.EnergyWh / conditions.Airframe.BatteryWh * 100);
        return left >= conditions.Airframe.ReservePercent;
    }

    private static Mavlink.GeoPoint Exit(RouteLeg leg, Orbit orbit)
    {
        var plane = new LocalPlane(orbit.Centre);
        return plane.ToGeo(OrbitGeometry.Of(plane, leg, orbit).Exit);
    }
}
