using DroneOps.Mavlink.Messages;
using DroneOps.Simulator.Airframe;
using DroneOps.Simulator.Protocols;

namespace DroneOps.Simulator.Autopilot;

/// <summary>The fence as loaded: altitude, circle around home, and areas from the fence plan. The areas become live a moment
/// after their upload was accepted, and never before the estimator has an origin.</summary>
internal sealed class GeoFence(ParameterTable parameters, PlanStore plans, LocalFrame frame)
{
    /// <summary>Bits of FENCE_TYPE.</summary>
    [Flags]
    public enum Kinds
    {
        None = 0,
        AltitudeMax = 1,
        Circle = 2,
        Polygon = 4,
        AltitudeMin = 8,
    }

    private readonly List<Area> _areas = [];

    private sealed record Area(bool IsInclusion, Ned[] Corners, double Radius);

    public bool IsEnabled { get; private set; }

    /// <summary>What is crossed now.</summary>
    public Kinds Breach { get; private set; }

    public ushort BreachCount { get; private set; }

    /// <summary>Milliseconds after boot.</summary>
    public uint BreachTimeMs { get; private set; }

    public bool HasAreas => _areas.Count > 0;

    /// <summary>Whether a fence of any kind could be switched on (SYS_STATUS present bit).</summary>
    public bool IsPresent => (Configured & (Kinds.AltitudeMax | Kinds.Circle | Kinds.AltitudeMin)) != 0 || HasAreas;

    public FenceBreach BreachType => Breach switch
    {
        Kinds.None => FenceBreach.None,
        _ when (Breach & (Kinds.Polygon | Kinds.Circle)) != 0 => FenceBreach.Boundary,
        _ when (Breach & Kinds.AltitudeMax) != 0 => FenceBreach.Maxalt,
        _ => FenceBreach.Minalt,
    };

    private Kinds Configured => (Kinds)(int)parameters[Known.FenceType];

    /// <summary>The name in "Polygon fence breached".</summary>
    public string BreachName => (Breach & Kinds.Polygon) != 0 ? "Polygon"
        : (Breach & Kinds.Circle) != 0 ? "Circle"
        : (Breach & Kinds.AltitudeMax) != 0 ? "Max Alt" : "Min Alt";

    /// <returns>False where there is nothing to switch on.</returns>
    public bool TryEnable()
    {
        if (!IsPresent)
            return false;
        IsEnabled = true;
        return true;
    }

    public void Disable()
    {
        IsEnabled = false;
        Breach = Kinds.None;
    }

    /// <summary>Takes the stored plan into use.</summary>
    public void Load()
    {
        _areas.Clear();
        var items = plans.Fence;
        for (var i = 0; i < items.Count;)
        {
            var item = items[i];
            switch (item.Command)
            {
                case MavCmd.NavFencePolygonVertexInclusion or MavCmd.NavFencePolygonVertexExclusion:
                    var count = Math.Min((int)item.Param1, items.Count - i);
                    _areas.Add(new(
                        item.Command == MavCmd.NavFencePolygonVertexInclusion,
                        [.. items.Skip(i).Take(count).Select(v => frame.ToLocal(v.Place, frame.AltitudeAmsl))],
                        0));
                    i += Math.Max(1, count);
                    break;

                case MavCmd.NavFenceCircleInclusion or MavCmd.NavFenceCircleExclusion:
                    _areas.Add(new(item.Command == MavCmd.NavFenceCircleInclusion, [frame.ToLocal(item.Place, frame.AltitudeAmsl)], item.Param1));
                    i++;
                    break;

                default:
                    i++;
                    break;
            }
        }
    }

    public void Unload() => _areas.Clear();

    /// <summary>What a place would cross, whether or not the fence is on.</summary>
    /// <param name="position">The place.</param>
    /// <param name="home">Centre of the circle and zero of the heights.</param>
    public Kinds Test(Ned position, Ned home)
    {
        var configured = Configured;
        var crossed = Kinds.None;
        var height = home.Down - position.Down;
        if ((configured & Kinds.AltitudeMax) != 0 && height > parameters[Known.FenceAltMax])
            crossed |= Kinds.AltitudeMax;
        if ((configured & Kinds.AltitudeMin) != 0 && height < parameters[Known.FenceAltMin])
            crossed |= Kinds.AltitudeMin;
        if ((configured & Kinds.Circle) != 0 && (position - home).Horizontal > parameters[Known.FenceRadius])
            crossed |= Kinds.Circle;
        if ((configured & Kinds.Polygon) != 0 && CrossesArea(position))
            crossed |= Kinds.Polygon;
        return crossed;
    }

    /// <summary>Checks where the vehicle is.</summary>
    /// <returns>Kinds that were not crossed before.</returns>
    public Kinds Check(Ned position, Ned home, uint timeBootMs, bool isFlying)
    {
        if (!IsEnabled)
            return Kinds.None;
        var crossed = Test(position, home);
        if (!isFlying)
            crossed &= ~Kinds.AltitudeMin;
        var fresh = crossed & ~Breach;
        Breach = crossed;
        if (fresh != 0)
        {
            BreachCount++;
            BreachTimeMs = timeBootMs;
        }

        return fresh;
    }

    private bool CrossesArea(Ned position)
    {
        foreach (var area in _areas)
        {
            var inside = area.Corners.Length == 1
                ? (position - area.Corners[0]).Horizontal <= area.Radius
                : IsInside(area.Corners, position);
            if (inside != area.IsInclusion)
                return true;
        }

        return false;
    }

    private static bool IsInside(Ned[] corners, Ned p)
    {
        var inside = false;
        for (int i = 0, j = corners.Length - 1; i < corners.Length; j = i++)
        {
            var a = corners[i];
            var b = corners[j];
            if (a.East > p.East != b.East > p.East
                && p.North < ((b.North - a.North) * (p.East - a.East) / (b.East - a.East)) + a.North)
                inside = !inside;
        }

        return inside;
    }
}
