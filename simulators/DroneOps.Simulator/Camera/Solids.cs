using System.Numerics;

namespace DroneOps.Simulator.Camera;

/// <summary>Draws what stands on the ground: buildings, cars, people, as prisms, those further away first. Owned by the camera's loop.</summary>
internal sealed class Solids(Palette palette, int width, int height)
{
    private const double Near = 0.4;
    private const double Storey = 3.3;

    private static readonly Vector2 TowardsSun = Vector2.Normalize(new(-0.55f, -0.45f));

    private readonly Raster _luma = new(width, height);
    private readonly Raster _chroma = new(width / 2, height / 2);
    private GroundView _view;
    private ViewAxes _axes;
    private float _focal;
    private Vector3[] _corners = new Vector3[64];
    private Vector3[] _clipped = new Vector3[80];
    private Vector2[] _flat = new Vector2[80];

    /// <summary>Begins a picture.</summary>
    public void Begin(in GroundView view)
    {
        _view = view;
        _axes = new(view);
        _focal = (float)view.Focal;
    }

    /// <summary>Whether any of a thing of this size at this place can be in the picture.</summary>
    public bool IsInView(Vector2 place, float radius)
    {
        var (right, above, ahead) = _axes.ToCamera(place.X, place.Y, 0);
        var reach = Math.Max(ahead + radius, 0);
        return reach > 0 && Math.Abs(right) < (reach * width / (2 * _focal)) + (radius * 1.5)
            && Math.Abs(above) < (reach * height / (2 * _focal)) + (radius * 2.5);
    }

    public void DrawBuilding(MapArea building, YuvPicture picture)
    {
        var ring = building.Rings[0];
        var middle = new Vector2((building.Box.West + building.Box.East) / 2, (building.Box.South + building.Box.North) / 2);
        var distance = Math.Sqrt(Math.Pow(middle.X - _view.East, 2) + Math.Pow(middle.Y - _view.North, 2) + (_view.Up * _view.Up));
        var storeys = distance < 300 ? (int)(building.Height / Storey) : 0;
        Prism(ring, 0, building.Height, building.Mark % 3 == 0 ? Surface.WallBright : Surface.Wall, building.Surface, storeys, distance, picture);
        if (distance > 350)
            return;
        // What stands on flat roofs: the head of the stairs, and its shadow side.
        var size = Math.Min(building.Box.East - building.Box.West, building.Box.North - building.Box.South);
        if (size < 9 || building.Surface == Surface.RoofTile || !building.Contains(middle))
            return;
        var half = new Vector2(size * 0.10f, size * 0.07f);
        Prism(
            [middle - half, middle + new Vector2(half.X, -half.Y), middle + half, middle + new Vector2(-half.X, half.Y)],
            building.Height,
            building.Height + 2.4f,
            Surface.WallBright,
            Surface.Pavement,
            0,
            distance,
            picture);
    }

    /// <summary>A rectangle on the ground, with its length along a direction.</summary>
    public void DrawBox(
        Vector2 middle, Vector2 along, Vector2 size, float low, float high, Surface wall, Surface top, YuvPicture picture)
    {
        var (ahead, aside) = (along * (size.X / 2), new Vector2(along.Y, -along.X) * (size.Y / 2));
        Prism([middle - ahead + aside, middle + ahead + aside, middle + ahead - aside, middle - ahead - aside], low, high, wall, top, 0, 0, picture);
    }

    private void Prism(
        ReadOnlySpan<Vector2> ring, float low, float high, Surface wall, Surface top, int storeys, double distance, YuvPicture picture)
    {
        var turn = 0f;
        var from = ring[^1];
        foreach (var to in ring)
        {
            turn += (from.X * to.Y) - (to.X * from.Y);
            from = to;
        }

        var camera = new Vector2((float)_view.East, (float)_view.North);
        from = ring[^1];
        foreach (var to in ring)
        {
            var side = to - from;
            var outward = turn > 0 ? new Vector2(side.Y, -side.X) : new Vector2(-side.Y, side.X);
            if (side != Vector2.Zero && Vector2.Dot(outward, camera - from) > 0)
            {
                var light = 0.76f + (0.24f * Vector2.Dot(Vector2.Normalize(outward), TowardsSun));
                Wall(from, to, low, high, Shade(palette[wall], light), distance, picture);
                for (var storey = 0; storey < storeys; storey++)
                {
                    var floor = low + (float)((storey + 0.36) * Storey);
                    Wall(Vector2.Lerp(from, to, 0.06f), Vector2.Lerp(from, to, 0.94f), floor, floor + 1.4f, Shade(palette[Surface.Window], light), distance, picture);
                }
            }

            from = to;
        }

        if (_view.Up <= high)
            return;
        Room(ring.Length);
        for (var i = 0; i < ring.Length; i++)
            _corners[i] = InCamera(ring[i], high);
        Fill(ring.Length, Air.Over(palette, distance, palette[top]), isConvex: ring.Length <= 4, picture);
    }

    private Tint Shade(Tint tint, float light) => palette.IsThermal ? tint : tint with { Y = (byte)(16 + ((tint.Y - 16) * light)) };

    private void Wall(Vector2 from, Vector2 to, float low, float high, Tint tint, double distance, YuvPicture picture)
    {
        _corners[0] = InCamera(from, low);
        _corners[1] = InCamera(to, low);
        _corners[2] = InCamera(to, high);
        _corners[3] = InCamera(from, high);
        Fill(4, Air.Over(palette, distance, tint), isConvex: true, picture);
    }

    private Vector3 InCamera(Vector2 place, float up)
    {
        var (right, above, ahead) = _axes.ToCamera(place.X, place.Y, up);
        return new((float)right, (float)above, (float)ahead);
    }

    private void Room(int corners)
    {
        if (_corners.Length >= corners)
            return;
        _corners = new Vector3[corners];
        _clipped = new Vector3[corners + 16];
        _flat = new Vector2[corners + 16];
    }

    private void Fill(int corners, Tint tint, bool isConvex, YuvPicture picture)
    {
        var count = Clip(corners);
        if (count < 3)
            return;
        var (low, high) = (new Vector2(float.MaxValue), new Vector2(float.MinValue));
        for (var i = 0; i < count; i++)
        {
            var corner = _clipped[i];
            _flat[i] = new((picture.Width / 2f) + (corner.X * _focal / corner.Z), (picture.Height / 2f) - (corner.Y * _focal / corner.Z));
            low = Vector2.Min(low, _flat[i]);
            high = Vector2.Max(high, _flat[i]);
        }

        if (high.X < 0 || high.Y < 0 || low.X > picture.Width || low.Y > picture.Height)
            return;
        var spans = SpansOf(_luma, count, isConvex);
        while (spans.Read())
            picture.LumaRow(spans.Row)[spans.From..spans.To].Fill(tint.Y);
        for (var i = 0; i < count; i++)
            _flat[i] /= 2;
        spans = SpansOf(_chroma, count, isConvex);
        while (spans.Read())
        {
            picture.BlueRow(spans.Row)[spans.From..spans.To].Fill(tint.U);
            picture.RedRow(spans.Row)[spans.From..spans.To].Fill(tint.V);
        }
    }

    private Raster.Spans SpansOf(Raster raster, int count, bool isConvex)
    {
        if (isConvex)
            return raster.Convex(_flat.AsSpan(0, count));
        raster.Begin();
        raster.Add(_flat.AsSpan(0, count));
        return raster.Finish();
    }

    /// <summary>Cuts off what lies behind the camera.</summary>
    private int Clip(int corners)
    {
        var count = 0;
        var from = _corners[corners - 1];
        for (var i = 0; i < corners; i++)
        {
            var to = _corners[i];
            if (from.Z >= Near != to.Z >= Near)
                _clipped[count++] = Vector3.Lerp(from, to, (float)((Near - from.Z) / (to.Z - from.Z)));
            if (to.Z >= Near)
                _clipped[count++] = to;
            from = to;
            if (count > _clipped.Length - 2)
                return 0;
        }

        return count;
    }
}
