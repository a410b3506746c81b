using System.Numerics;

namespace DroneOps.Simulator.Camera;

/// <summary>Everything that one camera sees: ground and sky, buildings, traffic, and here and there an accident with the police at it. Owned by the
/// camera's loop.</summary>
internal sealed class Scene(TileStore store, ulong seed, int width, int height)
{
    private const float BuildingSight = 1300;
    private const float CarSight = 900;
    private const float PersonSight = 260;

    private readonly GroundPicture _ground = new(store);
    private readonly Solids _solids = new(store.Palette, width, height);
    private readonly Traffic _traffic = new(store.Map, seed);
    private readonly List<MapArea> _buildings = [];
    private readonly List<Mover> _movers = [];
    private readonly List<MapStretch> _stretches = [];
    private readonly PriorityQueue<MapArea, float> _order = new();

    /// <param name="view">Where the camera is and looks.</param>
    /// <param name="seconds">The time in the city, seconds since any fixed time.</param>
    /// <param name="picture">Is drawn over.</param>
    public void Draw(in GroundView view, double seconds, YuvPicture picture)
    {
        _ground.Draw(view, picture);
        _solids.Begin(view);
        var reach = Reach(view);
        var eye = new Vector2((float)view.East, (float)view.North);
        DrawTraffic(view, eye, reach, seconds, picture);
        DrawAccidents(eye, Math.Min(reach, CarSight), seconds, picture);
        store.Map.FindBuildings(Around(eye, Math.Min(reach + 60, BuildingSight)), _buildings);
        foreach (var building in _buildings)
        {
            var middle = new Vector2((building.Box.West + building.Box.East) / 2, (building.Box.South + building.Box.North) / 2);
            var radius = Vector2.Distance(middle, new(building.Box.East, building.Box.North)) + building.Height;
            // Who stands on a roof does not see the walls around him.
            if (_solids.IsInView(middle, radius) && !(view.Up < building.Height + 2 && building.Box.Grow(3).Contains(eye)))
                _order.Enqueue(building, -Vector2.DistanceSquared(middle, eye));
        }

        while (_order.TryDequeue(out var building, out _))
            _solids.DrawBuilding(building, picture);
    }

    /// <summary>Metres over ground to the furthest corner of the picture.</summary>
    private static float Reach(in GroundView view)
    {
        var furthest = 0.0;
        foreach (var (x, y) in ((double, double)[])[(0, 0), (view.Width, 0), (0, view.Height), (view.Width, view.Height)])
        {
            furthest = view.ToGround(x, y) is { } corner
                ? Math.Max(furthest, Math.Sqrt(Math.Pow(corner.East - view.East, 2) + Math.Pow(corner.North - view.North, 2)))
                : BuildingSight;
        }

        return (float)Math.Min(furthest, BuildingSight);
    }

    private static Box Around(Vector2 eye, float reach) => new(eye.X - reach, eye.Y - reach, eye.X + reach, eye.Y + reach);

    private void DrawTraffic(in GroundView view, Vector2 eye, float reach, double seconds, YuvPicture picture)
    {
        _traffic.Find(Around(eye, Math.Min(reach, CarSight)), seconds, withPeople: true, _movers);
        foreach (var mover in _movers)
        {
            if (!mover.IsCar && (Vector2.DistanceSquared(mover.Place, eye) + (view.Up * view.Up) > PersonSight * PersonSight))
                continue;
            if (!_solids.IsInView(mover.Place, 4))
                continue;
            if (mover.IsCar)
                DrawCar(mover.Place, mover.Along, TilePainter.PaintOf(mover.Mark), isRunning: true, picture);
            else
                DrawPerson(mover.Place, mover.Mark, picture);
        }
    }

    private void DrawCar(Vector2 place, Vector2 along, Surface paint, bool isRunning, YuvPicture picture)
    {
        _solids.DrawBox(place, along, new(4.5f, 1.9f), 0.2f, 0.9f, paint, paint, picture);
        _solids.DrawBox(place - (along * 0.3f), along, new(2.5f, 1.7f), 0.9f, 1.45f, Surface.Glass, paint, picture);
        if (isRunning && store.Palette.IsThermal)
            _solids.DrawBox(place + (along * 1.5f), along, new(1.2f, 1.5f), 0.9f, 0.95f, Surface.Engine, Surface.Engine, picture);
    }

    private void DrawPerson(Vector2 place, uint mark, YuvPicture picture)
    {
        var clothes = mark % 2 == 0 ? Surface.Person : Surface.PersonDark;
        _solids.DrawBox(place, Vector2.UnitX, new(0.55f, 0.55f), 0, 1.7f, clothes, clothes, picture);
    }

    /// <summary>On some streets two cars stand across the lane, with people, tape and a police car that flashes.</summary>
    private void DrawAccidents(Vector2 eye, float reach, double seconds, YuvPicture picture)
    {
        store.Map.FindStretches(Around(eye, reach), _stretches);
        foreach (var street in _stretches)
        {
            var mark = Scatter.Hash((uint)street.Line, (uint)street.Start + (uint)seed);
            if (street.Kind.Rank is < 4 or > 6 || street.Length < 60 || mark % 14 != 0)
                continue;
            var along = street.Direction;
            var right = new Vector2(along.Y, -along.X);
            var place = Vector2.Lerp(street.From, street.To, 0.35f + (0.3f * Scatter.Unit(mark))) + (right * 1.8f);
            if (!_solids.IsInView(place, 20))
                continue;
            var askew = Vector2.Normalize((along * 0.8f) + (right * 0.6f));
            DrawCar(place, askew, Surface.CarSilver, isRunning: true, picture);
            DrawCar(place + (along * 4.2f) + (right * 0.4f), Vector2.Normalize(along - (right * 0.4f)), Surface.CarRed, isRunning: true, picture);
            DrawCar(place - (along * 11), along, Surface.CarWhite, isRunning: true, picture);
            var flash = (long)(seconds * 4) % 2 == 0;
            _solids.DrawBox(
                place - (along * 11.3f), right, new(1.4f, 0.5f), 1.45f, 1.75f, flash ? Surface.FlashRed : Surface.FlashBlue, flash ? Surface.FlashRed : Surface.FlashBlue, picture);
            for (var i = 0; i < 5; i++)
                DrawPerson(place + (right * (2.6f + (i % 2 * 0.8f))) + (along * ((i * 2.1f) - 4)), mark + (uint)i, picture);
            for (var i = -3; i <= 3; i++)
                _solids.DrawBox(place - (along * 15) + (right * i * 0.9f), along, new(0.4f, 0.4f), 0, 0.8f, Surface.Tape, Surface.Tape, picture);
        }
    }
}
