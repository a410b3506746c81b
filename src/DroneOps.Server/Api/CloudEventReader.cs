using System.Buffers.Text;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace DroneOps.Server.Api;

/// <summary>Reads events in the three forms that HTTP knows (CloudEvents 1.0, HTTP protocol binding and JSON event format). Every refusal names the
/// attribute: by a pointer into the body, or by its header.</summary>
internal static class CloudEventReader
{
    /// <summary>Events in one batch.</summary>
    public const int Most = 1000;

    private const int LongestAttribute = 1000;
    private const string HeaderPrefix = "ce-";
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <summary>One event as one JSON object.</summary>
    /// <returns>The event; null when there are faults.</returns>
    public static CloudEvent? ReadStructured(ReadOnlyMemory<byte> body, List<Fault> faults) => Parse(body, "#", faults) is { } json ? OfObject(json, "#", faults) : null;

    /// <summary>Several events as one JSON array.</summary>
    /// <returns>The events; null when there are faults, of any of them.</returns>
    public static IReadOnlyList<CloudEvent>? ReadBatch(ReadOnlyMemory<byte> body, List<Fault> faults)
    {
        if (Parse(body, "#", faults) is not { } json)
            return null;
        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() > Most)
        {
            faults.Add(new("#", $"A batch is an array of at most {Most} events."));
            return null;
        }

        List<CloudEvent> events = [];
        var index = 0;
        foreach (var item in json.EnumerateArray())
        {
            if (OfObject(item, $"#/{index++}", faults) is { } read)
                events.Add(read);
        }

        return faults.Count == 0 ? events : null;
    }

    /// <summary>One event whose attributes are headers and whose data is the body.</summary>
    /// <returns>The event; null when there are faults.</returns>
    public static CloudEvent? ReadBinary(IHeaderDictionary headers, ReadOnlyMemory<byte> body, List<Fault> faults)
    {
        var before = faults.Count;
        var attributes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in headers.Where(header => header.Key.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase)))
        {
            if (values.Count == 1 && TryUnescape(values[0]!, out var text))
                attributes[name[HeaderPrefix.Length..]] = text;
            else
                faults.Add(new(name.ToLowerInvariant(), $"{name.ToLowerInvariant()} is one value, percent-encoded UTF-8."));
        }

        JsonElement data = default;
        if (!body.IsEmpty && !IsJson(headers.ContentType.ToString()))
            faults.Add(new("Content-Type", "The data is JSON."));
        else if (!body.IsEmpty && Parse(body, "#", faults) is { } json)
            data = json;
        var read = Check(name => attributes.GetValueOrDefault(name), data, name => HeaderPrefix + name, faults);
        return faults.Count == before ? read : null;
    }

    private static CloudEvent? OfObject(JsonElement json, string root, List<Fault> faults)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new(root, "An event is a JSON object."));
            return null;
        }

        var before = faults.Count;
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        JsonElement data = default;
        foreach (var member in json.EnumerateObject())
        {
            if (member.Name == "data")
                data = member.Value;
            else if (member.Name == "data_base64")
                data = OfBase64(json, member.Value, root, faults);
            else if (!member.Name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter)) || member.Name.Length == 0)
                faults.Add(new($"{root}/{Escaped(member.Name)}", "The name of an attribute is lower-case letters and digits."));
            else if (member.Value.ValueKind == JsonValueKind.String)
                attributes[member.Name] = member.Value.GetString()!;
            else if (member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array || IsOurs(member.Name) && member.Value.ValueKind != JsonValueKind.Null)
                faults.Add(new($"{root}/{member.Name}", $"{member.Name} is a string."));
        }

        if (attributes.TryGetValue("datacontenttype", out var type) && !IsJson(type))
            faults.Add(new($"{root}/datacontenttype", "datacontenttype is application/json here, or left out."));
        var read = Check(name => attributes.GetValueOrDefault(name), data, name => $"{root}/{name}", faults);
        return faults.Count == before ? read : null;
    }

    private static JsonElement OfBase64(JsonElement json, JsonElement encoded, string root, List<Fault> faults)
    {
        if (json.TryGetProperty("data", out _))
            faults.Add(new($"{root}/data_base64", "An event has data or data_base64, not both."));
        else if (encoded.ValueKind == JsonValueKind.String && Base64.IsValid(encoded.GetString()) && Parse(Convert.FromBase64String(encoded.GetString()!), $"{root}/data_base64", faults) is { } data)
            return data;
        else
            faults.Add(new($"{root}/data_base64", "data_base64 is JSON in base64."));
        return default;
    }

    private static CloudEvent? Check(Func<string, string?> attribute, JsonElement data, Func<string, string> place, List<Fault> faults)
    {
        var before = faults.Count;
        if (attribute("specversion") != "1.0")
            faults.Add(new(place("specversion"), "specversion is 1.0."));
        foreach (var needed in (string[])["id", "source", "type"])
        {
            if (string.IsNullOrWhiteSpace(attribute(needed)))
                faults.Add(new(place(needed), $"{needed} is needed."));
        }

        foreach (var known in (string[])["id", "source", "type", "subject"])
        {
            if (attribute(known) is { } value && (value.Length > LongestAttribute || value.Any(char.IsControl) || (known == "subject" && value.Length == 0)))
                faults.Add(new(place(known), $"{known} is 1 to {LongestAttribute} characters without control characters."));
        }

        if (attribute("source") is { Length: > 0 } source && !Uri.IsWellFormedUriString(Iri(source), UriKind.RelativeOrAbsolute))
            faults.Add(new(place("source"), "source is a URI reference."));
        DateTimeOffset time = default;
        if (attribute("time") is { } said && !Rfc3339.TryParse(said, out time))
            faults.Add(new(place("time"), "time is RFC 3339 with an offset, such as 2026-05-01T08:00:00Z."));
        return faults.Count > before ? null
            : new CloudEvent(attribute("id")!, attribute("source")!, attribute("type")!, attribute("subject"), attribute("time") is null ? null : time, data);
    }

    // Sources may be written as IRIs; what is beyond ASCII is as if it were escaped.
    private static string Iri(string source) => string.Concat(source.EnumerateRunes().Select(rune => rune.IsAscii ? rune.ToString() : Uri.EscapeDataString(rune.ToString())));

    private static JsonElement? Parse(ReadOnlyMemory<byte> body, string root, List<Fault> faults)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            Read(document.RootElement);
            return document.RootElement.Clone();
        }
        catch (InvalidOperationException)
        {
            faults.Add(new(root, "A text is not valid Unicode."));
            return null;
        }
        catch (JsonException problem)
        {
            faults.Add(JsonFaults.Of(problem, root) with { Pointer = root });
            return null;
        }
    }

    // The parser lets broken UTF-8 and half surrogates pass until somebody reads the text: here, before anybody else does.
    private static void Read(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    _ = member.Name;
                    Read(member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                    Read(item);
                break;
            case JsonValueKind.String:
                _ = value.GetString();
                break;
            default:
                break;
        }
    }

    private static bool TryUnescape(string value, out string text)
    {
        text = value;
        if (!value.Contains('%', StringComparison.Ordinal))
            return true;
        var bytes = new List<byte>(value.Length);
        for (var at = 0; at < value.Length; at++)
        {
            if (value[at] != '%')
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(value[at].ToString()));
                continue;
            }

            if (at + 2 >= value.Length || !char.IsAsciiHexDigit(value[at + 1]) || !char.IsAsciiHexDigit(value[at + 2]))
                return false;
            bytes.Add(Convert.FromHexString(value.AsSpan(at + 1, 2))[0]);
            at += 2;
        }

        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString([.. bytes]);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static bool IsJson(string contentType) => MediaTypeHeaderValue.TryParse(contentType, out var type)
        && (type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase));

    private static bool IsOurs(string name) => name is "specversion" or "id" or "source" or "type" or "subject" or "time" or "datacontenttype" or "dataschema";

    private static string Escaped(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
