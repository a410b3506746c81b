using System.ComponentModel.DataAnnotations;

namespace DroneOps.Server.Dispatch;

/// <summary>Settings of the drones' work at incidents.</summary>
internal sealed class DispatchOptions
{
    /// <summary>Whether every incident's drone is relieved by itself; without it only incidents that got theirs by themselves are.</summary>
    public bool AutoRelief { get; set; }

    /// <summary>The wind, metres per second, that is at least reckoned to blow against a drone on its way home when its time to leave is computed;
    /// a stronger one that is felt or reported counts instead.</summary>
    [Range(0.0, 15.0)]
    public double HeadwindMps { get; set; } = 5;

    /// <summary>How far from its home a drone keeps its link, metres: farther scenes are not offered to it.</summary>
    [Range(100, 100_000)]
    public double LinkRangeM { get; set; } = 8000;
}
