using System.Globalization;
using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Valid;

namespace DroneOps.Missions.Zones;

/// <summary>Checks that every drawn ring passes before anything is planned on it.</summary>
internal static class Ring
{
    /// <summary>F3548-21 allows 10 000 vertices in one operational intent; no drawn shape needs more.</summary>
    public const int MaxVertices = 10_000;

    /// <summary>Beyond this the local plane's error leaves its stated bound.</summary>
    public const double MaxExtentM = 100_000;

    /// <summary>Checks one point; adds what is wrong.</summary>
    public static bool CheckPoint(GeoPoint point, string kind, string where, List<InputFault> faults)
    {
        if (point.IsValid)
            return true;

        var (latitude, longitude) = (point.LatitudeDeg, point.LongitudeDeg);
        var found = string.Create(CultureInfo.InvariantCulture, $"latitude {latitude}, longitude {longitude}");
        if (!double.IsFinite(latitude) || !double.IsFinite(longitude))
            faults.Add(new($"{kind}.notANumber", where, $"The position is not a number ({found})."));
        else if (Math.Abs(latitude) <= 180 && Math.Abs(longitude) <= 90)
            faults.Add(new($"{kind}.swapped", where, $"The position is out of range and looks like longitude and latitude swapped ({found})."));
        else
            faults.Add(new($"{kind}.outOfRange", where, $"The position is out of range ({found})."));
        return false;
    }

    /// <summary>Drops a closing vertex that repeats the first and vertices that repeat their predecessor.</summary>
    public static GeoPoint[] Open(IReadOnlyList<GeoPoint> ring)
    {
        var open = new List<GeoPoint>(ring.Count);
        foreach (var point in ring)
        {
            if (open.Count == 0 || open[^1] != point)
                open.Add(point);
        }

        while (open.Count > 1 && open[^1] == open[0])
            open.RemoveAt(open.Count - 1);
        return [.. open];
    }

    /// <summary>Checks a polygon with holes; gives its opened rings, or null and what is wrong.</summary>
    public static (GeoPoint[] Outer, GeoPoint[][] Holes)? Check(
        IReadOnlyList<GeoPoint> outer, IReadOnlyList<IReadOnlyList<GeoPoint>> holes, string kind, List<InputFault> faults)
    {
        var total = outer.Count + holes.Sum(static hole => hole.Count);
        if (total > MaxVertices)
        {
            faults.Add(new($"{kind}.tooManyPoints", "outer", $"The shape has {total} points; at most {MaxVertices} are accepted."));
            return null;
        }

        var before = faults.Count;
        CheckPoints(outer, kind, "outer", faults);
        for (var i = 0; i < holes.Count; i++)
            CheckPoints(holes[i], kind, $"holes[{i}]", faults);
        if (faults.Count > before)
            return null;

        var openOuter = Open(outer);
        GeoPoint[][] openHoles = [.. holes.Select(Open)];
        CheckCount(openOuter, kind, "outer", faults);
        for (var i = 0; i < openHoles.Length; i++)
            CheckCount(openHoles[i], kind, $"holes[{i}]", faults);
        if (faults.Count > before)
            return null;

        var plane = LocalPlane.Around(openOuter);
        var polygon = Shapes.Polygon(plane, openOuter, openHoles);
        var envelope = polygon.EnvelopeInternal;
        if (envelope.Diameter > MaxExtentM)
        {
            faults.Add(new($"{kind}.tooLarge", "outer",
                string.Create(CultureInfo.InvariantCulture, $"The shape is {envelope.Diameter / 1000:F0} km across; at most {MaxExtentM / 1000:F0} km are accepted.")));
            return null;
        }

        CheckTopology(plane, polygon, openOuter, openHoles, kind, faults);
        return faults.Count > before ? null : (openOuter, openHoles);
    }

    private static void CheckPoints(IReadOnlyList<GeoPoint> ring, string kind, string name, List<InputFault> faults)
    {
        for (var i = 0; i < ring.Count; i++)
            CheckPoint(ring[i], kind, $"{name}[{i}]", faults);
    }

    private static void CheckCount(GeoPoint[] ring, string kind, string name, List<InputFault> faults)
    {
        if (ring.Length < 3)
            faults.Add(new($"{kind}.tooFewPoints", name, $"A ring needs at least three different points; this one has {ring.Length}."));
    }

    private static void CheckTopology(
        LocalPlane plane, Polygon polygon, GeoPoint[] outer, GeoPoint[][] holes, string kind, List<InputFault> faults)
    {
        var error = new IsValidOp(polygon).ValidationError;
        if (error is null)
        {
            if (polygon.Area < 1)
                faults.Add(new($"{kind}.noArea", "outer", "The shape encloses less than one square metre."));
            return;
        }

        var at = plane.ToGeo(new(error.Coordinate.X, error.Coordinate.Y));
        var place = string.Create(CultureInfo.InvariantCulture, $"{at.LatitudeDeg:F7}, {at.LongitudeDeg:F7}");
        var (code, message) = error.ErrorType switch
        {
            TopologyValidationErrors.SelfIntersection or TopologyValidationErrors.RingSelfIntersection =>
                ("selfCrossing", "The outline crosses or touches itself at"),
            TopologyValidationErrors.HoleOutsideShell => ("holeOutside", "A hole lies outside the outline at"),
            TopologyValidationErrors.NestedHoles => ("holesOverlap", "A hole lies inside another at"),
            TopologyValidationErrors.DisconnectedInteriors => ("disconnected", "Holes cut the shape into pieces at"),
            _ => ("invalid", $"The shape is not a polygon ({error.Message}) at"),
        };
        faults.Add(new($"{kind}.{code}", NearestVertex(at, outer, holes), $"{message} {place}."));
    }

    private static string NearestVertex(GeoPoint at, GeoPoint[] outer, GeoPoint[][] holes)
    {
        var best = (Distance: double.MaxValue, Name: "outer");
        void Look(GeoPoint[] ring, string name)
        {
            for (var i = 0; i < ring.Length; i++)
            {
                var distance = Geodesic.DistanceM(at, ring[i]);
                if (distance < best.Distance)
                    best = (distance, $"{name}[{i}]");
            }
        }

        Look(outer, "outer");
        for (var i = 0; i < holes.Length; i++)
            Look(holes[i], $"holes[{i}]");
        return best.Name;
    }
}
