using System.Numerics;

namespace DroneOps.Simulator.Camera;

/// <summary>Ways with their markings, parked cars and trees.</summary>
internal sealed partial class TilePainter
{
    private const float Slot = 7;
    private const float Garden = 7;
    private const float StreetTrees = 11;

    private static readonly Surface[] Paints = [Surface.CarWhite, Surface.CarWhite, Surface.CarSilver, Surface.CarBlack, Surface.CarBlack, Surface.CarRed, Surface.CarBlue];

    /// <summary>The paint of a car.</summary>
    public static Surface PaintOf(uint mark) => Paints[mark % (uint)Paints.Length];

    private void PaintWays(int rank)
    {
        foreach (var way in _stretches)
        {
            if (way.Kind.Rank == rank && way.Kind.Kerb * _scale > 0.5f)
                Pave(way, (way.Kind.Width / 2) + way.Kind.Kerb, way.Kind.Surface is Surface.Deck ? Surface.Marking : Surface.Pavement);
        }

        foreach (var way in _stretches)
        {
            if (way.Kind.Rank == rank)
                Pave(way, Math.Max(way.Kind.Width / 2, 0.8f / _scale), way.Kind.Surface);
        }

        if (_level > 3)
            return;
        foreach (var way in _stretches)
        {
            if (way.Kind.Rank == rank)
                Mark(way);
        }
    }

    private void Pave(MapStretch way, float half, Surface surface)
    {
        Strip(way.From, way.To, -half, half, surface);
        Disc(way.From, half, surface);
        Disc(way.To, half, surface);
    }

    private void Mark(MapStretch way)
    {
        var kind = way.Kind;
        if (kind.IsRailway)
        {
            for (var track = kind.Width > 6 ? -2.4f : 0; track <= kind.Width / 3; track += 4.8f)
            {
                Strip(way.From, way.To, track - 0.85f, track - 0.7f, Surface.Rail);
                Strip(way.From, way.To, track + 0.7f, track + 0.85f, Surface.Rail);
            }

            return;
        }

        if (kind.Width < 7 || kind.Rank == RoadKind.Bridge)
            return;
        if (kind.Width >= 12)
        {
            Strip(way.From, way.To, -0.35f, -0.15f, Surface.MarkingYellow);
            Strip(way.From, way.To, 0.15f, 0.35f, Surface.MarkingYellow);
        }
        else
        {
            Dash(way, 0);
        }

        for (var lane = 3.5f; lane < (kind.Width / 2) - 1; lane += 3.5f)
        {
            Dash(way, lane);
            Dash(way, -lane);
        }
    }

    private void Dash(MapStretch way, float aside)
    {
        var along = way.Direction;
        for (var at = 6f; at + 4 < way.Length - 4; at += 12)
        {
            var from = way.From + (along * at);
            if (_box.Grow(15).Contains(from))
                Strip(from, from + (along * 4), aside - 0.1f, aside + 0.1f, Surface.Marking);
        }
    }

    private void PaintParked()
    {
        foreach (var way in _stretches)
        {
            if (way.Kind.Rank is not (4 or 5))
                continue;
            var along = way.Direction;
            var aside = new Vector2(along.Y, -along.X);
            for (var at = 12f; at < way.Length - 12; at += Slot)
            {
                var mark = Scatter.Hash(way.Line, (int)(way.Start + at), 5);
                if (mark % 100 >= 26)
                    continue;
                var side = (mark >> 8) % 2 == 0 ? 1 : -1;
                var middle = way.From + (along * at) + (aside * (side * ((way.Kind.Width / 2) - 1.1f)));
                if (!_box.Grow(5).Contains(middle))
                    continue;
                Strip(middle - (along * 2.2f) + (Sun * 1.2f), middle + (along * 2.2f) + (Sun * 1.2f), -0.9f, 0.9f, null);
                Strip(middle - (along * 2.2f), middle + (along * 2.2f), -0.9f, 0.9f, PaintOf(mark >> 10));
                Strip(middle + (along * 0.5f), middle + (along * 1.1f), -0.75f, 0.75f, Surface.Glass);
                Strip(middle - (along * 1.8f), middle - (along * 1.3f), -0.7f, 0.7f, Surface.Glass);
            }
        }
    }

    private void PaintTrees()
    {
        var around = _box.Grow(5);
        for (var gy = (int)MathF.Floor(around.South / Garden); gy <= around.North / Garden; gy++)
        {
            for (var gx = (int)MathF.Floor(around.West / Garden); gx <= around.East / Garden; gx++)
            {
                var mark = Scatter.Hash(gx, gy, 9);
                var place = new Vector2((gx + Scatter.Unit(mark)) * Garden, (gy + Scatter.Unit(Scatter.Hash(mark, 1))) * Garden);
                if (around.Contains(place) && mark % 100 < Share(SurfaceAt(place)))
                    Plant(place, mark);
            }
        }

        foreach (var way in _stretches)
        {
            if (way.Kind.Rank is < 5 or RoadKind.Top)
                continue;
            var along = way.Direction;
            var aside = new Vector2(along.Y, -along.X) * ((way.Kind.Width / 2) + 1.6f);
            for (var at = 15f; at < way.Length - 15; at += StreetTrees)
            {
                var mark = Scatter.Hash(way.Line, (int)(way.Start + at), 6);
                var place = way.From + (along * at);
                if (mark % 10 < 8 && around.Contains(place + aside) && SurfaceAt(place + aside) is Surface.Pavement)
                    Plant(place + aside, mark);
                if ((mark >> 8) % 10 < 8 && around.Contains(place - aside) && SurfaceAt(place - aside) is Surface.Pavement)
                    Plant(place - aside, mark >> 4);
            }
        }
    }

    /// <summary>How many of a hundred spots bear a tree.</summary>
    private static int Share(Surface surface) => surface switch
    {
        Surface.Hill => 62,
        Surface.Park or Surface.Island => 34,
        Surface.ResidentialBlock or Surface.CivicBlock => 15,
        Surface.OldBlock => 6,
        Surface.Square or Surface.CommercialBlock => 5,
        Surface.Farmland or Surface.Ground => 3,
        _ => 0,
    };

    /// <summary>What is painted at a place; beyond the tile's edge the map itself is asked, so that a tree on the edge is whole.</summary>
    private Surface SurfaceAt(Vector2 place)
    {
        var fine = ToFine(place);
        if (fine.X >= 0 && fine.Y >= 0 && fine.X < Fine && fine.Y < Fine)
            return (Surface)(_cells[((int)fine.Y * Fine) + (int)fine.X] & ~Shadow);
        foreach (var building in _buildings)
        {
            if (building.Contains(place))
                return building.Surface;
        }

        var on = Surface.Ground;
        for (var i = _areas.Count - 1; i >= 0 && on == Surface.Ground; i--)
        {
            if (_areas[i].Contains(place))
                on = _areas[i].Surface;
        }

        foreach (var way in _stretches)
        {
            var t = Math.Clamp(Vector2.Dot(place - way.From, way.To - way.From) / (way.Length * way.Length), 0, 1);
            var distance = Vector2.Distance(place, Vector2.Lerp(way.From, way.To, t));
            if (distance < way.Kind.Width / 2)
                return way.Kind.Surface;
            if (distance < (way.Kind.Width / 2) + way.Kind.Kerb)
                on = Surface.Pavement;
        }

        return on;
    }

    private void Plant(Vector2 place, uint mark)
    {
        var radius = 1.6f + (1.7f * Scatter.Unit(Scatter.Hash(mark, 2)));
        if (_level <= 3)
            Disc(place + (Sun * radius * 1.6f), radius, null);
        Disc(place, radius, Surface.TreeDark);
        Disc(place - (Sun * radius * 0.4f), radius * 0.68f, Surface.Tree);
    }
}
