using System.Collections.Concurrent;
using DroneOps.Missions.Geodesy;
using NetTopologySuite.Geometries;

namespace DroneOps.Missions.Patterns;

public sealed partial class Transit
{
    private const byte Unknown = 0;
    private const byte Clear = 1;
    private const byte Hidden = 2;

    // What is seen from a start or goal is kept, because a planner asks for ways between the same points again and again; a
    // full table is simply not added to.
    private const int MaxSights = 4096;

    private readonly ConcurrentDictionary<PlanePoint, bool[]> _sights = [];

    /// <summary>The shortest way on the plane; null when there is none.</summary>
    internal List<PlanePoint>? Way(PlanePoint from, PlanePoint to)
    {
        if (IsFree(from, to))
            return [from, to];
        if (Escape(from) is not { } start || Escape(to) is not { } goal || Search(start, goal) is not { } way)
            return null;

        if (start != from)
            way.Insert(0, from);
        if (goal != to)
            way.Add(to);
        return way;
    }

    // A* over start, goal and corners; the straight distance to the goal never overestimates, so the first arrival is the shortest.
    private List<PlanePoint>? Search(PlanePoint start, PlanePoint goal)
    {
        var count = _corners.Length;
        var (startIndex, goalIndex) = (count, count + 1);
        PlanePoint At(int index) => index == startIndex ? start : index == goalIndex ? goal : _corners[index];

        var best = new double[count + 2];
        var came = new int[count + 2];
        var done = new bool[count + 2];
        Array.Fill(best, double.PositiveInfinity);
        Array.Fill(came, -1);
        best[startIndex] = 0;
        var (startSees, goalSees) = (SightOf(start), SightOf(goal));
        var open = new PriorityQueue<int, double>();
        open.Enqueue(startIndex, start.DistanceTo(goal));
        while (open.TryDequeue(out var at, out _))
        {
            if (done[at])
                continue;
            done[at] = true;
            if (at == goalIndex)
                return Unwind(came, goalIndex, At);

            var here = At(at);
            for (var next = 0; next < best.Length; next++)
            {
                if (done[next] || next == startIndex)
                    continue;
                var there = At(next);
                var reached = best[at] + here.DistanceTo(there);
                if (reached >= best[next])
                    continue;
                var isSeen = at == startIndex ? next < count ? startSees[next] : IsFree(here, there)
                    : next == goalIndex ? goalSees[at]
                    : Sees(at, next, here, there);
                if (!isSeen)
                    continue;
                best[next] = reached;
                came[next] = at;
                open.Enqueue(next, reached + there.DistanceTo(goal));
            }
        }

        return null;
    }

    private static List<PlanePoint> Unwind(int[] came, int goalIndex, Func<int, PlanePoint> at)
    {
        var way = new List<PlanePoint>();
        for (var index = goalIndex; index >= 0; index = came[index])
            way.Add(at(index));
        way.Reverse();
        return way;
    }

    private bool[] SightOf(PlanePoint point)
    {
        if (_sights.TryGetValue(point, out var known))
            return known;
        var seen = Array.ConvertAll(_corners, corner => IsFree(point, corner));
        if (_sights.Count < MaxSights)
            _sights.TryAdd(point, seen);
        return seen;
    }

    // Two threads may fill the same cell at once; both write the same answer.
    private bool Sees(int from, int to, PlanePoint here, PlanePoint there)
    {
        ref var cell = ref _seen[(Math.Min(from, to) * _corners.Length) + Math.Max(from, to)];
        if (cell == Unknown)
            cell = IsFree(here, there) ? Clear : Hidden;
        return cell == Clear;
    }

    // A shortest way bends only around corners that stick out into the free space.
    private List<PlanePoint> Corners()
    {
        var corners = new List<PlanePoint>();
        foreach (var polygon in Shapes.Polygons(_blockedSoft))
            AddCorners(polygon, isObstacle: true, corners);
        if (_boundsSoft is not null)
        {
            foreach (var polygon in Shapes.Polygons(_boundsSoft))
                AddCorners(polygon, isObstacle: false, corners);
        }

        return corners;
    }

    private static void AddCorners(Polygon polygon, bool isObstacle, List<PlanePoint> corners)
    {
        // Normal form: the shell runs clockwise and holes anticlockwise, so the polygon's inside is on the right hand.
        var normal = (Polygon)polygon.Normalized();
        AddCorners(normal.ExteriorRing, isObstacle, corners);
        foreach (var hole in normal.InteriorRings)
            AddCorners(hole, isObstacle, corners);
    }

    private static void AddCorners(LineString ring, bool isObstacle, List<PlanePoint> corners)
    {
        var points = ring.Coordinates;
        var count = points.Length - 1;
        for (var i = 0; i < count; i++)
        {
            var (before, at, after) = (points[(i + count - 1) % count], points[i], points[i + 1]);
            var turn = ((at.X - before.X) * (after.Y - at.Y)) - ((at.Y - before.Y) * (after.X - at.X));
            if (isObstacle ? turn < 0 : turn > 0)
                corners.Add(Shapes.Point(at));
        }
    }
}
