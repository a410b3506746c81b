using System.Collections.Concurrent;
using DroneOps.Missions.Geodesy;
using NetTopologySuite.Geometries;

namespace DroneOps.Missions.Patterns;

public sealed partial class Transit
{
    private const byte Unknown = 0;
    private const byte Clear = 1;
    private const byte Hidden = 2;

    // What is seen from a start or goal is kept as far as it was looked at, because a planner asks for ways between the same points again and
    // again; a full table is simply not added to.
    private const int MaxSights = 4096;

    private readonly ConcurrentDictionary<PlanePoint, byte[]> _sights = [];

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

    // A* over start, goal and corners that looks along an edge only when its turn comes: the straight distance to the goal never overestimates,
    // so the first arrival over a clear edge is the shortest, and of the thousands of edges few are ever looked along. "Lazy" in the sense
    // of Cohen, Phillips, Likhachev: Planning Single-Arm Manipulations with N-Arm Robots (2014), without their second queue.
    private List<PlanePoint>? Search(PlanePoint start, PlanePoint goal)
    {
        var count = _corners.Length;
        var (startIndex, goalIndex) = (count, count + 1);
        PlanePoint At(int index) => index == startIndex ? start : index == goalIndex ? goal : _corners[index];

        var (startSees, goalSees) = (SightOf(start), SightOf(goal));
        bool Sees(int from, int to) => (from == startIndex, to == goalIndex) switch
        {
            (true, true) => IsFree(start, goal),
            (true, false) => IsSeen(startSees, to, start),
            (false, true) => IsSeen(goalSees, from, goal),
            _ => IsSeen(from, to),
        };

        var cost = new double[count + 2];
        var came = new int[count + 2];
        Array.Fill(cost, double.PositiveInfinity);
        Array.Fill(came, -1);
        var open = new PriorityQueue<(int At, int From, double Cost), double>();
        open.Enqueue((startIndex, -1, 0), start.DistanceTo(goal));
        while (open.TryDequeue(out var step, out _))
        {
            var (at, from, reached) = step;
            if (!double.IsPositiveInfinity(cost[at]) || (from >= 0 && !Sees(from, at)))
                continue;
            (cost[at], came[at]) = (reached, from);
            if (at == goalIndex)
                return Unwind(came, goalIndex, At);

            var here = At(at);
            for (var next = 0; next < cost.Length; next++)
            {
                if (!double.IsPositiveInfinity(cost[next]))
                    continue;
                var there = At(next);
                var then = reached + here.DistanceTo(there);
                open.Enqueue((next, at, then), then + there.DistanceTo(goal));
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

    private byte[] SightOf(PlanePoint point)
    {
        if (_sights.TryGetValue(point, out var known))
            return known;
        var nothingYet = new byte[_corners.Length];
        if (_sights.Count < MaxSights)
            _sights.TryAdd(point, nothingYet);
        return nothingYet;
    }

    // Two threads may fill the same cell at once; both write the same answer.
    private bool IsSeen(byte[] sight, int corner, PlanePoint from)
    {
        ref var cell = ref sight[corner];
        if (cell == Unknown)
            cell = IsFree(from, _corners[corner]) ? Clear : Hidden;
        return cell == Clear;
    }

    private bool IsSeen(int from, int to)
    {
        ref var cell = ref _seen[(Math.Min(from, to) * _corners.Length) + Math.Max(from, to)];
        if (cell == Unknown)
            cell = IsFree(_corners[from], _corners[to]) ? Clear : Hidden;
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
