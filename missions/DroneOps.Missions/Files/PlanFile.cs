using System.Text.Json;
using System.Text.Json.Nodes;
using DroneOps.Mavlink;
using DroneOps.Missions.Items;

namespace DroneOps.Missions.Files;

/// <summary>One thing that an import did not take over as it was.</summary>
/// <param name="Code">A stable name, for example <c>plan.recomputed</c>.</param>
/// <param name="Where">The JSON path, or the line.</param>
/// <param name="Message">What was done and why, in English.</param>
public sealed record ImportNote(string Code, string Where, string Message);

/// <summary>What an import did: "N items, k changed, why".</summary>
/// <param name="ItemCount">How many items came out.</param>
/// <param name="Notes">What was not taken over as it was.</param>
public sealed record ImportReport(int ItemCount, IReadOnlyList<ImportNote> Notes)
{
    /// <summary>The report on one line.</summary>
    public override string ToString() => Notes.Count == 0
        ? $"{ItemCount} items, none changed"
        : $"{ItemCount} items, {Notes.Count} changed: {string.Join("; ", Notes.Select(static note => $"{note.Where}: {note.Message}"))}";
}

/// <summary>A fence of a plan: a polygon or a circle the vehicle stays inside or outside of.</summary>
/// <param name="IsInclusion">Whether the vehicle stays inside.</param>
/// <param name="Polygon">The corners of a polygon, WGS-84, not closed; empty for a circle.</param>
/// <param name="Centre">The middle of a circle, WGS-84.</param>
/// <param name="RadiusM">The radius of a circle, metres; 0 for a polygon.</param>
public sealed record PlanFence(bool IsInclusion, IReadOnlyList<GeoPoint> Polygon, GeoPoint Centre, double RadiusM)
{
    /// <inheritdoc/>
    public bool Equals(PlanFence? other) => other is not null && IsInclusion == other.IsInclusion && Centre == other.Centre
        && RadiusM.Equals(other.RadiusM) && Polygon.SequenceEqual(other.Polygon);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(IsInclusion, Polygon.Count, Centre, RadiusM);
}

/// <summary>A rally point: a place to return to instead of home.</summary>
/// <param name="Position">WGS-84.</param>
/// <param name="HeightM">Metres above home.</param>
public readonly record struct PlanRally(GeoPoint Position, double HeightM);

/// <summary>A QGroundControl <c>.plan</c> file (JSON, version 1): mission, fence and rally points.</summary>
/// <remarks>A file is read whole or not at all; the first thing wrong is named by its JSON path. What is read is also kept as it stood,
/// unknown fields included, so an unchanged plan is written back with every value it had. Survey, corridor and structure items
/// keep their settings; their flight is the items stored with them, and a survey that comes without is computed from its
/// settings and reported.</remarks>
public sealed partial class PlanFile
{
    /// <summary>The longest file that is read, bytes.</summary>
    public const int MaxLength = 8 * 1024 * 1024;

    /// <summary>The most mission items, fence corners and rally points that are read, each.</summary>
    public const int MaxItems = 10_000;

    private const int MaxDepth = 32;

    private static readonly JsonWriterOptions Layout = new() { Indented = true, IndentSize = 4, NewLine = "\n" };

    private readonly JsonObject _root;

    private PlanFile(JsonObject root) => _root = root;

    /// <summary>The mission's items in flying order, those of complex items included, without home.</summary>
    public IReadOnlyList<PlanItem> Items { get; private init; } = [];

    /// <summary>Where the mission was planned to start.</summary>
    public LaunchPoint PlannedHome { get; private init; }

    /// <summary>The fences.</summary>
    public IReadOnlyList<PlanFence> Fences { get; private init; } = [];

    /// <summary>The rally points.</summary>
    public IReadOnlyList<PlanRally> RallyPoints { get; private init; } = [];

    /// <summary>What was not taken over as it was.</summary>
    public ImportReport Report { get; private init; } = new(0, []);

    /// <summary>Reads a file, or says what is wrong. Codes: <c>plan.tooLong</c>, <c>plan.json</c>, <c>plan.notAPlan</c>,
    /// <c>plan.version</c>, <c>plan.missing</c>, <c>plan.tooMany</c>, <c>plan.number</c>, <c>plan.position</c>,
    /// <c>plan.item</c>, <c>plan.jump</c>, <c>plan.survey</c>.</summary>
    /// <param name="utf8">The file's bytes; a byte order mark is accepted.</param>
    public static Validated<PlanFile> Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxLength)
            return Validated<PlanFile>.Wrong("plan.tooLong", "$", $"The file has {utf8.Length} bytes; at most {MaxLength} are read.");
        if (utf8.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            utf8 = utf8[3..];

        JsonNode? root;
        try
        {
            root = JsonNode.Parse(utf8, nodeOptions: null, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
        }
        catch (JsonException wrong)
        {
            return Validated<PlanFile>.Wrong("plan.json", wrong.LineNumber is { } line ? $"line {line + 1}, column {wrong.BytePositionInLine + 1}" : "$", "The file is not JSON: " + wrong.Message);
        }

        if (!PlanJson.IsText(root))
            return Validated<PlanFile>.Wrong("plan.json", "$", "The file has text that is not Unicode.");
        return root is JsonObject plan && PlanJson.Text(plan, "fileType") == "Plan"
            ? new PlanReader(plan).Read()
            : Validated<PlanFile>.Wrong("plan.notAPlan", "$.fileType", "The file is not a plan: \"fileType\" is not \"Plan\".");
    }

    /// <summary>Makes a plan.</summary>
    /// <param name="home">Where the mission starts.</param>
    /// <param name="items">The mission without home.</param>
    /// <param name="dialect">The autopilot it is for.</param>
    /// <param name="cruiseSpeedMps">The ground speed it starts with, metres per second.</param>
    /// <param name="fences">The fences.</param>
    /// <param name="rallyPoints">The rally points.</param>
    public static PlanFile Of(
        LaunchPoint home, IReadOnlyList<PlanItem> items, MissionDialect dialect, double cruiseSpeedMps, IReadOnlyList<PlanFence> fences, IReadOnlyList<PlanRally> rallyPoints) =>
        new(Compose(home, items, dialect, cruiseSpeedMps, fences, rallyPoints))
        {
            Items = items,
            PlannedHome = home,
            Fences = fences,
            RallyPoints = rallyPoints,
            Report = new(items.Count, []),
        };

    /// <summary>The file's bytes, UTF-8, indented by four as QGroundControl does.</summary>
    public byte[] Write()
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Layout))
            _root.WriteTo(writer);
        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    internal static PlanFile Kept(
        JsonObject root, LaunchPoint home, IReadOnlyList<PlanItem> items, IReadOnlyList<PlanFence> fences, IReadOnlyList<PlanRally> rallyPoints, IReadOnlyList<ImportNote> notes) =>
        new(root) { Items = items, PlannedHome = home, Fences = fences, RallyPoints = rallyPoints, Report = new(items.Count, notes) };
}
