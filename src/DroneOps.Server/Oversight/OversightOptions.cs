using System.ComponentModel.DataAnnotations;

namespace DroneOps.Server.Oversight;

/// <summary>What is looked for when sorties are reviewed.</summary>
internal sealed class OversightOptions
{
    /// <summary>Metres above home from which on a sortie is listed as too high: above 120 m of true height airspace is controlled.</summary>
    [Range(10.0, 1000.0)]
    public double HeightLimitM { get; set; } = 120;

    /// <summary>What the authority is called on the page that it publishes, in Chinese.</summary>
    [MaxLength(200)]
    public string? AuthorityZh { get; set; }

    /// <summary>In English.</summary>
    [MaxLength(200)]
    public string? AuthorityEn { get; set; }

    /// <summary>Where complaints go, as that page says it, in Chinese.</summary>
    [MaxLength(1000)]
    public string? ComplaintsZh { get; set; }

    /// <summary>In English.</summary>
    [MaxLength(1000)]
    public string? ComplaintsEn { get; set; }
}
