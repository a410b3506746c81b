using DroneOps.Missions.Geodesy;

namespace DroneOps.Missions.Flight;

/// <summary>An orbit laid on a plane.</summary>
internal readonly record struct OrbitGeometry(PlanePoint Centre, double RadiusM, double EntryRadians, double Turns, bool Clockwise)
{
    public static OrbitGeometry Of(LocalPlane plane, RouteLeg leg, Orbit orbit)
    {
        var centre = plane.ToPlane(orbit.Centre);
        var entry = plane.ToPlane(leg.To);
        var angle = centre.DistanceTo(entry) < 1e-6 ? 0 : Math.Atan2(entry.EastM - centre.EastM, entry.NorthM - centre.NorthM);
        return new(centre, orbit.RadiusM, angle, orbit.Turns, orbit.Clockwise);
    }

    public PlanePoint Exit => At(Turns);

    /// <summary>The place after a number of turns.</summary>
    public PlanePoint At(double turns)
    {
        var (sin, cos) = Math.SinCos(EntryRadians + (2 * Math.PI * turns * (Clockwise ? 1 : -1)));
        return new(Centre.EastM + (RadiusM * sin), Centre.NorthM + (RadiusM * cos));
    }

    /// <summary>Whether less than a whole circle is flown.</summary>
    public bool IsArc => Turns < 1;
}
