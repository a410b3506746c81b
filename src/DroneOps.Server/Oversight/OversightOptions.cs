using System.ComponentModel.DataAnnotations;

namespace DroneOps.Server.Oversight;

/// <summary>What is looked for when sorties are reviewed.</summary>
internal sealed class OversightOptions
{
    /// <summary>Metres above home from which on a sortie is listed as too high: above 120 m of true height airspace is controlled.</summary>
    [Range(10.0, 1000.0)]
    public double HeightLimitM { get; set; } = 120;
}
