using System.Collections.ObjectModel;
using System.ComponentModel.DataAnnotations;
using DroneOps.Server.Fleet;

namespace DroneOps.Server.Sorties;

/// <summary>How sorties are told apart, and what they may be flown for.</summary>
internal sealed class SortiesOptions : IValidatableObject
{
    private static readonly Purpose[] Usual =
    [
        new(Purpose.Patrol, "巡逻", "Patrol"), new(Purpose.Incident, "警情", "Incident"), new("evidence", "侦查取证", "Evidence"), new("arrestSupport", "抓捕支援", "Arrest support"),
        new("disasterRelief", "灾害救援", "Disaster relief"), new("rescue", "救助群众", "Rescue"), new("training", "训练", "Training"), new("maintenanceTest", "维修试飞", "Maintenance test"),
        new("demonstration", "展示演示", "Demonstration"),
    ];

    private static readonly string[] UsualDuty = ["patrol|routine", "evidence|dynamic", "arrestSupport|dynamic", "incident|emergency", "disasterRelief|emergency", "rescue|emergency"];

    /// <summary>Sorties shorter than this many airborne seconds are kept and marked as hops.</summary>
    [Range(0, 600)]
    public double HopS { get; set; } = 10;

    /// <summary>What a flight may be made for, as <c>id|Chinese|English</c>.</summary>
    public Collection<string> Purposes { get; } = [];

    /// <summary>Which mode of duty a purpose belongs to, as <c>purpose|duty mode</c>. What is flown for another purpose, or for none that is known, belongs to none.</summary>
    public Collection<string> DutyModes { get; } = [];

    /// <summary>Minutes after the landing in which a flight that was launched without them gets its purpose and its authorisation.</summary>
    [Range(1, 10_080)]
    public int DebtMinutes { get; set; } = 30;

    /// <summary>Minutes without a word from a vehicle after which its sortie is closed with what is known.</summary>
    [Range(5, 1440)]
    public int SilentMinutes { get; set; } = 60;

    /// <summary>The purposes in force: those configured, or the usual ones.</summary>
    public IReadOnlyList<Purpose> PurposesInForce() => Purposes.Count == 0 ? Usual : [.. Purposes.Select(text => Purpose.Parse(text)!)];

    /// <summary>The mode of duty of each purpose that has one: those configured, or the usual ones.</summary>
    public IReadOnlyDictionary<string, string> DutyModesInForce() => (DutyModes.Count == 0 ? UsualDuty.AsEnumerable() : DutyModes).Select(text => Duty(text)!.Value).ToDictionary(pair => pair.Purpose, pair => pair.Mode, StringComparer.Ordinal);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Purposes.FirstOrDefault(text => Purpose.Parse(text) is null) is { } wrong)
            yield return new ValidationResult($"DroneOps:Sorties:Purposes: '{wrong}' is not id|Chinese|English.", [nameof(Purposes)]);
        if (Purposes.Select(Purpose.Parse).GroupBy(purpose => purpose?.Id).FirstOrDefault(group => group.Count() > 1) is { } twice)
            yield return new ValidationResult($"DroneOps:Sorties:Purposes: '{twice.Key}' is there twice.", [nameof(Purposes)]);
        if (DutyModes.FirstOrDefault(text => Duty(text) is null) is { } strange)
            yield return new ValidationResult($"DroneOps:Sorties:DutyModes: '{strange}' is not purpose|duty mode.", [nameof(DutyModes)]);
        if (DutyModes.Select(Duty).GroupBy(pair => pair?.Purpose).FirstOrDefault(group => group.Count() > 1) is { } again)
            yield return new ValidationResult($"DroneOps:Sorties:DutyModes: '{again.Key}' is there twice.", [nameof(DutyModes)]);
    }

    private static (string Purpose, string Mode)? Duty(string text) => text.Split('|', StringSplitOptions.TrimEntries) is [{ Length: > 0 } purpose, { Length: > 0 } mode] ? (purpose, mode) : null;
}
