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

    /// <summary>The types of calls as <c>code|Chinese|English</c>, with the kin and the metres of <see cref="DuplicateWithinM"/> behind them where they differ.</summary>
    public Collection<string> Types { get; } = [];

    /// <summary>Metres within which a call of a like type may be one that is already open.</summary>
    [Range(0.0, 5000.0)]
    public double DuplicateWithinM { get; set; } = 150;

    /// <summary>Minutes between two calls that may be the same.</summary>
    [Range(0, 1440)]
    public int DuplicateWithinMinutes { get; set; } = 15;

    /// <summary>Hours within which a merge can be undone.</summary>
    [Range(0, 720)]
    public int UnmergeWithinHours { get; set; } = 24;

    /// <summary>The types in force: those configured, or the usual ones.</summary>
    public IncidentTypes TypesInForce() => new(Types.Count == 0 ? IncidentType.Usual : [.. Types.Select(text => IncidentType.Parse(text)!)]);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (AutoDispatchPriorities.Any(priority => priority is < 1 or > 4))
            yield return new ValidationResult("AutoDispatchPriorities are numbers from 1 to 4.", [nameof(AutoDispatchPriorities)]);
        if (StageNames.FirstOrDefault(text => StageName.Parse(text) is null) is { } wrong)
            yield return new ValidationResult($"DroneOps:Incidents:StageNames: '{wrong}' is not stage|Chinese|English.", [nameof(StageNames)]);
        if (Types.FirstOrDefault(text => IncidentType.Parse(text) is null) is { } type)
            yield return new ValidationResult($"DroneOps:Incidents:Types: '{type}' is not code|Chinese|English[|kin[|metres]].", [nameof(Types)]);
    }
}
