using System.ComponentModel.DataAnnotations;

namespace DroneOps.Server.Airworthiness;

/// <summary>When a pack is worn.</summary>
internal sealed class AirworthinessOptions
{
    /// <summary>Charge cycles from which on a pack is worn.</summary>
    [Range(1, 100_000)]
    public int BatteryCycles { get; set; } = 300;

    /// <summary>Percent of its capacity below which a pack is worn.</summary>
    [Range(1, 100)]
    public int BatteryHealthPercent { get; set; } = 70;
}
