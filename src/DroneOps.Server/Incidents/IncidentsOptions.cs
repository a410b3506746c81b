using System.Collections.ObjectModel;
using System.ComponentModel.DataAnnotations;

namespace DroneOps.Server.Incidents;

/// <summary>Settings of incidents.</summary>
internal sealed class IncidentsOptions : IValidatableObject
{
    /// <summary>Priorities of which every incident gets a drone by itself, without anybody asking for it; none unless they are named.</summary>
    public IList<int> AutoDispatchPriorities { get; } = [];

    /// <summary>Other names for steps of the time axis, as <c>stage|Chinese|English</c>. They are names: nothing behaves differently because of them.</summary>
    public Collection<string> StageNames { get; } = [];

    /// <summary>The names of all twelve steps: the city's own where it has given one.</summary>
    public IReadOnlyList<StageName> StageNamesInForce()
    {
        var own = StageNames.Select(text => StageName.Parse(text)!).ToLookup(name => name.Stage);
        return [.. StageName.Usual.Select(usual => own[usual.Stage].LastOrDefault() ?? usual)];
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (AutoDispatchPriorities.Any(priority => priority is < 1 or > 4))
            yield return new ValidationResult("AutoDispatchPriorities are numbers from 1 to 4.", [nameof(AutoDispatchPriorities)]);
        if (StageNames.FirstOrDefault(text => StageName.Parse(text) is null) is { } wrong)
            yield return new ValidationResult($"DroneOps:Incidents:StageNames: '{wrong}' is not stage|Chinese|English.", [nameof(StageNames)]);
    }
}
