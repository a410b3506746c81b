namespace DroneOps.Server.Fleet;

/// <summary>What a flight is made for.</summary>
/// <param name="Id">Stable; what records and filters hold.</param>
/// <param name="NameZh">What people call it in Chinese.</param>
/// <param name="NameEn">In English.</param>
internal sealed record Purpose(string Id, string NameZh, string NameEn)
{
    /// <summary>The purpose of a patrol of the rota.</summary>
    public const string Patrol = "patrol";

    /// <summary>The purpose of a flight to a call.</summary>
    public const string Incident = "incident";

    /// <summary>Reads <c>id|Chinese|English</c>; null when it is not that.</summary>
    public static Purpose? Parse(string text) =>
        text.Split('|', StringSplitOptions.TrimEntries) is [{ Length: > 0 and <= 40 } id, { Length: > 0 } zh, { Length: > 0 } en] ? new(id, zh, en) : null;
}

/// <summary>The purposes that may be given for a launch. The flight log, which counts hours by them, says which there are.</summary>
internal sealed class LaunchPurposes(IReadOnlyList<Purpose> all)
{
    /// <summary>All of them, in the order in which they are offered.</summary>
    public IReadOnlyList<Purpose> All => all;

    /// <summary>Whether it is one of them.</summary>
    public bool Has(string id) => all.Any(purpose => purpose.Id == id);

    /// <summary>What is said about one that is not.</summary>
    public string Rule => $"purpose is one of {string.Join(", ", all.Select(purpose => purpose.Id))}.";
}
