using System.Text.Json;
using System.Text.Json.Serialization;
using MessagePack;
using MessagePack.Formatters;

namespace DroneOps.Server.Feed;

/// <summary>One thing that the feed sends, encoded once however many clients get it, and spelled alike in both protocols: the MessagePack
/// form is made from the JSON form, so names, enums and times are the contract's in either. Safe to share.</summary>
[JsonConverter(typeof(JsonForm))]
[MessagePackFormatter(typeof(MessagePackForm))]
internal sealed class Encoded
{
    private readonly Lazy<byte[]> _json;
    private readonly Lazy<byte[]> _messagePack;

    /// <summary>A thing that is encoded when the first client needs it.</summary>
    public Encoded(Func<object> make, JsonSerializerOptions json)
    {
        _json = new(() => JsonSerializer.SerializeToUtf8Bytes(make(), json));
        _messagePack = new(() => ToMessagePack(_json.Value));
    }

    /// <summary>A thing whose JSON is there already.</summary>
    public Encoded(byte[] json)
    {
        _json = new(json);
        _messagePack = new(() => ToMessagePack(json));
    }

    /// <summary>UTF-8 JSON.</summary>
    public ReadOnlySpan<byte> Json => _json.Value;

    /// <summary>The same in MessagePack.</summary>
    public ReadOnlySpan<byte> MessagePack => _messagePack.Value;

    private static byte[] ToMessagePack(byte[] json)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(json.Length);
        var writer = new MessagePackWriter(buffer);
        using var document = JsonDocument.Parse(json);
        Write(ref writer, document.RootElement);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(ref MessagePackWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteMapHeader(value.GetPropertyCount());
                foreach (var member in value.EnumerateObject())
                {
                    writer.Write(member.Name);
                    Write(ref writer, member.Value);
                }

                break;
            case JsonValueKind.Array:
                writer.WriteArrayHeader(value.GetArrayLength());
                foreach (var item in value.EnumerateArray())
                    Write(ref writer, item);
                break;
            case JsonValueKind.String:
                writer.Write(value.GetString());
                break;
            case JsonValueKind.Number when value.TryGetInt64(out var whole):
                writer.Write(whole);
                break;
            case JsonValueKind.Number:
                writer.Write(value.GetDouble());
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.Write(value.GetBoolean());
                break;
            default:
                writer.WriteNil();
                break;
        }
    }

    private sealed class JsonForm : JsonConverter<Encoded>
    {
        public override Encoded Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException("The feed only sends.");

        public override void Write(Utf8JsonWriter writer, Encoded value, JsonSerializerOptions options) => writer.WriteRawValue(value.Json, skipInputValidation: true);
    }

    private sealed class MessagePackForm : IMessagePackFormatter<Encoded?>
    {
        public Encoded Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) => throw new NotSupportedException("The feed only sends.");

        public void Serialize(ref MessagePackWriter writer, Encoded? value, MessagePackSerializerOptions options)
        {
            if (value is null)
                writer.WriteNil();
            else
                writer.WriteRaw(value.MessagePack);
        }
    }
}
