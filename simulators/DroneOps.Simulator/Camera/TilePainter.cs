using System.Buffers.Binary;
using System.Numerics;

namespace DroneOps.Simulator.Camera;

/// <summary>Paints one square of the map after the other, twice as fine as its texels, so that edges come out smooth. Its buffers are used again:
/// one owner.</summary>
internal sealed partial class TilePainter(CityMap map, Palette palette)
{
    private const int Fine = GroundTile.Side * 2;
    private const byte Shadow = 128;

    /// <summary>Where the shadow of a thing one metre high falls, metres: the sun stands in the south-west.</summary>
    private static readonly Vector2 Sun = new(0.55f, 0.45f);

    private readonly byte[] _cells = new byte[Fine * Fine];
    private readonly Raster _raster = new(Fine, Fine);
    private readonly List<MapArea> _areas = [];
    private readonly List<MapArea> _buildings = [];
    private readonly List<MapStretch> _stretches = [];
    private Vector2[] _ring = new Vector2[64];
    private int _level;
    private Vector2 _origin;
    private float _scale;
    private Box _box;

    public GroundTile Paint(int level, int x, int y)
    {
        var tile = new GroundTile(level, x, y);
        var size = (float)(GroundTile.TexelOf(level) * GroundTile.Side);
        _level = level;
        _origin = new(x * size, y * size);
        _scale = Fine / size;
        _box = new(_origin.X, _origin.Y, _origin.X + size, _origin.Y + size);
        Array.Fill(_cells, (byte)Surface.Ground);

        map.FindAreas(_box, _areas);
        map.FindBuildings(_box.Grow(30), _buildings);
        map.FindStretches(_box.Grow(8), _stretches);
        foreach (var area in _areas)
            Fill(area, Vector2.Zero, area.Surface);
        for (var rank = RoadKind.Bridge; rank <= RoadKind.Top; rank++)
            PaintWays(rank);
        if (level <= 4)
        {
            foreach (var building in _buildings)
            {
                for (var part = 1; part <= 3; part++)
                    Fill(building, Sun * (building.Height * part / 3), null);
            }
        }

        foreach (var building in _buildings)
            Fill(building, Vector2.Zero, building.Surface);
        if (level <= 3)
            PaintParked();
        if (level <= 5)
            PaintTrees();
        Develop(tile);
        return tile;
    }

    private Vector2 ToFine(Vector2 point) => (point - _origin) * _scale;

    private void Fill(MapArea area, Vector2 shift, Surface? surface)
    {
        _raster.Begin();
        foreach (var ring in area.Rings)
        {
            if (_ring.Length < ring.Length)
                _ring = new Vector2[ring.Length];
            for (var i = 0; i < ring.Length; i++)
                _ring[i] = ToFine(ring[i] + shift);
            _raster.Add(_ring.AsSpan(0, ring.Length));
        }

        Fill(_raster.Finish(), surface);
    }

    /// <summary>Fills spans with a surface, or with shadow.</summary>
    private void Fill(Raster.Spans spans, Surface? surface)
    {
        while (spans.Read())
        {
            var cells = _cells.AsSpan((spans.Row * Fine) + spans.From, spans.To - spans.From);
            if (surface is { } known)
            {
                cells.Fill((byte)known);
                continue;
            }

            foreach (ref var cell in cells)
                cell |= Shadow;
        }
    }

    /// <summary>A strip along a line, metres.</summary>
    private void Strip(Vector2 from, Vector2 to, float left, float right, Surface? surface)
    {
        var along = Vector2.Normalize(to - from);
        var aside = new Vector2(along.Y, -along.X);
        Fill(
            _raster.Convex([ToFine(from + (aside * left)), ToFine(to + (aside * left)), ToFine(to + (aside * right)), ToFine(from + (aside * right))]),
            surface);
    }

    private void Disc(Vector2 middle, float radius, Surface? surface)
    {
        var centre = ToFine(middle);
        var reach = radius * _scale;
        var first = Math.Max(0, (int)MathF.Ceiling(centre.Y - reach - 0.5f));
        var last = Math.Min(Fine - 1, (int)MathF.Floor(centre.Y + reach - 0.5f));
        for (var row = first; row <= last; row++)
        {
            var dy = row + 0.5f - centre.Y;
            var half = MathF.Sqrt(Math.Max(0, (reach * reach) - (dy * dy)));
            var from = Math.Clamp((int)MathF.Ceiling(centre.X - half - 0.5f), 0, Fine);
            var to = Math.Clamp((int)MathF.Floor(centre.X + half - 0.5f) + 1, from, Fine);
            var cells = _cells.AsSpan((row * Fine) + from, to - from);
            if (surface is { } known)
            {
                cells.Fill((byte)known);
                continue;
            }

            foreach (ref var cell in cells)
                cell |= Shadow;
        }
    }

    /// <summary>Slow unevenness, in waves of some 30 m; the place in sixteenths of a metre.</summary>
    private static int Wide(int x, int y)
    {
        var noise = Scatter.Noise;
        var (column, row) = (x >> 5 & 255, y >> 5 & 255);
        var (right, above) = ((column + 1) & 255, ((row + 1) & 255) << 8);
        var (fx, fy) = (x & 31, y & 31);
        row <<= 8;
        var low = (noise[row | column] * (32 - fx)) + (noise[row | right] * fx);
        var high = (noise[above | column] * (32 - fx)) + (noise[above | right] * fx);
        return ((low * (32 - fy)) + (high * fy)) >> 10;
    }

    /// <summary>From surfaces to brightness and colour, with the unevenness of each surface.</summary>
    private void Develop(GroundTile tile)
    {
        const int Half = GroundTile.Side / 2;
        for (var cy = 0; cy < Half; cy++)
        {
            for (var cx = 0; cx < Half; cx++)
            {
                var wide = Wide(((tile.X * GroundTile.Side) + (cx * 2)) << _level, ((tile.Y * GroundTile.Side) + (cy * 2)) << _level);
                var cells = _cells.AsSpan((cy * 4 * Fine) + (cx * 4));
                var first = BinaryPrimitives.ReadUInt32LittleEndian(cells);
                // Most cells are of one surface only.
                var isOne = first == (first & 0xFF) * 0x0101_0101 && first == BinaryPrimitives.ReadUInt32LittleEndian(cells[Fine..])
                    && first == BinaryPrimitives.ReadUInt32LittleEndian(cells[(2 * Fine)..]) && first == BinaryPrimitives.ReadUInt32LittleEndian(cells[(3 * Fine)..]);
                var colour = (cy * Half) + cx;
                (tile.BlueDifference[colour], tile.RedDifference[colour]) = isOne
                    ? DevelopOne(tile, cx, cy, wide, (byte)first)
                    : DevelopMixed(tile, cx, cy, wide);
            }
        }
    }

    private (byte Blue, byte Red) DevelopOne(GroundTile tile, int cx, int cy, int wide, byte cell)
    {
        var second = palette.Patches[cell];
        var (blue, red) = (0, 0);
        for (var part = 0; part < 4; part++)
        {
            var (u, v) = ((cx * 2) + (part & 1), (cy * 2) + (part >> 1));
            var near = Near(tile, u, v);
            var surface = IsPatch(wide, near) ? second : cell;
            var tint = palette.Tints[surface];
            tile.Luma[(v * GroundTile.Side) + u] = (byte)Math.Clamp(tint.Y + ((near + wide - 255) * palette.Grain[surface] >> 8), 16, 235);
            blue += tint.U;
            red += tint.V;
        }

        return ((byte)((blue + 2) >> 2), (byte)((red + 2) >> 2));
    }

    private (byte Blue, byte Red) DevelopMixed(GroundTile tile, int cx, int cy, int wide)
    {
        Span<byte> four = stackalloc byte[4];
        var (blue, red) = (0, 0);
        for (var part = 0; part < 4; part++)
        {
            var (u, v) = ((cx * 2) + (part & 1), (cy * 2) + (part >> 1));
            var cell = (v * 2 * Fine) + (u * 2);
            var near = Near(tile, u, v);
            (four[0], four[1], four[2], four[3]) = (_cells[cell], _cells[cell + 1], _cells[cell + Fine], _cells[cell + Fine + 1]);
            var light = 2;
            foreach (var one in four)
            {
                var tint = palette.Tints[IsPatch(wide, near) ? palette.Patches[one] : one];
                light += tint.Y;
                blue += tint.U;
                red += tint.V;
            }

            tile.Luma[(v * GroundTile.Side) + u] = (byte)Math.Clamp((light >> 2) + ((near + wide - 255) * palette.Grain[four[0]] >> 8), 16, 235);
        }

        return ((byte)((blue + 8) >> 4), (byte)((red + 8) >> 4));
    }

    /// <summary>Fine unevenness, in waves of a metre; from far away there is none.</summary>
    private int Near(GroundTile tile, int u, int v)
    {
        if (_level >= 5)
            return 128;
        var (x, y) = (((tile.X * GroundTile.Side) + u) << _level, ((tile.Y * GroundTile.Side) + v) << _level);
        return Scatter.Noise[((y >> 2 & 255) << 8) | (x >> 2 & 255)];
    }

    private static bool IsPatch(int wide, int near) => (wide * 3) + near > 560;
}
