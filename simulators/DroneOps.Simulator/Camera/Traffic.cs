using System.Numerics;

namespace DroneOps.Simulator.Camera;

/// <summary>Something that moves, where it is now.</summary>
internal readonly record struct Mover(Vector2 Place, Vector2 Along, bool IsCar, uint Mark);

/// <summary>Cars on the right-hand lanes and people on the pavements. All are functions of the time and the seed, so that every camera sees the
/// same car, and every run too.</summary>
internal sealed class Traffic(CityMap map, ulong seed)
{
    private const float WalkSpacing = 26;
    private const float WalkSpeed = 1.3f;

    private readonly uint _seed = (uint)(seed ^ (seed >> 32));
    private readonly List<MapStretch> _stretches = [];

    /// <summary>What moves within a rectangle.</summary>
    /// <param name="box">Metres on the map.</param>
    /// <param name="seconds">Since any fixed time.</param>
    /// <param name="withPeople">Whether people are wanted too.</param>
    /// <param name="found">Is filled anew.</param>
    public void Find(Box box, double seconds, bool withPeople, List<Mover> found)
    {
        found.Clear();
        map.FindStretches(box, _stretches);
        foreach (var stretch in _stretches)
        {
            var kind = stretch.Kind;
            if (kind.Speed > 0)
            {
                var lanes = Math.Max(1, (int)((kind.Width / 2) / 3.6f));
                Move(stretch, box, seconds, kind.Speed, kind.Spacing, mark => 1.75f + (mark % (uint)lanes * 3.5f), isCar: true, found);
            }

            if (withPeople && kind.Rank is >= 3 and <= 6)
                Move(stretch, box, seconds, WalkSpeed, WalkSpacing, _ => (kind.Width / 2) + (kind.Kerb * 0.6f), isCar: false, found);
        }
    }

    private void Move(
        MapStretch stretch, Box box, double seconds, float speed, float spacing, Func<uint, float> aside, bool isCar, List<Mover> found)
    {
        var along = stretch.Direction;
        var right = new Vector2(along.Y, -along.X);
        for (var way = 1; way >= -1; way -= 2)
        {
            // Place number k on an endless chain that moves along the line.
            var shift = seconds * speed * way;
            var first = (long)Math.Ceiling((stretch.Start - shift) / spacing) - 1;
            var last = (long)Math.Floor((stretch.Start + stretch.Length - shift) / spacing);
            for (var k = first; k <= last; k++)
            {
                var mark = Scatter.Hash(Scatter.Hash((uint)stretch.Line, (uint)k), _seed + (uint)way + (isCar ? 0u : 7));
                var at = (k * (double)spacing) + shift + (Scatter.Unit(mark) * spacing * 0.6) - stretch.Start;
                if (mark % 10 < 4 || at < 0 || at >= stretch.Length)
                    continue;
                var place = stretch.From + (along * (float)at) + (right * (aside(mark >> 4) * way));
                if (box.Contains(place))
                    found.Add(new(place, along * way, isCar, mark >> 8));
            }
        }
    }
}
