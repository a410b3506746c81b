using System.ComponentModel.DataAnnotations;

namespace DroneOps.Server.Sorties;

/// <summary>How sorties are told apart.</summary>
internal sealed class SortiesOptions
{
    /// <summary>Sorties shorter than this many airborne seconds are kept and marked as hops.</summary>
    [Range(0, 600)]
    public double HopS { get; set; } = 10;
}
