using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Mavlink.Messages;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Dispatch;

/// <summary>Incidents that get a drone by themselves, on both stores and with simulated vehicles.</summary>
public abstract class AutoDispatchTests(Store store)
{
    private const string Incidents = "/api/v1/incidents";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_drone_goes_without_anybody_asking_and_the_time_axis_says_so()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var id = await ReportAsync(rig, dispatcher, 1, 117.6560, 24.5110, "auto");

        await rig.UntilAsync(() => rig.Copters[0] is { IsArmed: true, Height: > 20 });

        var incident = await ReadAsync(dispatcher, id);
        Assert.Equal(("1", true), (incident.GetProperty("vehicleId").GetString(), incident.GetProperty("isAutomatic").GetBoolean()));
        Assert.Equal(["CallReceived", "IncidentCreated", "DroneRequested", "DroneAssigned", "DroneAirborne"], Reached(incident));
    }

    [Fact]
    public async Task An_incident_waits_for_the_only_drone_says_why_and_gets_it_when_it_is_free()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var first = await ReportAsync(rig, dispatcher, 2, 117.6560, 24.5110, "auto");
        await rig.UntilAsync(() => rig.Copters[0] is { IsArmed: true, Height: > 20 });
        var second = await ReportAsync(rig, dispatcher, 3, 117.6535, 24.5120, "auto");
        await rig.AdvanceAsync(TimeSpan.FromSeconds(3));
        var waiting = await ReadAsync(dispatcher, second);
        Assert.Equal("open", waiting.GetProperty("state").GetString());
        Assert.Contains("UAV-01: It works on", waiting.GetProperty("waitsFor").GetString(), StringComparison.Ordinal);

        using var recalled = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"{Incidents}/{first}/recall", new { }, Token));
        Assert.Equal(HttpStatusCode.OK, recalled.StatusCode);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(10));

        var served = await ReadAsync(dispatcher, second);
        Assert.Equal(("dispatched", "1"), (served.GetProperty("state").GetString(), served.GetProperty("vehicleId").GetString()));
        Assert.Equal(JsonValueKind.Null, served.GetProperty("waitsFor").ValueKind);
        var left = await ReadAsync(dispatcher, first);
        Assert.Equal(("recalled", false), (left.GetProperty("state").GetString(), left.GetProperty("isAutomatic").GetBoolean()));
    }

    [Fact]
    public async Task The_wait_for_a_free_drone_is_the_time_to_the_assignment_and_none_of_the_request()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        rig.IsSilent = rig.IsHurried = true;
        await rig.AdvanceAsync(TimeSpan.FromSeconds(30));
        var id = await ReportAsync(rig, dispatcher, 1, 117.6560, 24.5110, "auto");
        await rig.AdvanceAsync(TimeSpan.FromMinutes(4));
        var waiting = await ReadAsync(dispatcher, id);
        Assert.Equal(("open", "DroneRequested"), (waiting.GetProperty("state").GetString(), Reached(waiting)[^1]));

        rig.IsSilent = false;
        await rig.UntilAsync(() => rig.Copters[0] is { IsArmed: true, Height: > 20 });

        var total = (await dispatcher.GetAsync<JsonElement>("/api/v1/response/report")).GetProperty("total");
        Assert.Equal(0, LongestS("request"));
        Assert.InRange(LongestS("assignment"), 240, 300);

        double LongestS(string name) => total.GetProperty("spans").EnumerateArray().Single(span => span.GetProperty("span").GetString() == name).GetProperty("maxS").GetDouble();
    }

    [Fact]
    public async Task An_incident_whose_drone_is_taken_while_it_starts_waits_again_and_gets_the_next_that_is_free()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var arms = false;
        rig.OnSent = frame => arms |= Frames.IsCommand(frame, MavCmd.ComponentArmDisarm);
        var less = await ReportAsync(rig, dispatcher, 3, 117.6560, 24.5110, "auto");
        await rig.UntilAsync(() => arms);
        var urgent = await ReportAsync(rig, dispatcher, 1, 117.6535, 24.5120, "auto");
        Assert.Equal(urgent.ToString(), rig.Board.Find("1")!.Assignment?.Id);

        await rig.AdvanceAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(("1", "dispatched"), await DroneAsync(dispatcher, urgent));
        Assert.Equal((null, "open"), await DroneAsync(dispatcher, less));
        Assert.Contains("UAV-01: It works on", (await ReadAsync(dispatcher, less)).GetProperty("waitsFor").GetString(), StringComparison.Ordinal);

        using var recalled = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"{Incidents}/{urgent}/recall", new { }, Token));
        Assert.Equal(HttpStatusCode.OK, recalled.StatusCode);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(("1", "dispatched"), await DroneAsync(dispatcher, less));

        static async Task<(string?, string?)> DroneAsync(HttpClient client, Guid id)
        {
            var incident = await ReadAsync(client, id);
            return (incident.GetProperty("vehicleId").GetString(), incident.GetProperty("state").GetString());
        }
    }

    [Fact]
    public async Task What_waited_when_the_service_stopped_still_waits_after_the_start()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        rig.IsSilent = true;
        await rig.AdvanceAsync(TimeSpan.FromSeconds(30));
        using (var dispatcher = await rig.Server.SignInAsync("dispatcher"))
            await ReportAsync(rig, dispatcher, 1, 117.6560, 24.5110, "auto");

        await rig.Server.RestartAsync();
        rig.IsSilent = false;

        await rig.UntilAsync(() => rig.Copters[0] is { IsArmed: true, Height: > 20 });
    }

    [Fact]
    public async Task A_priority_can_be_set_to_go_by_itself_and_one_incident_be_kept_from_it()
    {
        await using var rig = await FlightRig.StartAsync(1, store, ("Incidents:AutoDispatchPriorities:0", "1"));
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var kept = await ReportAsync(rig, dispatcher, 1, 117.6560, 24.5110, "manual");
        var less = await ReportAsync(rig, dispatcher, 2, 117.6560, 24.5110, null);
        var urgent = await ReportAsync(rig, dispatcher, 1, 117.6560, 24.5110, null);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(
            ["open", "open", "dispatched"],
            new[] { await ReadAsync(dispatcher, kept), await ReadAsync(dispatcher, less), await ReadAsync(dispatcher, urgent) }.Select(incident => incident.GetProperty("state").GetString()));
    }

    private static List<string?> Reached(JsonElement incident) =>
        [.. incident.GetProperty("timeAxis").EnumerateArray().Where(step => step.GetProperty("at").ValueKind != JsonValueKind.Null).Select(step => step.GetProperty("stage").GetString())];

    private static async Task<Guid> ReportAsync(FlightRig rig, HttpClient dispatcher, int priority, double lon, double lat, string? dispatch)
    {
        var report = new { type = "theft", priority, summary = "", location = new { type = "Point", coordinates = new[] { lon, lat } }, dispatch };
        using var answer = await rig.CallAsync(() => dispatcher.PostAsJsonAsync(Incidents, report, Token));
        return (await answer.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private static Task<JsonElement> ReadAsync(HttpClient client, Guid id) => client.GetAsync<JsonElement>($"{Incidents}/{id}");

    public sealed class OnSqlite() : AutoDispatchTests(Store.Sqlite);

    public sealed class OnPostgres() : AutoDispatchTests(Store.Postgres);
}
