using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Mavlink;
using DroneOps.Missions;
using DroneOps.Server.Patrols;
using DroneOps.Server.Tests.Harness;
using DroneOps.Simulator.Scenarios;
using MavCmd = DroneOps.Mavlink.Messages.MavCmd;
using Route = DroneOps.Missions.Route;

namespace DroneOps.Server.Tests.Dispatch;

/// <summary>A patrol that an incident took the drone from, and that gets it back.</summary>
public abstract class HandBackTests(Store store)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_patrol_goes_on_where_it_was_left_when_the_incident_gives_its_drone_back()
    {
        await using var rig = await StartAsync();
        using var pilot = await rig.Server.SignInAsync("pilot");
        await BeginPatrolAsync(rig, pilot);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(60));

        var incident = await ReportAsync(rig, pilot);
        await PostAsync(rig, pilot, $"/api/v1/incidents/{incident}/dispatch", new { });
        await rig.AdvanceAsync(TimeSpan.FromSeconds(90));
        Assert.Equal("interrupted", await StateAsync(pilot));

        await PostAsync(rig, pilot, $"/api/v1/incidents/{incident}/recall", new { handBack = true });
        for (var end = rig.Now + TimeSpan.FromMinutes(1); await StateAsync(pilot) != "flying"; await rig.AdvanceAsync(TimeSpan.FromSeconds(1)))
            Assert.True(rig.Now < end, "The patrol did not go on.");

        Assert.Equal("AUTO", rig.Copters[0].Mode);
        for (var end = rig.Now + TimeSpan.FromMinutes(40); await StateAsync(pilot) == "flying"; await rig.AdvanceAsync(TimeSpan.FromSeconds(20)))
            Assert.True(rig.Now < end, "The patrol did not end.");
        Assert.Equal("done", await StateAsync(pilot));
        Assert.True(rig.Copters[0].BatteryCharge > 0.2);
    }

    [Theory]
    [InlineData(true, "flying", "AUTO")]
    [InlineData(false, "missed", "RTL")]
    public async Task A_patrol_goes_on_when_its_drone_does_not_take_the_route_of_the_incident_and_without_its_own_the_drone_comes_home(bool healed, string state, string mode)
    {
        await using var rig = await StartAsync();
        using var pilot = await rig.Server.SignInAsync("pilot");
        await BeginPatrolAsync(rig, pilot);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(30));
        var incident = await ReportAsync(rig, pilot);

        rig.Down = datagram => Frames.AnswersUpload(datagram) ? default : datagram;
        rig.OnSent = frame =>
        {
            if (healed && Frames.IsCommand(frame, MavCmd.NavReturnToLaunch))
                rig.Down = null;
        };
        using var answer = await rig.CallAsync(() => pilot.PostAsJsonAsync($"/api/v1/incidents/{incident}/dispatch", new { }, Token));
        var problem = await answer.ReadProblemAsync(HttpStatusCode.Conflict, "drone-did-not-go");
        Assert.EndsWith("It was ordered to return.", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        for (var end = rig.Now + TimeSpan.FromMinutes(2); await StateAsync(pilot) != state; await rig.AdvanceAsync(TimeSpan.FromSeconds(1)))
            Assert.True(rig.Now < end, $"The patrol is {await StateAsync(pilot)}.");
        Assert.Equal(mode, rig.Copters[0].Mode);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(mode, rig.Copters[0].Mode);
    }

    /// <summary>One drone, with a pack that lasts for the patrol.</summary>
    private Task<FlightRig> StartAsync() =>
        FlightRig.StartAsync(new Scenario(Count: 1, FastBoot: true, Parameters: new Dictionary<string, float> { ["BATT_CAPACITY"] = 13_070 }), TestServer.Begin, store);

    /// <summary>Plans a patrol and begins it; answers when the drone flies its route.</summary>
    private static async Task BeginPatrolAsync(FlightRig rig, HttpClient pilot)
    {
        var plan = new { name = "Old city", routeId = "old-city-lawnmower", vehicleIds = new[] { "1" }, vehicleCount = 1 };
        using var made = await rig.CallAsync(() => pilot.PostAsJsonAsync("/api/v1/patrols", plan, Token));
        var patrol = (await made.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        await PostAsync(rig, pilot, $"/api/v1/patrols/{patrol}/start", new { });
        rig.IsHurried = true;
        await rig.UntilAsync(() => rig.Copters[0].GroundSpeed > 5);
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

    private static async Task<string?> StateAsync(HttpClient client) =>
        Assert.Single((await client.GetAsync<JsonElement>("/api/v1/patrols/occurrences?from=2026-04-30T00:00:00Z&to=2026-05-02T00:00:00Z")).GetProperty("items").EnumerateArray()).GetProperty("state").GetString();

    public sealed class OnSqlite() : HandBackTests(Store.Sqlite);

    public sealed class OnPostgres() : HandBackTests(Store.Postgres);
}

public sealed class RestOfRouteTests
{
    private static readonly GeoPoint Here = new(24.5, 117.65);

    private static readonly Route Whole = new()
    {
        Name = "Three legs",
        Legs = [.. Enumerable.Range(1, 3).Select(leg => new RouteLeg { To = new(24.5 + (leg * 0.001), 117.66), Altitude = Altitude.Relative(60), Camera = CameraDuty.Scene })],
    };

    // Take-off, then for each leg a camera item and a waypoint, then the return.
    private static readonly int[] Items = [-1, 0, 0, 1, 1, 2, 2, -1];

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(4, 2)]
    public void The_rest_begins_where_it_was_left_with_the_leg_that_had_not_been_ended(int reached, int firstLeg)
    {
        var rest = PatrolRunner.RestOf(Whole, Items, reached, Here)!;
        Assert.Equal(Here, rest.Legs[0].To);
        Assert.Equal(CameraDuty.Transit, rest.Legs[0].Camera);
        Assert.Equal(Whole.Legs.Skip(firstLeg), rest.Legs.Skip(1));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public void Nothing_is_left_of_a_route_whose_legs_were_all_flown(int reached) => Assert.Null(PatrolRunner.RestOf(Whole, Items, reached, Here));
}
