using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Tests.Harness;
using DroneOps.Simulator.Scenarios;

namespace DroneOps.Server.Tests.Patrols;

/// <summary>No more drones fly a patrol at one time than it has: they would meet on its route at the same height.</summary>
public abstract class PatrolCountTests(Store store)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_that_fall_due_in_one_moment_the_second_waits_for_the_first()
    {
        await using var rig = await StartAsync();
        using var pilot = await rig.Server.SignInAsync("pilot");
        var patrol = await PlanAsync(rig, pilot);
        await PostAsync(rig, pilot, $"/api/v1/patrols/{patrol}/start", new { });
        await PostAsync(rig, pilot, $"/api/v1/patrols/{patrol}/start", new { });
        await rig.AdvanceAsync(TimeSpan.FromSeconds(30));

        Assert.Equal([("flying", null), ("planned", "1 of its drones still fly.")], (await RunsAsync(pilot)).Select(run => (run.State, run.Reason)).Order());
        Assert.Single(rig.Copters, copter => copter.IsArmed);
    }

    [Fact]
    public async Task A_drone_that_a_call_gives_back_comes_home_when_another_flies_its_patrol_by_then()
    {
        await using var rig = await StartAsync();
        using var pilot = await rig.Server.SignInAsync("pilot");
        var patrol = await PlanAsync(rig, pilot);
        await PostAsync(rig, pilot, $"/api/v1/patrols/{patrol}/start", new { });
        rig.IsHurried = true;
        await rig.UntilAsync(() => rig.Copters.Any(copter => copter.GroundSpeed > 5));
        await rig.AdvanceAsync(TimeSpan.FromSeconds(30));
        var (left, other) = rig.Copters[0].IsArmed ? (0, 1) : (1, 0);

        var call = await ReportAsync(rig, pilot);
        await PostAsync(rig, pilot, $"/api/v1/incidents/{call}/dispatch", new { vehicleId = $"{left + 1}" });
        await PostAsync(rig, pilot, $"/api/v1/patrols/{patrol}/start", new { });
        await rig.UntilAsync(() => rig.Copters[other] is { Mode: "AUTO", Height: > 20 });
        await PostAsync(rig, pilot, $"/api/v1/incidents/{call}/close", new { });
        await rig.AdvanceAsync(TimeSpan.FromSeconds(15));

        Assert.Equal(("RTL", "AUTO"), (rig.Copters[left].Mode, rig.Copters[other].Mode));
        var runs = (await RunsAsync(pilot)).ToDictionary(run => run.VehicleId!);
        Assert.Equal(("interrupted", "Theft took the drone. It comes home: others fly its patrol by now."), (runs[$"{left + 1}"].State, runs[$"{left + 1}"].Reason));
        Assert.Equal("flying", runs[$"{other + 1}"].State);
        Assert.Null(rig.Board.Find($"{left + 1}")!.Assignment);
    }

    /// <summary>Two drones, with packs that last for the patrol.</summary>
    private Task<FlightRig> StartAsync() =>
        FlightRig.StartAsync(new Scenario(Count: 2, FastBoot: true, Parameters: new Dictionary<string, float> { ["BATT_CAPACITY"] = 13_070 }), TestServer.Begin, store);

    /// <summary>Plans a patrol that either may fly, one at a time.</summary>
    private static async Task<Guid> PlanAsync(FlightRig rig, HttpClient pilot)
    {
        var plan = new { name = "Old city", routeId = "old-city-lawnmower", vehicleIds = new[] { "1", "2" }, vehicleCount = 1 };
        using var made = await rig.CallAsync(() => pilot.PostAsJsonAsync("/api/v1/patrols", plan, Token));
        return (await made.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private static async Task<Guid> ReportAsync(FlightRig rig, HttpClient pilot)
    {
        var report = new { type = "theft", priority = 2, summary = "Theft", location = new { type = "Point", coordinates = new[] { 117.654, 24.5095 } } };
        using var reported = await rig.CallAsync(() => pilot.PostAsJsonAsync("/api/v1/incidents", report, Token));
        return (await reported.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private static async Task PostAsync(FlightRig rig, HttpClient client, string path, object body)
    {
        using var answer = await rig.CallAsync(() => client.PostAsJsonAsync(path, body, Token));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    private static async Task<List<Run>> RunsAsync(HttpClient client) =>
        [.. (await client.GetAsync<JsonElement>("/api/v1/patrols/occurrences?from=2026-04-30T00:00:00Z&to=2026-05-02T00:00:00Z")).GetProperty("items").EnumerateArray()
            .Select(run => new Run(run.GetProperty("vehicleId").GetString(), run.GetProperty("state").GetString(), run.GetProperty("reason").GetString()))];

    private sealed record Run(string? VehicleId, string? State, string? Reason);

    public sealed class OnSqlite() : PatrolCountTests(Store.Sqlite);

    public sealed class OnPostgres() : PatrolCountTests(Store.Postgres);
}
