using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Patterns;
using DroneOps.Server.Incidents;

namespace DroneOps.Server.Dispatch;

/// <summary>Where a drone stands to the place it is sent to: beside it, so that its camera sees it and nothing falls on it, and apart from every
/// other drone there. Pure.</summary>
internal static class SceneStand
{
    /// <summary>How far a drone stands off the place unless asked otherwise, metres.</summary>
    public const double StandOffM = 20;

    /// <summary>Two drones at one place keep at least this much height between them, metres.</summary>
    public const double SeparationM = 15;

    /// <summary>The heights above home that are chosen from, the first that is free.</summary>
    private static readonly double[] Heights = [Candidates.SceneHeightM, 80, 100, 40];

    private const double SideStepDeg = 30;

    /// <summary>The stand of a drone that is sent, or null when there is no height left.</summary>
    /// <param name="homeAmslM">The height of its home above the sea.</param>
    /// <param name="comesFrom">From where it reaches the place.</param>
    /// <param name="takenAmslM">The heights above the sea of the drones that are there or will be.</param>
    /// <param name="takenDeg">The sides of the place on which they stand.</param>
    public static SceneTask? Choose(GeoPoint scene, double homeAmslM, GeoPoint comesFrom, IReadOnlyCollection<double> takenAmslM, IReadOnlyCollection<double> takenDeg, Transit ways)
    {
        if (Heights.Where(height => takenAmslM.All(taken => Math.Abs(homeAmslM + height - taken) >= SeparationM)).Cast<double?>().FirstOrDefault() is not { } height)
            return null;
        var side = Geodesic.Inverse(scene, comesFrom).StartAzimuthDeg;
        var sides = Enumerable.Range(0, (int)(360 / SideStepDeg)).Select(step => Normal(side + (step * SideStepDeg)))
            .Where(bearing => ways.IsFree(Geodesic.Direct(scene, bearing, StandOffM)));
        // Nobody there: on the side it comes from. Else as far round from the others as there is room.
        var best = sides.OrderByDescending(bearing => takenDeg.Select(taken => Apart(bearing, taken)).DefaultIfEmpty(0).Min()).ThenBy(bearing => Apart(bearing, side)).Cast<double?>().FirstOrDefault();
        return best is { } chosen
            ? new SceneTask(SceneTaskKind.Hover, height, StandOffM, Math.Round(chosen))
            : new SceneTask(SceneTaskKind.Hover, height);
    }

    /// <summary>The angle between two bearings, 0 to 180.</summary>
    public static double Apart(double leftDeg, double rightDeg)
    {
        var difference = Normal(leftDeg - rightDeg);
        return Math.Min(difference, 360 - difference);
    }

    private static double Normal(double deg) => ((deg % 360) + 360) % 360;
}
