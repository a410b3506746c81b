namespace DroneOps.Missions.Flight;

/// <summary>A steady wind.</summary>
/// <param name="EastMps">The air's motion towards the east, metres per second.</param>
/// <param name="NorthMps">The air's motion towards the north, metres per second.</param>
public readonly record struct Wind(double EastMps, double NorthMps)
{
    /// <summary>No wind.</summary>
    public static Wind Calm => default;

    /// <summary>A wind as forecasts name it.</summary>
    /// <param name="speedMps">Its speed, metres per second.</param>
    /// <param name="fromDeg">Where it comes FROM, degrees clockwise from true north.</param>
    public static Wind From(double speedMps, double fromDeg)
    {
        var (sin, cos) = Math.SinCos(fromDeg * (Math.PI / 180));
        return new(-speedMps * sin, -speedMps * cos);
    }

    /// <summary>Its speed, metres per second.</summary>
    public double SpeedMps => Math.Sqrt((EastMps * EastMps) + (NorthMps * NorthMps));

    /// <summary>The ground speed along a straight track when the airspeed is given: the wind triangle
    /// g = w∥ + sqrt(Va² - w⊥²).</summary>
    /// <param name="airspeedMps">Va, metres per second.</param>
    /// <param name="trackEast">East part of the track's unit vector.</param>
    /// <param name="trackNorth">North part of the track's unit vector.</param>
    /// <returns>Metres per second; 0 when the track cannot be held (cross wind at or above the airspeed, or drifting
    /// backwards).</returns>
    public double GroundSpeedMps(double airspeedMps, double trackEast, double trackNorth)
    {
        var along = (EastMps * trackEast) + (NorthMps * trackNorth);
        var across = (EastMps * trackNorth) - (NorthMps * trackEast);
        var rest = (airspeedMps * airspeedMps) - (across * across);
        return rest <= 0 ? 0 : Math.Max(0, along + Math.Sqrt(rest));
    }

    /// <summary>The airspeed it takes to move over the ground with a given velocity, metres per second.</summary>
    public double AirspeedMps(double groundEastMps, double groundNorthMps)
    {
        var east = groundEastMps - EastMps;
        var north = groundNorthMps - NorthMps;
        return Math.Sqrt((east * east) + (north * north));
    }
}
