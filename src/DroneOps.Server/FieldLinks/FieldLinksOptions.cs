using System.ComponentModel.DataAnnotations;

namespace DroneOps.Server.FieldLinks;

/// <summary>Links that show one incident to a crew on its phone.</summary>
internal sealed class FieldLinksOptions : IValidatableObject
{
    /// <summary>How phones reach the service, such as <c>https://drones.example</c>; without it, by the address that the dispatcher's console was opened at.</summary>
    public string? PublicAddress { get; set; }

    /// <summary>Minutes that a link holds when nobody says otherwise.</summary>
    [Range(1, 480)]
    public int DefaultMinutes { get; set; } = 60;

    /// <summary>Minutes that a link may hold at most.</summary>
    [Range(1, 480)]
    public int LongestMinutes { get; set; } = 480;

    /// <summary>Minutes after its last sign of life that a phone must open its link again.</summary>
    [Range(1, 480)]
    public int SessionMinutes { get; set; } = 30;

    /// <summary>How often in a minute links may be opened from one address. Phones of one network often share one.</summary>
    [Range(1, 1_000_000)]
    public int AttemptsPerMinute { get; set; } = 30;

    /// <summary>Days after its end that a link is listed; the audit log keeps what it was used for.</summary>
    [Range(1, 365)]
    public int KeepDays { get; set; } = 30;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PublicAddress is { } address && !(Uri.TryCreate(address, UriKind.Absolute, out var read) && read.Scheme is "https" or "http"))
            yield return new ValidationResult($"DroneOps:FieldLinks:PublicAddress: '{address}' is no http or https address.", [nameof(PublicAddress)]);
        if (DefaultMinutes > LongestMinutes)
            yield return new ValidationResult("DroneOps:FieldLinks:DefaultMinutes is more than LongestMinutes.", [nameof(DefaultMinutes)]);
    }
}
