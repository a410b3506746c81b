using System.Text.Json;
using System.Text.Json.Serialization;

namespace DroneOps.Server.Airspace;

/// <summary>The offline gazetteer: crossings, roads, bridges and landmarks by name, sound or initials.</summary>
internal sealed class Gazetteer
{
    public const string FileName = "addresses.json";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(null, allowIntegerValues: false) } };
    private readonly IReadOnlyList<Entry> _entries;

    private Gazetteer(IReadOnlyList<Address> addresses) => _entries = [.. addresses.Select(Entry.Of)];

    public int Count => _entries.Count;

    /// <summary>Reads the file; an absent one is an empty gazetteer.</summary>
    public static Gazetteer Load(string file)
    {
        if (!File.Exists(file))
        {
            return new Gazetteer([]);
        }

        using var stream = File.OpenRead(file);
        return new Gazetteer(JsonSerializer.Deserialize<Book>(stream, Json)?.Addresses ?? []);
    }

    /// <summary>The best matches, the best first: whole name, beginning of a name, part of a name.</summary>
    /// <param name="query">Chinese, English, pinyin with or without spaces, or its initials.</param>
    public IReadOnlyList<Address> Find(string query, int limit)
    {
        var sought = Fold(query);
        return sought.Length == 0
            ? []
            : [.. _entries
                .Select(entry => (entry, rank: entry.Rank(sought)))
                .Where(match => match.rank < int.MaxValue)
                .OrderBy(match => match.rank).ThenBy(match => match.entry.Address.NameZh.Length).ThenBy(match => match.entry.Address.Id, StringComparer.Ordinal)
                .Take(limit)
                .Select(match => match.entry.Address)];
    }

    /// <summary>The places that bear just this name, Chinese, English or in pinyin.</summary>
    public IReadOnlyList<Address> Named(string name)
    {
        var sought = Fold(name);
        return [.. _entries.Where(entry => entry.Keys.Contains(sought)).Select(entry => entry.Address)];
    }

    private static string Fold(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private sealed record Book(IReadOnlyList<Address> Addresses);

    private sealed record Entry(Address Address, string[] Keys, string Initials)
    {
        public static Entry Of(Address address) => new(
            address,
            [Fold(address.NameZh), Fold(address.NameEn), Fold(address.Pinyin)],
            string.Concat(address.Pinyin.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(syllable => syllable[0])));

        public int Rank(string sought) =>
            Keys.Contains(sought) || Initials == sought ? 0
            : Keys.Any(key => key.StartsWith(sought, StringComparison.Ordinal)) ? 1
            : Initials.StartsWith(sought, StringComparison.Ordinal) ? 2
            : Keys.Any(key => key.Contains(sought, StringComparison.Ordinal)) ? 3
            : int.MaxValue;
    }
}

/// <summary>A named place.</summary>
/// <param name="Pinyin">Syllables without tones, a space between.</param>
/// <param name="Kind">Crossing, Road, Bridge, Landmark, District ...</param>
/// <param name="Position">Longitude, latitude, WGS-84.</param>
internal sealed record Address(string Id, string NameZh, string NameEn, string Pinyin, string Kind, IReadOnlyList<double> Position, string? DistrictZh, string? DistrictEn);
