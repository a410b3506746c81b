using System.Numerics;
using DroneOps.Simulator.Airframe;

namespace DroneOps.Simulator.Camera;

/// <summary>An area of the map. Metres east and north of the map's origin; the first ring is the outer one.</summary>
internal sealed record MapArea(Surface Surface, Vector2[][] Rings, Box Box)
{
    /// <summary>Of buildings, metres; otherwise 0.</summary>
    public float Height { get; init; }

    /// <summary>Tells one from another, the same in every run.</summary>
    public uint Mark { get; init; }

    public bool Contains(Vector2 point)
    {
        if (!Box.Contains(point))
            return false;
        var inside = false;
        foreach (var ring in Rings)
        {
            var b = ring[^1];
            foreach (var a in ring)
            {
                if (a.Y > point.Y != b.Y > point.Y && point.X < ((b.X - a.X) * (point.Y - a.Y) / (b.Y - a.Y)) + a.X)
                    inside = !inside;
                b = a;
            }
        }

        return inside;
    }
}

/// <summary>A straight piece of a road or railway.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="From">Where it begins.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Start">Metres along its line before it.</param>
/// <param name="Line">Which line it belongs to.</param>
/// <param name="Box">What it covers with its kerbs.</param>
internal sealed record MapStretch(RoadKind Kind, Vector2 From, Vector2 To, float Start, int Line, Box Box)
{
    public float Length => Vector2.Distance(From, To);

    public Vector2 Direction => Vector2.Normalize(To - From);
}

/// <summary>A rectangle, edges parallel to the axes.</summary>
internal readonly record struct Box(float West, float South, float East, float North)
{
    public static Box Of(ReadOnlySpan<Vector2> points, float margin)
    {
        var low = points[0];
        var high = points[0];
        foreach (var point in points)
        {
            low = Vector2.Min(low, point);
            high = Vector2.Max(high, point);
        }

        return new(low.X - margin, low.Y - margin, high.X + margin, high.Y + margin);
    }

    public bool Contains(Vector2 p) => p.X >= West && p.X <= East && p.Y >= South && p.Y <= North;

    public bool Meets(Box other) => West <= other.East && East >= other.West && South <= other.North && North >= other.South;

    public Box Grow(float by) => new(West - by, South - by, East + by, North + by);
}

/// <summary>How a class of way is drawn and used. Classes come in the order in which they are drawn.</summary>
/// <param name="Class">As the map names it.</param>
/// <param name="Width">Metres between the kerbs.</param>
/// <param name="Kerb">Metres of pavement on each side.</param>
/// <param name="Surface">What it is made of.</param>
/// <param name="Speed">Of the cars on it, m/s; 0 for none.</param>
/// <param name="Spacing">Metres from car to car in each direction.</param>
/// <param name="Rank">Its place in the order.</param>
internal sealed record RoadKind(string Class, float Width, float Kerb, Surface Surface, float Speed, float Spacing, int Rank)
{
    /// <summary>The last place in the order, and the first: bridges lie under everything.</summary>
    public const int Bridge = 0, Top = 8;

    public static RoadKind[] All { get; } =
    [
        new("rail", 5, 2, Surface.Ballast, 0, 0, 1),
        new("high-speed", 9, 2, Surface.Ballast, 0, 0, 2),
        new("lane", 3.2f, 0.6f, Surface.Lane, 0, 0, 3),
        new("residential", 7, 2, Surface.Asphalt, 6, 90, 4),
        new("secondary", 12, 3, Surface.Asphalt, 10, 55, 5),
        new("primary", 18, 4, Surface.Asphalt, 13, 45, 6),
        new("trunk", 20, 3, Surface.Asphalt, 15, 45, 7),
        new("motorway", 24, 1, Surface.Asphalt, 27, 70, Top),
    ];

    public bool IsRailway => Surface == Surface.Ballast;
}

/// <summary>What the camera flies over: areas, buildings and ways on flat ground. Does not change once it is read; any thread may ask.</summary>
internal sealed partial class CityMap
{
    private const float CellSize = 256;
    private const float Vast = 4000;

    private readonly Dictionary<(int X, int Y), List<int>> _areaCells = [];
    private readonly Dictionary<(int X, int Y), List<int>> _stretchCells = [];
    private readonly Dictionary<(int X, int Y), List<int>> _buildingCells = [];
    private readonly List<int> _vastAreas = [];
    private readonly List<MapArea> _areas = [];
    private readonly List<MapArea> _buildings = [];
    private readonly List<MapStretch> _stretches = [];

    private CityMap(LocalFrame frame) => Frame = frame;

    /// <summary>Its place on the earth: east and north are metres from the origin.</summary>
    public LocalFrame Frame { get; }

    /// <summary>Areas on the ground in the order in which they cover each other, buildings apart.</summary>
    public void FindAreas(Box box, List<MapArea> found)
    {
        var indices = new List<int>();
        Gather(_areaCells, box, indices);
        indices.AddRange(_vastAreas);
        Sort(indices, _areas, static area => area.Box, box, found);
    }

    public void FindBuildings(Box box, List<MapArea> found)
    {
        var indices = new List<int>();
        Gather(_buildingCells, box, indices);
        Sort(indices, _buildings, static building => building.Box, box, found);
    }

    public void FindStretches(Box box, List<MapStretch> found)
    {
        var indices = new List<int>();
        Gather(_stretchCells, box, indices);
        Sort(indices, _stretches, static stretch => stretch.Box, box, found);
    }

    private static void Gather(Dictionary<(int X, int Y), List<int>> cells, Box box, List<int> indices)
    {
        for (var y = Cell(box.South); y <= Cell(box.North); y++)
        {
            for (var x = Cell(box.West); x <= Cell(box.East); x++)
            {
                if (cells.TryGetValue((x, y), out var cell))
                    indices.AddRange(cell);
            }
        }
    }

    private static void Sort<T>(List<int> indices, List<T> all, Func<T, Box> boxOf, Box box, List<T> found)
    {
        indices.Sort();
        found.Clear();
        var before = -1;
        foreach (var index in indices)
        {
            if (index != before && boxOf(all[index]).Meets(box))
                found.Add(all[index]);
            before = index;
        }
    }

    private static int Cell(float metres) => (int)MathF.Floor(metres / CellSize);

    private static void Enter(Dictionary<(int X, int Y), List<int>> cells, Box box, int index)
    {
        for (var y = Cell(box.South); y <= Cell(box.North); y++)
        {
            for (var x = Cell(box.West); x <= Cell(box.East); x++)
            {
                if (!cells.TryGetValue((x, y), out var cell))
                    cells[(x, y)] = cell = [];
                cell.Add(index);
            }
        }
    }

    private void Add(MapArea area)
    {
        var index = _areas.Count;
        _areas.Add(area);
        if (area.Box.East - area.Box.West > Vast || area.Box.North - area.Box.South > Vast)
            _vastAreas.Add(index);
        else
            Enter(_areaCells, area.Box, index);
    }

    private void AddBuilding(MapArea building)
    {
        _buildings.Add(building);
        // Its shadow reaches further than it does itself.
        Enter(_buildingCells, building.Box, _buildings.Count - 1);
    }

    private void Add(MapStretch stretch)
    {
        _stretches.Add(stretch);
        Enter(_stretchCells, stretch.Box, _stretches.Count - 1);
    }
}
