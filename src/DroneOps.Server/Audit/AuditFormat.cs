using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DroneOps.Server.Audit;

/// <summary>An entry as it was written.</summary>
internal sealed record AuditRecord(long Sequence, DateTimeOffset At, string Actor, string Action, string Subject, JsonElement Details, string PreviousHash, string Hash);

/// <summary>The bytes of the log. A line is <c>HASH SP ENTRY LF</c>: the entry is JSON with sorted keys and no white
/// space, and holds its sequence number and the hash of the entry before it; the hash is the RFC 6962 leaf hash of the
/// entry's bytes, SHA-256(0x00 || entry). So the chain and the Merkle tree stand on the same hashes, and a line can be
/// checked with <c>printf '\0%s' ENTRY | sha256sum</c>.</summary>
internal static class AuditFormat
{
    /// <summary>The C2SP tlog-tiles entry bundle prefixes an entry with a 16-bit length.</summary>
    public const int MaxEntryBytes = 65_535;

    public const int HashBytes = 32;

    /// <summary>The action of the entry that precedes entries dated earlier than the one before it.</summary>
    public const string ClockSteppedBack = "clock.steppedBack";

    /// <summary>Hex hash and the space before the entry.</summary>
    public const int PrefixBytes = (HashBytes * 2) + 1;

    /// <summary>What stands before the first entry: 32 zero bytes.</summary>
    public static readonly byte[] Genesis = new byte[HashBytes];

    private static readonly JsonSerializerOptions Details = new(JsonSerializerDefaults.Web)
    {
        // Readable Chinese in the file; the text never meets HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Turns an entry's details into JSON; done by the caller of the log, so that a value that cannot be written fails where it was made.</summary>
    public static JsonNode? ToJson(object? details) => details is null ? null : JsonSerializer.SerializeToNode(details, Details);

    /// <summary>The entry's bytes.</summary>
    /// <exception cref="ArgumentException">It is larger than <see cref="MaxEntryBytes"/>.</exception>
    public static byte[] Encode(AuditEntry entry, JsonNode? details, long sequence, DateTimeOffset at, ReadOnlySpan<byte> previous)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            json.WriteString("action", entry.Action);
            json.WriteString("actor", entry.Actor);
            json.WriteString("at", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
            json.WritePropertyName("details");
            WriteSorted(json, details);
            json.WriteString("prev", Convert.ToHexStringLower(previous));
            json.WriteNumber("seq", sequence);
            json.WriteString("subject", entry.Subject);
            json.WriteEndObject();
        }

        return buffer.WrittenCount <= MaxEntryBytes
            ? buffer.WrittenSpan.ToArray()
            : throw new ArgumentException($"An audit entry is at most {MaxEntryBytes} bytes; this one ({entry.Action}) has {buffer.WrittenCount}.", nameof(entry));
    }

    /// <summary>RFC 6962 2.1: the hash of a leaf.</summary>
    public static byte[] LeafHash(ReadOnlySpan<byte> entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([0x00]);
        hash.AppendData(entry);
        return hash.GetHashAndReset();
    }

    /// <summary>Writes one line.</summary>
    public static void WriteLine(IBufferWriter<byte> to, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> entry)
    {
        to.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash)));
        to.Write(" "u8);
        to.Write(entry);
        to.Write("\n"u8);
    }

    /// <summary>Reads one line, without its line feed.</summary>
    /// <returns>False when it is not a line of the log at all; whether its hash is right is the verifier's question.</returns>
    public static bool TryReadLine(ReadOnlySpan<byte> line, out AuditRecord record, out byte[] entry)
    {
        record = null!;
        entry = [];
        if (line.Length < PrefixBytes || line[PrefixBytes - 1] != (byte)' ')
        {
            return false;
        }

        entry = line[PrefixBytes..].ToArray();
        try
        {
            using var document = JsonDocument.Parse(entry);
            var root = document.RootElement;
            record = new AuditRecord(
                root.GetProperty("seq").GetInt64(),
                DateTimeOffset.Parse(Text(root, "at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
                Text(root, "actor"),
                Text(root, "action"),
                Text(root, "subject"),
                root.GetProperty("details").Clone(),
                Text(root, "prev"),
                Encoding.ASCII.GetString(line[..(PrefixBytes - 1)]));
            return true;
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    private static string Text(JsonElement root, string name) => root.GetProperty(name).GetString() ?? throw new FormatException(name);

    private static void WriteSorted(Utf8JsonWriter json, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                json.WriteStartObject();
                foreach (var (name, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    json.WritePropertyName(name);
                    WriteSorted(json, value);
                }

                json.WriteEndObject();
                break;
            case JsonArray items:
                json.WriteStartArray();
                foreach (var item in items)
                {
                    WriteSorted(json, item);
                }

                json.WriteEndArray();
                break;
            case null:
                json.WriteNullValue();
                break;
            default:
                node.WriteTo(json);
                break;
        }
    }
}
