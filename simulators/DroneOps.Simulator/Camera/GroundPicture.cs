using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DroneOps.Simulator.Camera;

/// <summary>Draws the ground and the sky that one camera sees. The horizon is level, so all of a row is equally far ahead and its texels lie on
/// a straight line at even steps: one addition and one look-up for each pixel. Owned by the camera's loop.</summary>
internal sealed class GroundPicture(TileStore store)
{
    private const double FarAway = 14_000;
    private const int Window = 32;
    private const int Fixed = 1 << 16;

    private readonly GroundTile?[] _window = new GroundTile?[GroundTile.Levels * Window * Window];
    private int _paints;
    private long _picture;

    /// <summary>How many tiles a picture may paint; where one is missing then, a coarser one is shown.</summary>
    public int PaintsPerPicture { get; init; } = 6;

    public void Draw(in GroundView view, YuvPicture picture)
    {
        _paints = _picture == 0 ? int.MaxValue : PaintsPerPicture;
        _picture = store.NextPicture();
        for (var row = 0; row < picture.Height; row++)
        {
            var luma = picture.LumaRow(row);
            if (RowOf(view, row + 0.5) is { } ground)
            {
                var walk = new Walk(ground, 1);
                while (Next(ref walk, luma.Length))
                    Sample(walk, luma);
                Air.Over(store.Palette, ground.Distance, luma, static tint => tint.Y);
            }
            else
            {
                luma.Fill(Air.Sky(store.Palette, Rise(view, row + 0.5)).Y);
            }
        }

        for (var row = 0; row < picture.Height / 2; row++)
        {
            var blue = picture.BlueRow(row);
            var red = picture.RedRow(row);
            if (RowOf(view, (row * 2) + 1) is { } ground)
            {
                var walk = new Walk(ground, 2);
                while (Next(ref walk, blue.Length))
                    Sample(walk, blue, red);
                Air.Over(store.Palette, ground.Distance, blue, static tint => tint.U);
                Air.Over(store.Palette, ground.Distance, red, static tint => tint.V);
            }
            else
            {
                var sky = Air.Sky(store.Palette, Rise(view, (row * 2) + 1));
                blue.Fill(sky.U);
                red.Fill(sky.V);
            }
        }
    }

    private static double Rise(in GroundView view, double y) => Math.Sin(view.Pitch + Math.Atan(((view.Height / 2.0) - y) / view.Focal));

    private static GroundRow? RowOf(in GroundView view, double y)
    {
        var (sinYaw, cosYaw) = Math.SinCos(view.Yaw);
        if (view.ToGround(0, y) is not { } left)
            return null;
        var reach = view.Up / -(Math.Sin(view.Pitch) + (Math.Cos(view.Pitch) * ((view.Height / 2.0) - y) / view.Focal));
        if (reach > FarAway)
            return null;
        var texel = reach / view.Focal;
        // A row further ahead is seen flatter: the coarser texel lies between its width and its depth, or it would glitter.
        var flat = Math.Clamp(Math.Sqrt(reach / view.Up) * 0.75, 1, 3);
        var level = Math.Clamp((int)Math.Round(Math.Log2(texel * flat / GroundTile.FinestTexel)), 0, GroundTile.Levels - 1);
        return new(level, left.East, left.North, texel * cosYaw, -texel * sinYaw, reach);
    }

    private static void Sample(in Walk walk, Span<byte> row)
    {
        var part = row.Slice(walk.At, walk.Count);
        if (walk.Tile is not { } tile)
        {
            part.Fill(Palette.Day[Surface.Ground].Y);
            return;
        }

        ref var texels = ref MemoryMarshal.GetArrayDataReference(tile.Luma);
        var (u, v, du, dv) = (walk.U, walk.V, walk.StepU, walk.StepV);
        for (var i = 0; i < part.Length; i++)
        {
            part[i] = Unsafe.Add(ref texels, (v >> 8 & 0xFF00) | (u >> 16 & 0xFF));
            u += du;
            v += dv;
        }
    }

    private static void Sample(in Walk walk, Span<byte> blue, Span<byte> red)
    {
        var bluePart = blue.Slice(walk.At, walk.Count);
        var redPart = red.Slice(walk.At, walk.Count);
        if (walk.Tile is not { } tile)
        {
            bluePart.Fill(128);
            redPart.Fill(128);
            return;
        }

        ref var blues = ref MemoryMarshal.GetArrayDataReference(tile.BlueDifference);
        ref var reds = ref MemoryMarshal.GetArrayDataReference(tile.RedDifference);
        var (u, v, du, dv) = (walk.U, walk.V, walk.StepU, walk.StepV);
        for (var i = 0; i < bluePart.Length; i++)
        {
            var texel = (v >> 10 & 0x3F80) | (u >> 17 & 0x7F);
            bluePart[i] = Unsafe.Add(ref blues, texel);
            redPart[i] = Unsafe.Add(ref reds, texel);
            u += du;
            v += dv;
        }
    }

    /// <summary>Goes on to the next piece of the row that lies on one tile.</summary>
    private bool Next(ref Walk walk, int width)
    {
        walk.At += walk.Count;
        if (walk.At >= width)
            return false;
        var (u, v) = (walk.StartU + (walk.At * walk.PaceU), walk.StartV + (walk.At * walk.PaceV));
        var (x, y) = ((int)Math.Floor(u / GroundTile.Side), (int)Math.Floor(v / GroundTile.Side));
        var (localU, localV) = (u - (x * GroundTile.Side), v - (y * GroundTile.Side));
        walk.Count = (int)Math.Min(width - walk.At, Math.Max(1, Math.Min(Until(localU, walk.PaceU), Until(localV, walk.PaceV))));
        walk.Tile = TileAt(walk.Level, x, y);
        if (walk.Tile is { } tile && tile.Level != walk.Level)
        {
            var coarser = 1.0 / (1 << (tile.Level - walk.Level));
            walk.Place((u * coarser) - (tile.X * GroundTile.Side), (v * coarser) - (tile.Y * GroundTile.Side), coarser);
        }
        else
        {
            walk.Place(localU, localV, 1);
        }

        return true;
    }

    /// <summary>Pixels until a texel coordinate leaves its tile.</summary>
    private static double Until(double local, double pace) =>
        pace > 1e-12 ? Math.Ceiling((GroundTile.Side - local) / pace)
        : pace < -1e-12 ? Math.Floor(local / -pace) + 1
        : double.MaxValue;

    private GroundTile? TileAt(int level, int x, int y)
    {
        ref var slot = ref _window[(((level * Window) + (y & (Window - 1))) * Window) + (x & (Window - 1))];
        if (slot is { } known && known.X == x && known.Y == y)
        {
            known.LastUsed = _picture;
            return known;
        }

        var tile = store.Find(level, x, y);
        if (tile is null && _paints > 0)
        {
            _paints--;
            tile = store.Paint(level, x, y);
        }

        if (tile is not null)
        {
            tile.LastUsed = _picture;
            return slot = tile;
        }

        for (var up = 1; level + up < GroundTile.Levels; up++)
        {
            if (store.Find(level + up, x >> up, y >> up) is { } coarser)
                return coarser;
        }

        return null;
    }

    /// <summary>One row of the picture on the ground: where its left edge is, and metres from pixel to pixel.</summary>
    private readonly record struct GroundRow(int Level, double East, double North, double StepEast, double StepNorth, double Distance);

    private struct Walk
    {
        public Walk(GroundRow row, int stride)
        {
            var texel = GroundTile.TexelOf(row.Level);
            Level = row.Level;
            PaceU = row.StepEast * stride / texel;
            PaceV = row.StepNorth * stride / texel;
            StartU = (row.East / texel) + (PaceU / 2);
            StartV = (row.North / texel) + (PaceV / 2);
        }

        public readonly int Level;
        public readonly double StartU;
        public readonly double StartV;
        public readonly double PaceU;
        public readonly double PaceV;
        public int At;
        public int Count;
        public GroundTile? Tile;
        public int U;
        public int V;
        public int StepU;
        public int StepV;

        public void Place(double u, double v, double scale)
        {
            U = (int)(u * Fixed);
            V = (int)(v * Fixed);
            StepU = (int)(PaceU * scale * Fixed);
            StepV = (int)(PaceV * scale * Fixed);
        }
    }
}
