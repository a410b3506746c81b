using DroneOps.Mavlink;
using DroneOps.Missions.Flight;
using DroneOps.Missions.Geodesy;

namespace DroneOps.Missions.Checks;

/// <summary>A straight piece of what is flown: heights in metres above home, times in seconds from lift-off.</summary>
/// <param name="LegIndex">The leg it belongs to; null for the take-off.</param>
/// <param name="From">Where it starts.</param>
/// <param name="To">Where it ends; equal to the start when it is vertical or a hover.</param>
/// <param name="FromM">Height at its start.</param>
/// <param name="ToM">Height at its end.</param>
/// <param name="FromGroundM">Ground at its start.</param>
/// <param name="ToGroundM">Ground at its end.</param>
/// <param name="StartS">When it starts.</param>
/// <param name="EndS">When it ends.</param>
/// <param name="Recording">Whether the camera records.</param>
internal readonly record struct FlownPiece(
    int? LegIndex, PlanePoint From, PlanePoint To, double FromM, double ToM, double FromGroundM, double ToGroundM, double StartS, double EndS, bool Recording)
{
    // A DEM's cell; terrain between two samples is taken as straight.
    private const double TerrainStepM = 30;
    private const int CircleSides = 64;

    public double LowM => Math.Min(FromM, ToM);

    public double HighM => Math.Max(FromM, ToM);

    public FlownPiece Part(double from, double to) => this with
    {
        From = From.Towards(To, from),
        To = From.Towards(To, to),
        FromM = FromM + (from * (ToM - FromM)),
        ToM = FromM + (to * (ToM - FromM)),
        FromGroundM = FromGroundM + (from * (ToGroundM - FromGroundM)),
        ToGroundM = FromGroundM + (to * (ToGroundM - FromGroundM)),
        StartS = StartS + (from * (EndS - StartS)),
        EndS = StartS + (to * (EndS - StartS)),
    };

    /// <summary>Everything that is flown from lift-off to the end of the last leg. Heights must be known to be convertible.</summary>
    public static List<FlownPiece> Of(Route route, HeightFrame heights, LocalPlane plane, RouteEstimate estimate)
    {
        var pieces = new List<FlownPiece>();
        var at = plane.ToPlane(heights.Home.Position);
        var height = Math.Max(0, route.TakeoffHeightM ?? heights.AboveHomeM(route.Legs[0].Altitude, route.Legs[0].To)!.Value);
        pieces.Add(new(null, at, at, 0, height, 0, 0, 0, estimate.Takeoff.Seconds, false));
        foreach (var timing in estimate.Legs)
        {
            var leg = route.Legs[timing.Index];
            var to = plane.ToPlane(leg.To);
            var toHeight = heights.AboveHomeM(leg.Altitude, leg.To)!.Value;
            var recording = leg.Camera == CameraDuty.Scene;
            var lineEnd = timing.StartS + timing.Line.Seconds;
            AddLine(pieces, heights, plane, timing.Index, at, to, height, toHeight, timing.StartS, lineEnd, recording, leg.Altitude);
            (at, height) = (to, toHeight);
            if (leg.Dwell > TimeSpan.Zero)
                AddLine(pieces, heights, plane, timing.Index, at, at, height, height, lineEnd, timing.EndS, recording, leg.Altitude);
            if (leg.Orbit is { } orbit)
                at = AddCircle(pieces, heights, plane, timing, leg, orbit, height, recording);
        }

        return pieces;
    }

    private static void AddLine(
        List<FlownPiece> pieces, HeightFrame heights, LocalPlane plane, int leg, PlanePoint from, PlanePoint to, double fromM, double toM,
        double startS, double endS, bool recording, Altitude altitude)
    {
        var steps = heights.HasTerrain ? Math.Clamp((int)Math.Ceiling(from.DistanceTo(to) / TerrainStepM), 1, 1000) : 1;
        double Ground(double share) => heights.GroundM(plane.ToGeo(from.Towards(to, share)));

        // An above-ground leg is flown with the ground: between its ends the height above ground changes evenly.
        var follows = altitude.Datum == AltitudeDatum.Agl;
        double fromGround = Ground(0), firstGround = fromGround, lastGround = Ground(1);
        double Height(double share, double ground) => follows
            ? ground + (fromM - firstGround) + (share * (toM - lastGround - fromM + firstGround))
            : fromM + (share * (toM - fromM));

        var low = fromM;
        for (var i = 1; i <= steps; i++)
        {
            var (before, share) = ((i - 1.0) / steps, (double)i / steps);
            var ground = Ground(share);
            var high = Height(share, ground);
            pieces.Add(new(leg, from.Towards(to, before), from.Towards(to, share), low, high, fromGround, ground,
                startS + (before * (endS - startS)), startS + (share * (endS - startS)), recording));
            (fromGround, low) = (ground, high);
        }
    }

    // The polygon around the circle, so that nothing of the circle lies outside what is checked.
    private static PlanePoint AddCircle(
        List<FlownPiece> pieces, HeightFrame heights, LocalPlane plane, LegEstimate timing, RouteLeg leg, Orbit orbit, double height, bool recording)
    {
        var circle = OrbitGeometry.Of(plane, leg, orbit);
        var around = circle with { RadiusM = circle.RadiusM / Math.Cos(Math.PI / CircleSides) };
        var turns = Math.Min(1, circle.Turns);
        var sides = Math.Max(1, (int)Math.Ceiling(turns * CircleSides));
        for (var i = 0; i < sides; i++)
        {
            AddLine(pieces, heights, plane, timing.Index, around.At(turns * i / sides), around.At(turns * (i + 1) / sides), height, height,
                timing.StartS + timing.Line.Seconds, timing.EndS, recording, leg.Altitude);
        }

        return circle.Exit;
    }
}
