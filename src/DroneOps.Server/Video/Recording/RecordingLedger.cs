using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DroneOps.Server.Video.Recording;

/// <summary>What a recording is: the file <c>recording.json</c>, whose hash is the first link of its chain.</summary>
internal sealed record RecordingIdentity(string Format, Guid Id, string StreamId, string VehicleId, DateTimeOffset StartedAt, string StartedBy, string? Reason)
{
    public const string Current = "droneops-recording/1";

    /// <summary>The recording that it goes on with, where that one was broken off.</summary>
    public Guid? Resumes { get; init; }

    /// <summary>The retention class that it began with.</summary>
    public string? Class { get; init; }

    /// <summary>What its vehicle was flown for: <c>incident/ID</c>, <c>patrol/ID</c> or <c>manual/ID</c>; null for nothing that is known.</summary>
    public string? Task { get; init; }

    /// <summary>What people call that.</summary>
    public string? TaskLabel { get; init; }
}

/// <summary>What is stated about a segment, and hashed with it.</summary>
/// <param name="Number">Counts from 1.</param>
/// <param name="File">The name of its file.</param>
/// <param name="From">When its first picture was taken.</param>
/// <param name="To">The end of its last one, by the source's clock.</param>
/// <param name="Bytes">The length of its file.</param>
/// <param name="Codec">RFC 6381.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="ClockOffsetMs">By how much the last picture came later by this machine's clock (or the source's stated time) than by the source's
/// count of ticks since the first: what the two clocks drifted apart.</param>
/// <param name="RestBytes">Bytes behind the last complete part that a crash left; kept beside in a file of their own.</param>
/// <param name="Gaps">Gaps that ended in it or before it.</param>
internal sealed record SegmentStatement(
    int Number, string File, DateTimeOffset From, DateTimeOffset To, long Bytes, string Codec, int Width, int Height, double ClockOffsetMs, long RestBytes, IReadOnlyList<RecordingGap> Gaps);

/// <summary>What is stated at the end of a recording.</summary>
internal sealed record ClosingStatement(DateTimeOffset ClosedAt, string ClosedBy, int Segments, IReadOnlyList<RecordingGap> Gaps)
{
    /// <summary>The hash of the camera's track, hex; null where nothing is known of where the camera was.</summary>
    public string? TrackSha256 { get; init; }
}

/// <summary>A line of the ledger.</summary>
/// <param name="Segment">What it says of a segment; null in the last line.</param>
/// <param name="Closing">What the last line says; null before.</param>
/// <param name="Sha256">The hash of the segment's file, hex; null in the last line.</param>
/// <param name="Chain">The link, hex.</param>
/// <param name="AuditEntry">The number of the audit entry that holds hash and link.</param>
internal sealed record LedgerLine(SegmentStatement? Segment, ClosingStatement? Closing, string? Sha256, string Chain, long AuditEntry);

/// <summary>The bytes of a recording's ledger, <c>ledger.jsonl</c>: one line for each segment and one at the end, each
/// <c>{"audit":N,"chain":"HEX","sha256":"HEX","meta":{...}}</c>.</summary>
/// <remarks>A link is SHA-256(link before || SHA-256 of the segment's file || bytes of <c>meta</c> as they stand in the line); that before the first
/// is SHA-256 of <c>recording.json</c>. So whoever changes, removes, adds or swaps a segment, or a word that is said about one, breaks all
/// links from there on; and each link is in the audit log before it is in the ledger.</remarks>
internal static class RecordingLedger
{
    public const string IdentityName = "recording.json";
    public const string LedgerName = "ledger.jsonl";

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static byte[] Encode(object statement) => JsonSerializer.SerializeToUtf8Bytes(statement, statement.GetType(), Json);

    /// <summary>The next link.</summary>
    /// <param name="before">The link before, 32 bytes.</param>
    /// <param name="file">The hash of the segment's file; empty at the end.</param>
    /// <param name="statement">What is stated, as it stands in the line.</param>
    public static byte[] Link(ReadOnlySpan<byte> before, ReadOnlySpan<byte> file, ReadOnlySpan<byte> statement)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(before);
        hash.AppendData(file);
        hash.AppendData(statement);
        return hash.GetHashAndReset();
    }

    /// <summary>A line, with its end.</summary>
    public static byte[] Line(long auditEntry, ReadOnlySpan<byte> link, ReadOnlySpan<byte> file, ReadOnlySpan<byte> statement)
    {
        using var line = new MemoryStream();
        line.Write(Encoding.ASCII.GetBytes(file.IsEmpty
            ? $"{{\"audit\":{auditEntry},\"chain\":\"{Convert.ToHexStringLower(link)}\",\"meta\":"
            : $"{{\"audit\":{auditEntry},\"chain\":\"{Convert.ToHexStringLower(link)}\",\"sha256\":\"{Convert.ToHexStringLower(file)}\",\"meta\":"));
        line.Write(statement);
        line.Write("}\n"u8);
        return line.ToArray();
    }

    /// <summary>Reads a line.</summary>
    /// <param name="text">The line without its end.</param>
    /// <param name="statement">What it states, byte for byte.</param>
    /// <returns>Null when it is none; whether its link is right is the verifier's question.</returns>
    public static LedgerLine? Read(string text, out byte[] statement)
    {
        statement = [];
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            var meta = root.GetProperty("meta");
            statement = Encoding.UTF8.GetBytes(meta.GetRawText());
            var file = root.TryGetProperty("sha256", out var hash) ? hash.GetString() : null;
            var (segment, closing) = file is null ? ((SegmentStatement?)null, meta.Deserialize<ClosingStatement>(Json)) : (meta.Deserialize<SegmentStatement>(Json), null);
            if (root.GetProperty("chain").GetString() is not { } chain || segment is null && closing is null || segment is { File: null } or { Gaps: null } || closing is { Gaps: null })
                return null;
            return new(segment, closing, file, chain, root.GetProperty("audit").GetInt64());
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
