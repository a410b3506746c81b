using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DroneOps.Server.Api;

/// <summary>Times at the rim: RFC 3339, written in UTC with a <c>Z</c>; a time without an offset is refused, because
/// nobody knows which clock it was read from.</summary>
internal sealed class Rfc3339 : JsonConverter<DateTimeOffset>
{
    private const string Wanted = "A time must be RFC 3339 with an offset, such as 2026-05-01T08:00:00Z.";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TryParse(reader.GetString() ?? "", out var time) ? time : throw new JsonException(Wanted);

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Text(value));

    /// <summary>The text form, e.g. <c>2026-05-01T08:00:00.25Z</c>.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads a time that says its offset.</summary>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        var tail = text.AsSpan()[Math.Max(0, text.Length - 6)..];
        var hasOffset = text.EndsWith('Z') || text.EndsWith('z') || (tail.Length == 6 && tail[0] is '+' or '-' && tail[3] == ':');
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out time) && hasOffset && text.Length >= 20;
    }
}
