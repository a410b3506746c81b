using DroneOps.Mavlink;
using DroneOps.Missions.Flight;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Incidents;

namespace DroneOps.Server.Dispatch;

/// <summary>When a drone must leave a scene, and when its relief must start. Pure.</summary>
internal static class Relief
{
    /// <summary>A drone turns home so long before the point of no return: an order takes its time.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <summary>Both are at the scene for so long.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromSeconds(20);

    /// <summary>So long before it must leave it is told when nobody could relieve it.</summary>
    public static readonly TimeSpan Warning = TimeSpan.FromMinutes(10);

    /// <summary>The longest stay that a mission is given, whatever the battery allows: until then the zones are looked at.</summary>
    public static readonly TimeSpan LongestStay = TimeSpan.FromMinutes(45);

    private static readonly TimeSpan LeastHovered = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ShortestStay = TimeSpan.FromMinutes(1);

    /// <summary>What a drone has for a scene.</summary>
    /// <param name="ArriveS">Seconds until it is there; 0 near its stand.</param>
    /// <param name="StayS">Seconds that it can hover there and still land with its reserve; negative when it should have turned already.</param>
    internal readonly record struct Span(double ArriveS, double StayS)
    {
        /// <summary>The stay that its mission is given: without its link it comes home after it, with its reserve.</summary>
        public TimeSpan Mission => double.IsFinite(StayS) ? TimeSpan.FromSeconds(Math.Floor(Math.Clamp(StayS - Margin.TotalSeconds, ShortestStay.TotalSeconds, LongestStay.TotalSeconds))) : ShortestStay;
    }

    /// <summary>How long a drone can stay: what is left after the way there is hovered away, up to what the way home takes against the wind.</summary>
    /// <param name="standing">Where it is and what it has left.</param>
    /// <param name="stand">Where it stands or is going to.</param>
    /// <param name="heightM">How high above its home.</param>
    /// <param name="headwindMps">The wind against it on the way home.</param>
    public static Span Reckon(AirframeProfile profile, in VehicleStanding standing, GeoPoint stand, double heightM, double headwindMps)
    {
        var (sin, cos) = Math.SinCos(Geodesic.Inverse(standing.Home, stand).StartAzimuthDeg * Math.PI / 180);
        var against = new Wind(headwindMps * sin, headwindMps * cos);
        var way = Eta.ToScene(profile, against, standing, new SceneRequest(stand, heightM, StaySeconds: 0), Candidates.SpeedMps);
        if (!double.IsFinite(way.P50S) || !double.IsFinite(way.BatteryAtLandingPercent))
            return new(0, double.NegativeInfinity);
        var spareWh = profile.BatteryWh * (way.BatteryAtLandingPercent - profile.ReservePercent) / 100;

        // In some wind hovering takes less than in none: the dearer of the two counts.
        var hoverW = Math.Max(profile.HoverW(Wind.Calm), profile.HoverW(against));
        return new(Geodesic.DistanceM(standing.Position, stand) > SceneTask.ShownWithinM ? way.P50S : 0, spareWh / hoverW * 3600);
    }

    /// <summary>The moment at which a drone must leave its stand to land with its reserve; now or in the past when it must not stay at all.</summary>
    public static DateTimeOffset LeaveBy(DateTimeOffset now, in Span span) =>
        double.IsFinite(span.StayS) ? now + TimeSpan.FromSeconds(Math.Clamp(span.ArriveS + span.StayS, -86_400, 86_400)) - Margin : now;

    /// <summary>How much more a drone uses than its type should, from what it used while it hovered at the scene: a pack that is old, cold or smaller
    /// than the type's shortens the time.</summary>
    /// <param name="usedPercent">Of its charge, whole percents.</param>
    /// <returns>1 until there is enough to tell, and never less.</returns>
    public static double Thirst(AirframeProfile profile, double usedPercent, TimeSpan hovered) => hovered < LeastHovered
        ? 1
        : Math.Clamp(usedPercent / (profile.HoverW(Wind.Calm) / profile.BatteryWh * hovered.TotalHours * 100), 1, 4);

    /// <summary>When a relief must be ordered so that both are at the scene for the overlap.</summary>
    /// <param name="etaP90S">How long it takes to come, nine times of ten.</param>
    public static DateTimeOffset AskAt(DateTimeOffset leaveBy, double etaP90S) => leaveBy - TimeSpan.FromSeconds(etaP90S) - Overlap;
}
