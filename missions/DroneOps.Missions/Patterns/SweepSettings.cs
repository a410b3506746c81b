using System.Globalization;
using DroneOps.Mavlink;

namespace DroneOps.Missions.Patterns;

/// <summary>How ground is to be covered.</summary>
public sealed record SweepSettings
{
    /// <summary>The distance between neighbouring passes, metres; see <see cref="CameraFootprint.SwathM"/>.</summary>
    public required double SwathM { get; init; }

    /// <summary>The height flown.</summary>
    public required Altitude Altitude { get; init; }

    /// <summary>Ground speed, metres per second.</summary>
    public double SpeedMps { get; init; } = 8;

    /// <summary>The direction of the passes, degrees clockwise from true north; null for the one that takes the least time.</summary>
    public double? AngleDeg { get; init; }

    /// <summary>Where the vehicle comes from, so that the nearest end is flown first; null for don't care.</summary>
    public GeoPoint? Start { get; init; }

    /// <summary>Where it goes afterwards; null for don't care.</summary>
    public GeoPoint? End { get; init; }

    /// <summary>Acceleration and braking, m/s², for comparing orders and directions by time.</summary>
    public double AccelerationMps2 { get; init; } = 2.5;

    /// <summary>Where the camera points on a pass, degrees above the horizon.</summary>
    public double CameraPitchDeg { get; init; } = -90;

    /// <summary>The distance kept from keep-out zones and from the edge of keep-in zones, metres.</summary>
    public double MarginM { get; init; } = 15;

    internal List<InputFault> Check()
    {
        var faults = new List<InputFault>();
        void Range(double value, double least, double most, string code, string name)
        {
            if (!(value >= least && value <= most))
                faults.Add(new(code, name, string.Create(CultureInfo.InvariantCulture, $"It must be {least} to {most}; it is {value}.")));
        }

        Range(SwathM, 1, 5000, "sweep.swath", "swathM");
        Range(SpeedMps, 0.5, 40, "sweep.speed", "speedMps");
        Range(AccelerationMps2, 0.1, 20, "sweep.acceleration", "accelerationMps2");
        Range(AngleDeg ?? 0, -360, 360, "sweep.angle", "angleDeg");
        Range(CameraPitchDeg, -90, 30, "sweep.pitch", "cameraPitchDeg");
        Range(MarginM, 0, 1000, "sweep.margin", "marginM");
        Range(Altitude.Metres, -500, 10_000, "sweep.altitude", "altitude");
        if (Start is { IsValid: false })
            faults.Add(new("sweep.start", "start", "The start is not a valid position."));
        if (End is { IsValid: false })
            faults.Add(new("sweep.end", "end", "The end is not a valid position."));
        return faults;
    }
}

/// <summary>A covered piece of ground: the route that covers it and the figures that say how well.</summary>
public sealed record CoveragePlan
{
    /// <summary>The route; passes carry <see cref="CameraDuty.Scene"/>, the ways between them <see cref="CameraDuty.Transit"/>.</summary>
    public required Route Route { get; init; }

    /// <summary>The number of parallel lines the ground was cut into.</summary>
    public required int PassCount { get; init; }

    /// <summary>The fewest straight passes that any plan can do with, ceil(least width / swath) by Bang's plank theorem; known for
    /// convex ground only.</summary>
    public int? LeastPassCount { get; init; }

    /// <summary>The direction of the passes, degrees clockwise from true north, 0..180.</summary>
    public required double AngleDeg { get; init; }

    /// <summary>The share of the ground that can be covered (what was drawn, less holes and zones with their margin) that is covered,
    /// 0..1, by the union of the swaths.</summary>
    public required double CoveredFraction { get; init; }

    /// <summary>The ground that can be covered, square metres.</summary>
    public required double GroundM2 { get; init; }

    /// <summary>The length flown from the first pass to the end of the last, metres.</summary>
    public required double LengthM { get; init; }

    /// <summary>The length of the passes alone, metres.</summary>
    public required double PassLengthM { get; init; }

    /// <summary>The time from the first pass to the end of the last with a stop at every corner, seconds.</summary>
    public required double Seconds { get; init; }
}
