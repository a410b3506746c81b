using DroneOps.Missions.Files;
using DroneOps.Missions.Zones;

namespace DroneOps.Fuzz;

/// <summary>KML documents: whatever shapes are read, checking them as areas and corridors ends in a value or in faults.</summary>
internal sealed class PlansKmlTarget : IFuzzTarget
{
    public string Name => "kml";

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!KmlShapes.Read(input).TryGet(out var shapes))
            return;
        foreach (var polygon in shapes.Polygons)
            _ = Area.Create(polygon.Outer, [.. polygon.Holes]);
        foreach (var line in shapes.Lines)
            _ = Corridor.Create(line.Points, 50);
    }
}
