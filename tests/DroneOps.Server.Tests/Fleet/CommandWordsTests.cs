using System.Text.Json;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Server.Audit;
using DroneOps.Server.Fleet;
using DroneOps.Vehicles;
using Altitude = DroneOps.Mavlink.Altitude;

namespace DroneOps.Server.Tests.Fleet;

/// <summary>What the audit log keeps of a command: every value that it was given with, and what the autopilot said.</summary>
public sealed class CommandWordsTests
{
    public static TheoryData<string> Commands => [.. typeof(VehicleCommand).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(VehicleCommand))).Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_value_of_a_command_is_kept(string name)
    {
        var constructor = typeof(VehicleCommand).GetNestedType(name)!.GetConstructors().Single();
        object[] values = [.. constructor.GetParameters().Select((parameter, index) => Sample(Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType, index))];
        var kept = AuditFormat.ToJson(CommandWords.ParametersOf((VehicleCommand)constructor.Invoke(values)));
        string[] expected = [.. values.SelectMany(Leaves).Order(StringComparer.Ordinal)];
        Assert.Equal(expected, kept is null ? [] : Leaves(kept.Deserialize<JsonElement>()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_outcome_says_what_the_autopilot_said()
    {
        Assert.Equal("""{"id":"7","outcome":"accepted"}""", Text(new CommandOutcome.Accepted()));
        Assert.Equal("""{"id":"7","outcome":"rejected","step":"arm","result":"Denied","reason":"PreArm: GPS","resultParam2":4}""", Text(new CommandOutcome.Rejected(MavResult.Denied, "arm", "PreArm: GPS", 4)));
        Assert.Equal("""{"id":"7","outcome":"unknown","step":"takeoff","effectSeen":true,"note":"no answer"}""", Text(new CommandOutcome.Unknown("takeoff", true, "no answer")));
        Assert.Equal("""{"id":"7","outcome":"notSent","reason":"linkLost","note":"gone"}""", Text(new CommandOutcome.NotSent(NotSentReason.LinkLost, "gone")));
        Assert.Equal("""{"id":"7","outcome":"inProgress","progressPercent":40}""", Text(new CommandOutcome.InProgress(40)));
    }

    private static string Text(CommandOutcome outcome) => AuditFormat.ToJson(CommandWords.DetailsOf("7", outcome))!.ToJsonString();

    private static object Sample(Type type, int index) => type switch
    {
        _ when type == typeof(GeoPoint) => new GeoPoint(24.5125, 117.6625),
        _ when type == typeof(Altitude) => Altitude.Amsl(80.5),
        _ when type == typeof(string) => "LOITER",
        _ when type == typeof(bool) => true,
        _ => Convert.ChangeType(3 + index, type, System.Globalization.CultureInfo.InvariantCulture),
    };

    private static IEnumerable<string> Leaves(object value) => value switch
    {
        GeoPoint place => [JsonSerializer.Serialize(place.LatitudeDeg), JsonSerializer.Serialize(place.LongitudeDeg)],
        Altitude altitude => [JsonSerializer.Serialize(altitude.Metres), "amsl"],
        string text => [text],
        _ => [JsonSerializer.Serialize(value)],
    };

    private static IEnumerable<string> Leaves(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member => Leaves(member.Value)),
        JsonValueKind.String => [json.GetString()!],
        _ => [json.GetRawText()],
    };
}
