using System.Collections.ObjectModel;
using System.ComponentModel.DataAnnotations;

namespace DroneOps.Server.Units;

/// <summary>The crews on the ground, and the words of their duty.</summary>
internal sealed class UnitsOptions : IValidatableObject
{
    /// <summary>Seconds after which a crew's position is shown as old.</summary>
    [Range(5, 3600)]
    public int StaleAfterS { get; set; } = 60;

    /// <summary>The duty modes as <c>id|Chinese|English</c>. They are names: nothing behaves differently because of them.</summary>
    public Collection<string> DutyModes { get; } = [];

    /// <summary>The modes in force: those configured, or the four of the city's model.</summary>
    public IReadOnlyList<DutyMode> ModesInForce() => DutyModes.Count == 0 ? DutyMode.Usual : [.. DutyModes.Select(text => DutyMode.Parse(text)!)];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (DutyModes.FirstOrDefault(text => DutyMode.Parse(text) is null) is { } wrong)
            yield return new ValidationResult($"DroneOps:Units:DutyModes: '{wrong}' is not id|Chinese|English.", [nameof(DutyModes)]);
    }
}

/// <summary>A mode of duty: Routine, Dynamic, Emergency, Video, or what the city calls its own.</summary>
internal sealed record DutyMode(string Id, string NameZh, string NameEn)
{
    /// <summary>The four modes of the city's model.</summary>
    public static readonly IReadOnlyList<DutyMode> Usual =
        [new("routine", "常态", "Routine"), new("dynamic", "动态", "Dynamic"), new("emergency", "应急", "Emergency"), new("video", "视频", "Video")];

    /// <summary>Reads <c>id|Chinese|English</c>; null when it is not that.</summary>
    public static DutyMode? Parse(string text) =>
        text.Split('|', StringSplitOptions.TrimEntries) is [{ Length: > 0 } id, { Length: > 0 } zh, { Length: > 0 } en] ? new(id, zh, en) : null;
}
