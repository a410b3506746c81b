using System.Globalization;
using System.Reflection;
using System.Text.Json;
using DroneOps.Mavlink.Messages;
using DroneOps.Tests;
using Xunit;

namespace DroneOps.Mavlink.Tests;

/// <summary>Frames written by another implementation (the npm package node-mavlink 2.3.0): every message that both know, with random,
/// extreme, all-zero and zero-tailed values, in MAVLink 2, MAVLink 1 and signed.</summary>
public sealed class IndependentFramesTests
{
    private static readonly List<JsonElement> Frames =
        [.. File.ReadLines(Checkout.Golden("node-mavlink-frames.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];

    public static TheoryData<uint, string> Messages()
    {
        var data = new TheoryData<uint, string>();
        foreach (var (id, name) in Frames.Select(f => (f.GetProperty("id").GetUInt32(), f.GetProperty("name").GetString()!)).Distinct())
            data.Add(id, name);
        return data;
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Every_field_is_decoded_and_the_frame_is_written_again_byte_for_byte(uint id, string name)
    {
        Assert.True(MessageCatalog.Default.TryFind(id, out var info));
        Assert.Equal(info.Name, name);
        var type = typeof(Heartbeat).Assembly.GetTypes().Single(t => t.Namespace == "DroneOps.Mavlink.Messages" && t.GetField("MsgId")?.GetRawConstantValue() is uint value && value == id);
        typeof(IndependentFramesTests).GetMethod(nameof(Compare), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type).Invoke(null, [id]);
    }

    [Fact]
    public void Signed_frames_of_the_other_implementation_are_valid()
    {
        var signed = Frames.Where(f => f.GetProperty("variant").GetString() == "signed").ToList();
        Assert.NotEmpty(signed);
        foreach (var golden in signed)
        {
            var key = new SigningKey(Convert.FromHexString(golden.GetProperty("key").GetString()!));
            Assert.True(MavlinkFrame.TryParse(Convert.FromHexString(golden.GetProperty("hex").GetString()!), MessageCatalog.Default, out var frame));
            Assert.Equal(SignatureVerdict.Valid, new SignatureVerifier(key, new(new AtOrigin(), 0), 16).Verify(frame));
        }
    }

    private static void Compare<T>(uint id)
        where T : unmanaged, IMavlinkMessage<T>
    {
        Span<byte> buffer = stackalloc byte[MavlinkFrame.MaxLength];
        foreach (var golden in Frames.Where(f => f.GetProperty("id").GetUInt32() == id))
        {
            var bytes = Convert.FromHexString(golden.GetProperty("hex").GetString()!);
            Assert.True(MavlinkFrame.TryParse(bytes, MessageCatalog.Default, out var frame), golden.ToString());
            var message = frame.Decode<T>();
            var isVersion1 = golden.GetProperty("version").GetInt32() == 1;
            foreach (var field in golden.GetProperty("fields").EnumerateObject())
            {
                if (!(isVersion1 && IsExtension(id, field.Name)))
                    AssertField(message, field);
            }

            // Where the other implementation leaves the definition, its frames are read but not copied: it cuts an all-zero payload
            // to nothing (the guide keeps one byte) and sends extensions in MAVLink 1 (which has none).
            if (frame.IsSigned || frame.Payload.IsEmpty || (isVersion1 && frame.Payload.Length > T.BaseLength))
                continue;
            var sender = new MavlinkAddress(frame.SystemId, frame.ComponentId);
            var length = isVersion1 ? FrameWriter.WriteVersion1(buffer, message, sender, frame.Sequence) : FrameWriter.Write(buffer, message, sender, frame.Sequence);
            Assert.Equal(Convert.ToHexStringLower(bytes), Convert.ToHexStringLower(buffer[..length]));
        }
    }

    private static bool IsExtension(uint id, string field) => ExtensionFields.Value.Contains((id, field));

    private static readonly Lazy<HashSet<(uint, string)>> ExtensionFields = new(() =>
        [.. File.ReadLines(Checkout.Golden("mavlink-extension-fields.csv")).Skip(1).Select(l => l.Split(',')).Select(f => (uint.Parse(f[0], CultureInfo.InvariantCulture), f[1]))]);

    private static void AssertField<T>(T message, JsonProperty field)
    {
        var name = string.Concat(field.Name.Split('_', StringSplitOptions.RemoveEmptyEntries).Select(w => char.ToUpperInvariant(w[0]) + w[1..].ToLowerInvariant()));
        // A few fields carry capitals in their own name; C# names then keep them.
        var property = typeof(T).GetProperties().FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? typeof(T).GetProperties().Single(p => string.Equals(p.Name, name + "Value", StringComparison.OrdinalIgnoreCase));
        if (field.Value.ValueKind == JsonValueKind.Array)
        {
            // Spans cannot be boxed, so arrays are compared through the re-encoded bytes alone.
            return;
        }

        var actual = property.GetValue(message)!;
        if (field.Value.ValueKind == JsonValueKind.String && actual is string text)
        {
            Assert.Equal(field.Value.GetString(), text);
            return;
        }

        var expected = field.Value.ValueKind == JsonValueKind.String ? (field.Value.GetString() is { Length: > 0 } s ? s : "0") : field.Value.GetRawText();
        if (actual is float single)
            Assert.Equal(float.Parse(expected, CultureInfo.InvariantCulture), single);
        else if (actual is double number)
            Assert.Equal(double.Parse(expected, CultureInfo.InvariantCulture), number);
        else if (expected.Length == 1 && char.IsAsciiLetter(expected[0]))
            Assert.Equal((byte)expected[0], Convert.ToByte(actual, CultureInfo.InvariantCulture));
        else
            AssertInteger(Int128.Parse(expected, CultureInfo.InvariantCulture), actual, field.Name);
    }

    private static void AssertInteger(Int128 expected, object actual, string field)
    {
        var type = actual.GetType();
        var value = type.IsEnum ? Convert.ChangeType(actual, Enum.GetUnderlyingType(type), CultureInfo.InvariantCulture) : actual;
        var got = Int128.Parse(Convert.ToString(value, CultureInfo.InvariantCulture)!, CultureInfo.InvariantCulture);
        // An enum in a signed field keeps its bits.
        Assert.True(expected == got || (expected < 0 && type.IsEnum && (uint)expected == (uint)got), $"{field}: {expected} expected, {got} decoded");
    }

    private sealed class AtOrigin : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2015, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
