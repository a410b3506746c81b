using System.ComponentModel.DataAnnotations;
using System.Text;
using DroneOps.Mavlink;
using DroneOps.Server.Api;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Airspace;

/// <summary>A written approval of flights: who gave it, for where, how high, from when to when and what for. One for several areas is entered once for each, under
/// the same number.</summary>
internal sealed record ApprovalProperties : FeatureProperties
{
    private const string Opening = "〔【[{";
    private const string Closing = "〕】]}";

    // The block of full-width letters is that of ASCII, moved.
    private const int FullWidth = '！' - '!';

    /// <summary>As on the document: what a flight names as its authority.</summary>
    [Required, StringLength(100)]
    public required string Number { get; init; }

    /// <summary>Who gave it.</summary>
    [Required, StringLength(200)]
    public required string Authority { get; init; }

    /// <summary>Up to which height in <see cref="HeightDatum"/>, metres.</summary>
    [Range(1.0, 10_000.0)]
    public required double CeilingM { get; init; }

    public required AltitudeDatum HeightDatum { get; init; }

    public required DateTimeOffset From { get; init; }

    /// <summary>Not included.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>The purposes that it is for; null for any.</summary>
    public IReadOnlyList<string>? Purposes { get; init; }

    /// <summary>Where the document is: a file number, a page.</summary>
    [StringLength(500)]
    public string? Document { get; init; }

    /// <summary>Whether two texts are the same number: people write brackets and spaces as their keyboard has them.</summary>
    public static bool IsSame(string one, string other) => string.Equals(Plain(one), Plain(other), StringComparison.OrdinalIgnoreCase);

    public override IEnumerable<Fault> Check(Geometry shape)
    {
        foreach (var fault in shape is Polygon polygon ? OfShape(Drawn.ToZoneShape(polygon).Faults) : [])
            yield return fault;
        if (To <= From)
            yield return At("to", "to is after from.");
        if (Purposes is { Count: 0 })
            yield return At("purposes", "An approval for any purpose has no purposes; one for some names them.");
        if (string.IsNullOrWhiteSpace(Number))
            yield return At("number", "number is what stands on the document.");
    }

    private static string Plain(string number)
    {
        var plain = new StringBuilder(number.Length);
        foreach (var typed in number)
        {
            var letter = typed is >= '！' and <= '～' ? (char)(typed - FullWidth) : typed;
            if (!char.IsWhiteSpace(letter))
                plain.Append(Opening.Contains(letter, StringComparison.Ordinal) ? '(' : Closing.Contains(letter, StringComparison.Ordinal) ? ')' : letter);
        }

        return plain.ToString();
    }
}
