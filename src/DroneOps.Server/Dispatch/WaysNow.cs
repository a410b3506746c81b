using System.Collections.Immutable;
using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Patterns;
using DroneOps.Missions.Zones;
using DroneOps.Server.Airspace;
using DroneOps.Server.Incidents;

namespace DroneOps.Server.Dispatch;

/// <summary>The ways around the zones that hold now and while a drone stays at a scene. Laid out when the zones change, not for each choice:
/// what one choice has found out about who sees whom serves the next.</summary>
internal sealed class WaysNow(AirspaceBook airspace, TimeProvider time)
{
    /// <summary>The distance kept from zones, metres.</summary>
    public const double MarginM = NoFlyPlace.MarginM;

    private volatile Laid? _laid;

    /// <summary>The ways as they are now; safe to share.</summary>
    public Transit Transit
    {
        get
        {
            var now = time.GetUtcNow();
            ImmutableArray<GeoZone> zones = [.. airspace.Current.ZonesDuring(now, now + Relief.LongestStay).Where(zone => zone.Effect is ZoneEffect.KeepOut or ZoneEffect.KeepIn)];
            if (_laid is { } laid && laid.Zones.SequenceEqual(zones))
                return laid.Transit;

            // Two callers may lay it out at once; both are right, and the later one stays.
            var middle = airspace.City.Centre;
            var fresh = new Laid(zones, new Transit(new LocalPlane(new GeoPoint(middle.Y, middle.X)), zones, MarginM));
            _laid = fresh;
            return fresh.Transit;
        }
    }

    private sealed record Laid(ImmutableArray<GeoZone> Zones, Transit Transit);
}
