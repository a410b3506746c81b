using System.Text.Json;
using DroneOps.Server.Api;

namespace DroneOps.Server.Webhooks;

/// <summary>Writes events in the structured JSON mode of CloudEvents 1.0.</summary>
internal static class Envelope
{
    public const string MediaType = "application/cloudevents+json";

    /// <summary>One event.</summary>
    /// <param name="origin">Our name; the source is <c>//NAME</c>.</param>
    /// <param name="data">JSON.</param>
    public static byte[] Write(string origin, string id, string type, string subject, DateTimeOffset at, ReadOnlySpan<char> data)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("specversion", "1.0");
            json.WriteString("id", id);
            json.WriteString("source", $"//{origin}");
            json.WriteString("type", type);
            json.WriteString("subject", subject);
            json.WriteString("time", Rfc3339.Text(at));
            json.WriteString("datacontenttype", "application/json");
            json.WritePropertyName("data");
            json.WriteRawValue(data);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
