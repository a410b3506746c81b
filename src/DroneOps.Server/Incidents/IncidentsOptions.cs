using System.ComponentModel.DataAnnotations;

namespace DroneOps.Server.Incidents;

/// <summary>Settings of incidents.</summary>
internal sealed class IncidentsOptions : IValidatableObject
{
    /// <summary>Priorities of which every incident gets a drone by itself, without anybody asking for it; none unless they are named.</summary>
    public IList<int> AutoDispatchPriorities { get; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (AutoDispatchPriorities.Any(priority => priority is < 1 or > 4))
            yield return new ValidationResult("AutoDispatchPriorities are numbers from 1 to 4.", [nameof(AutoDispatchPriorities)]);
    }
}
