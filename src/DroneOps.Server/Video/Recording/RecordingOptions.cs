using System.Collections.ObjectModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace DroneOps.Server.Video.Recording;

/// <summary>What is recorded, how it is cut, and how long it is kept.</summary>
internal sealed class RecordingOptions : IValidatableObject
{
    private static readonly RetentionClass[] Usual = [new("routine", 30), new("incident", 180), new("evidence", 3650)];

    /// <summary>Whether the cameras of a vehicle are recorded from its arming to its disarming.</summary>
    public bool WithSorties { get; set; } = true;

    /// <summary>Seconds in a file; it ends with the key picture after that.</summary>
    [Range(2, 600)]
    public double SegmentS { get; set; } = 60;

    /// <summary>Milliseconds of pictures that are written and made durable at a time: about what a crash loses.</summary>
    [Range(100, 1000)]
    public int PartMs { get; set; } = 500;

    /// <summary>Gigabytes of recordings at most; with more, nothing new is recorded until some have been deleted.</summary>
    [Range(0.001, 1_000_000)]
    public double QuotaGB { get; set; } = 500;

    /// <summary>Gigabytes of the disk that recordings leave free, for the audit log and the database.</summary>
    [Range(0, 100_000)]
    public double LeastFreeGB { get; set; } = 2;

    /// <summary>How long recordings are kept, as <c>id|days</c>; the first is what a new one gets.</summary>
    public Collection<string> Classes { get; } = [];

    /// <summary>The classes in force: those configured, or the usual ones.</summary>
    public IReadOnlyList<RetentionClass> ClassesInForce() => Classes.Count == 0 ? Usual : [.. Classes.Select(text => RetentionClass.Parse(text)!)];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Classes.FirstOrDefault(text => RetentionClass.Parse(text) is null) is { } wrong)
            yield return new ValidationResult($"DroneOps:Recording:Classes: '{wrong}' is not id|days with 1 to 36500 days.", [nameof(Classes)]);
    }
}

/// <summary>How long recordings of a kind are kept.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Days">Days from the end of a recording to its deletion.</param>
internal sealed record RetentionClass(string Id, int Days)
{
    public static RetentionClass? Parse(string text) =>
        text.Split('|') is [{ Length: > 0 and <= 32 } id, var days] && int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 36_500
            ? new(id, number)
            : null;
}
