using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Tests.Harness;
using DroneOps.Simulator.Scenarios;
using DroneOps.Vehicles;
using Altitude = DroneOps.Mavlink.Altitude;

namespace DroneOps.Server.Tests.Fleet;

/// <summary>A drone that would fly on for ever when nobody reaches it is not sent off on its own. A pilot who flies it sees why, and decides.</summary>
public sealed class FailsafesTests
{
    private const string Reason = "It is not ready: FailsafesOff.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("FS_GCS_ENABLE", "gcsLossIgnored")]
    [InlineData("BATT_FS_LOW_ACT", "lowBatteryIgnored")]
    public async Task A_drone_without_a_vital_failsafe_is_sent_on_no_patrol_and_to_no_call_and_says_why(string parameter, string finding)
    {
        await using var rig = await StartAsync(parameter);
        using var pilot = await rig.Server.SignInAsync("pilot");
        Assert.Equal($"UAV-01: {Reason}", await PatrolAsync(rig, pilot));
        Assert.Equal(Reason, await ExclusionAsync(rig));
        var ready = (await pilot.GetAsync<JsonElement>("/api/v1/vehicles/1")).GetProperty("ready");
        Assert.False(ready.GetProperty("armable").GetBoolean());
        Assert.Contains("failsafesOff", ready.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()));
        Assert.Contains(finding, ready.GetProperty("failsafes").EnumerateArray().Select(off => off.GetString()));

        Assert.IsType<CommandOutcome.Accepted>(await rig.CommandAsync("1", new VehicleCommand.Takeoff(Altitude.Relative(12))));
    }

    [Fact]
    public async Task Where_the_fleet_says_so_a_failsafe_that_is_off_is_only_shown()
    {
        await using var rig = await StartAsync("FS_GCS_ENABLE", ("Fleet:FailsafesMustBeOn", "false"));
        using var pilot = await rig.Server.SignInAsync("pilot");
        Assert.Null(await ExclusionAsync(rig));
        var ready = (await pilot.GetAsync<JsonElement>("/api/v1/vehicles/1")).GetProperty("ready");
        Assert.True(ready.GetProperty("armable").GetBoolean());
        Assert.Contains("gcsLossIgnored", ready.GetProperty("failsafes").EnumerateArray().Select(off => off.GetString()));
    }

    [Fact]
    public async Task A_failsafe_that_was_switched_off_between_two_boots_keeps_the_drone_after_its_next_flight()
    {
        await using var rig = await FlightRig.StartAsync(1);
        Assert.Null(await ExclusionAsync(rig));
        Assert.True(rig.Copters[0].TrySetParameter("FS_GCS_ENABLE", 0));
        Assert.IsType<CommandOutcome.Accepted>(await rig.CommandAsync("1", new VehicleCommand.Takeoff(Altitude.Relative(12))));
        await rig.UntilAsync(() => rig.Copters[0].Height > 11);
        Assert.IsType<CommandOutcome.Accepted>(await rig.CommandAsync("1", new VehicleCommand.Land()));
        await rig.UntilAsync(() => rig.Board.Find("1")!.Snapshot is { Armed: false, InAir: false });
        await rig.UntilAsync(() => rig.Board.Find("1")!.Snapshot.Readiness.Issues == ReadinessIssues.FailsafesOff);
    }

    private static Task<FlightRig> StartAsync(string off, params (string Key, string Value)[] settings)
    {
        var parameters = new Dictionary<string, float> { ["BATT_CAPACITY"] = 13_070, [off] = 0 };
        return FlightRig.StartAsync(new Scenario(Count: 1, FastBoot: true, Parameters: parameters), TestServer.Begin, Store.Sqlite, settings);
    }

    /// <summary>Starts a patrol for the one drone.</summary>
    /// <returns>Why it waits.</returns>
    private static async Task<string?> PatrolAsync(FlightRig rig, HttpClient pilot)
    {
        var plan = new { name = "Old city", routeId = "old-city-lawnmower", vehicleIds = new[] { "1" }, vehicleCount = 1 };
        using var made = await rig.CallAsync(() => pilot.PostAsJsonAsync("/api/v1/patrols", plan, Token));
        var patrol = (await made.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var started = await rig.CallAsync(() => pilot.PostAsJsonAsync($"/api/v1/patrols/{patrol}/start", new { }, Token));
        Assert.Equal(HttpStatusCode.OK, started.StatusCode);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(30));
        Assert.False(rig.Copters[0].IsArmed);
        return Assert.Single((await pilot.GetAsync<JsonElement>("/api/v1/patrols/occurrences?from=2026-04-30T00:00:00Z&to=2026-05-02T00:00:00Z")).GetProperty("items").EnumerateArray()).GetProperty("reason").GetString();
    }

    /// <summary>Reports a call near the drone.</summary>
    /// <returns>Why the drone is not offered for it; null where it is.</returns>
    private static async Task<string?> ExclusionAsync(FlightRig rig)
    {
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var call = new { type = "flood", priority = 1, location = new { type = "Point", coordinates = new[] { 117.6560, 24.5110 } } };
        using var reported = await rig.CallAsync(() => dispatcher.PostAsJsonAsync("/api/v1/incidents", call, Token));
        var incident = (await reported.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var candidates = await dispatcher.GetAsync<JsonElement>($"/api/v1/incidents/{incident}/candidates");
        return Assert.Single(candidates.GetProperty("items").EnumerateArray()).GetProperty("excluded").GetString();
    }
}
