namespace DroneOps.Missions.Geodesy;

/// <summary>A point on a <see cref="LocalPlane"/>.</summary>
/// <param name="EastM">Metres east of the plane's origin.</param>
/// <param name="NorthM">Metres north of the plane's origin.</param>
public readonly record struct PlanePoint(double EastM, double NorthM)
{
    /// <summary>The straight-line distance to another point of the same plane, in metres.</summary>
    public double DistanceTo(PlanePoint other)
    {
        var east = other.EastM - EastM;
        var north = other.NorthM - NorthM;
        return Math.Sqrt((east * east) + (north * north));
    }

    /// <summary>The direction to another point of the same plane, in degrees clockwise from the plane's north, 0..360.</summary>
    public double BearingTo(PlanePoint other)
    {
        var degrees = Math.Atan2(other.EastM - EastM, other.NorthM - NorthM) * (180 / Math.PI);
        return degrees < 0 ? degrees + 360 : degrees;
    }

    /// <summary>The point on the straight line to <paramref name="other"/> at the fraction <paramref name="share"/> (0 here, 1 there).</summary>
    public PlanePoint Towards(PlanePoint other, double share) =>
        new(EastM + (share * (other.EastM - EastM)), NorthM + (share * (other.NorthM - NorthM)));
}
