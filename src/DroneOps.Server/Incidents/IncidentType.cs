using System.Globalization;

namespace DroneOps.Server.Incidents;

/// <summary>A kind of call, as the city's 110 centre names it.</summary>
/// <param name="Code">What the API and other systems call it.</param>
/// <param name="NameZh">Its Chinese name.</param>
/// <param name="NameEn">Its English name.</param>
/// <param name="Kin">Callers name one event in several ways: types of one kin may be the same call. <see cref="AnyKin"/> is kin to every type.</param>
/// <param name="DuplicateWithinM">How far apart two callers may say that it is, metres; null for the distance of all types. A fire is seen from afar.</param>
internal sealed record IncidentType(string Code, string NameZh, string NameEn, string Kin, double? DuplicateWithinM)
{
    /// <summary>The kin that is like every other.</summary>
    public const string AnyKin = "any";

    /// <summary>The types of a 110 centre that has configured none.</summary>
    public static readonly IReadOnlyList<IncidentType> Usual =
    [
        new("help", "群众求助", "Call for help", AnyKin, null),
        new("traffic", "交通事故", "Traffic accident", "road", null),
        new("fire", "火灾", "Fire", "hazard", 400),
        new("missing", "人员走失", "Missing person", "search", 300),
        new("drowning", "落水溺水", "Person in water", "search", 300),
        new("brawl", "打架斗殴", "Brawl", "violence", null),
        new("robbery", "抢劫抢夺", "Robbery", "violence", null),
        new("theft", "盗窃", "Theft", "property", null),
        new("fraud", "诈骗", "Fraud", "property", null),
        new("gathering", "人员聚集", "Gathering", "violence", 300),
        new("suspicious", "可疑人员", "Suspicious person", "property", null),
        new("disaster", "灾害险情", "Disaster", "hazard", 400),
        new("noise", "噪音扰民", "Noise", "nuisance", null),
        new("other", "其他", "Other", AnyKin, null),
    ];

    /// <summary>Reads <c>code|Chinese|English</c>, with the kin and the metres after it where they matter; null when it is not that.</summary>
    public static IncidentType? Parse(string text)
    {
        if (text.Split('|', StringSplitOptions.TrimEntries) is not [{ Length: > 0 and <= 64 } code, { Length: > 0 } zh, { Length: > 0 } en, .. var more] || more.Length > 2)
            return null;
        double? metres = null;
        if (more is [_, var distance])
        {
            if (!double.TryParse(distance, NumberStyles.Float, CultureInfo.InvariantCulture, out var read) || read is not (>= 0 and <= 5000))
                return null;
            metres = read;
        }

        return new(code, zh, en, more is [{ Length: > 0 } kin, ..] ? kin : code, metres);
    }
}

/// <summary>The types in force, found by code or by either name.</summary>
internal sealed class IncidentTypes(IReadOnlyList<IncidentType> all)
{
    private readonly Dictionary<string, IncidentType> _byName = all.SelectMany(type => new[] { type.NameEn, type.NameZh, type.Code }.Select(name => (name, type)))
        .GroupBy(pair => pair.name, StringComparer.OrdinalIgnoreCase).ToDictionary(group => group.Key, group => group.Last().type, StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<IncidentType> All { get; } = all;

    /// <summary>The type of a code or a name; null for one that the city does not have.</summary>
    public IncidentType? Find(string name) => _byName.GetValueOrDefault(name.Trim());

    /// <summary>Whether two calls may be about one event. A type that nobody knows may be anything.</summary>
    public bool AreAlike(string one, string other)
    {
        var (left, right) = (Find(one), Find(other));
        return left is null || right is null || left.Kin == right.Kin || left.Kin == IncidentType.AnyKin || right.Kin == IncidentType.AnyKin;
    }
}
