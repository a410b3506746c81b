using System.Numerics;

namespace DroneOps.Simulator.Camera;

/// <summary>Builds on blocks for which the map has no buildings: base maps draw them for the middle of a city only, and a camera sees further.</summary>
internal sealed partial class CityMap
{
    private const float Margin = 7;

    private void FillEmptyBlocks()
    {
        var found = new List<MapArea>();
        foreach (var block in _areas.ToArray())
        {
            if (UseOf(block.Surface) is not { } use)
                continue;
            FindBuildings(block.Box, found);
            if (!found.Exists(building => block.Contains(building.Rings[0][0])))
                Fill(block, use);
        }
    }

    private static string? UseOf(Surface surface) => surface switch
    {
        Surface.OldBlock => "Old",
        Surface.ResidentialBlock => "Residential",
        Surface.CommercialBlock => "Commercial",
        Surface.IndustrialBlock => "Industrial",
        _ => null,
    };

    /// <summary>Rows of houses along the block's longest side.</summary>
    private void Fill(MapArea block, string use)
    {
        var (length, depth, gap) = use switch
        {
            "Old" => (13f, 10f, 3f),
            "Industrial" => (52f, 26f, 16f),
            "Commercial" => (34f, 24f, 14f),
            _ => (40f, 13f, 19f),
        };
        var ring = block.Rings[0];
        var along = Vector2.UnitX;
        var longest = 0f;
        for (var i = 1; i < ring.Length; i++)
        {
            if (Vector2.DistanceSquared(ring[i - 1], ring[i]) is var squared && squared > longest)
                (longest, along) = (squared, Vector2.Normalize(ring[i] - ring[i - 1]));
        }

        var aside = new Vector2(-along.Y, along.X);
        var middle = new Vector2((block.Box.West + block.Box.East) / 2, (block.Box.South + block.Box.North) / 2);
        var reach = Vector2.Distance(middle, new(block.Box.East, block.Box.North));
        for (var v = -reach; v < reach; v += depth + gap)
        {
            for (var u = -reach; u < reach; u += length + (gap * 0.7f))
            {
                var mark = Scatter.Hash((int)u, (int)v, (uint)block.Box.West);
                if (mark % 8 == 0)
                    continue;
                var corner = middle + (along * (u + (Scatter.Unit(mark) * gap * 0.3f))) + (aside * v);
                var (ahead, back) = (along * (length * (0.75f + (0.25f * Scatter.Unit(Scatter.Hash(mark, 3))))), aside * depth);
                if (IsWithin(block, corner, ahead, back))
                    Build(use, [[corner, corner + ahead, corner + ahead + back, corner + back]]);
            }
        }
    }

    private static bool IsWithin(MapArea block, Vector2 corner, Vector2 ahead, Vector2 back)
    {
        var (wide, deep) = (Vector2.Normalize(ahead) * Margin, Vector2.Normalize(back) * Margin);
        return block.Contains(corner - wide - deep) && block.Contains(corner + ahead + wide - deep)
            && block.Contains(corner + ahead + back + wide + deep) && block.Contains(corner + back - wide + deep);
    }
}
