using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Missions.Flight;
using DroneOps.Server.Dispatch;
using DroneOps.Server.Fleet;
using DroneOps.Server.Tests.Harness;
using DroneOps.Simulator.Scenarios;

namespace DroneOps.Server.Tests.Dispatch;

/// <summary>The choice counts with the wind and with the reach of the link, and a drone that works one incident after the other is recovered
/// for both.</summary>
public abstract class ConditionsTests(Store store)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reported_storm_keeps_drones_on_the_ground_until_the_report_is_an_hour_old()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        Assert.Equal("unknown", (await dispatcher.GetAsync<JsonElement>("/api/v1/weather")).GetProperty("source").GetString());
        using var reported = await rig.CallAsync(() => dispatcher.PutAsJsonAsync("/api/v1/weather", new { windSpeedMps = 14.0, windFromDeg = 60 }, Token));
        var wind = await reported.ReadAsync<JsonElement>(HttpStatusCode.OK);
        Assert.Equal(("report", 14.0, 60.0), (wind.GetProperty("source").GetString(), wind.GetProperty("windSpeedMps").GetDouble(), wind.GetProperty("windFromDeg").GetDouble()));

        var incident = await ReportAsync(rig, dispatcher, 117.6560, 24.5110);
        Assert.Equal("The wind of 14 m/s is above its limit of 12 m/s.", await ExclusionAsync(dispatcher, incident));

        await rig.AdvanceAsync(TimeSpan.FromMinutes(61));
        Assert.Null(await ExclusionAsync(dispatcher, incident));
    }

    [Theory]
    [InlineData(-1.0, 60.0, "#/windSpeedMps")]
    [InlineData(200.0, 60.0, "#/windSpeedMps")]
    [InlineData(5.0, 400.0, "#/windFromDeg")]
    [InlineData(5.0, null, "#/windFromDeg")]
    [InlineData(null, 60.0, "#/windSpeedMps")]
    public async Task A_wind_that_cannot_be_is_refused_with_what_is_wrong(double? speed, double? from, string where)
    {
        await using var server = await TestServer.StartAsync(store);
        using var dispatcher = await server.SignInAsync("dispatcher");
        using var answer = await dispatcher.PutAsJsonAsync("/api/v1/weather", new { windSpeedMps = speed, windFromDeg = from }, Token);
        var problem = await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(where, Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task The_wind_that_a_drone_in_the_air_feels_goes_before_a_report_and_a_far_scene_is_beyond_its_link()
    {
        await using var rig = await FlightRig.StartAsync(
            new Scenario(1, FastBoot: true, Wind: new(Speed: 6, Direction: 90)), TestServer.Begin, store, ("Dispatch:LinkRangeM", "1500"));
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        using var reported = await rig.CallAsync(() => dispatcher.PutAsJsonAsync("/api/v1/weather", new { windSpeedMps = 1.0, windFromDeg = 200 }, Token));
        var near = await ReportAsync(rig, dispatcher, 117.6560, 24.5110);
        await SendAsync(rig, dispatcher, near);
        await rig.UntilAsync(() => rig.Copters[0] is { Height: > 55 });
        await rig.AdvanceAsync(TimeSpan.FromSeconds(5));

        var wind = await dispatcher.GetAsync<JsonElement>("/api/v1/weather");
        Assert.Equal("fleet", wind.GetProperty("source").GetString());
        Assert.InRange(wind.GetProperty("windSpeedMps").GetDouble(), 5, 7);
        Assert.InRange(wind.GetProperty("windFromDeg").GetDouble(), 80, 100);
        var far = await ReportAsync(rig, dispatcher, 117.6800, 24.5110, priority: 1);
        Assert.Matches(@"^The place is 2\.\d km from its home, its link reaches 1\.5 km\.$", await ExclusionAsync(dispatcher, far));
    }

    [Fact]
    public async Task In_a_stronger_wind_the_drone_must_leave_its_scene_earlier()
    {
        var calm = await StayAsync(new Scenario(1, FastBoot: true));
        var windy = await StayAsync(new Scenario(1, FastBoot: true, Wind: new(Speed: 10, Direction: 0)));
        Assert.True(windy < calm - TimeSpan.FromSeconds(45), $"{windy} in the wind, {calm} without.");
    }

    [Theory]
    [InlineData(13_070, null)]
    [InlineData(2_200, "Its battery would not bring it home with the reserve.")]
    public async Task A_drone_is_counted_with_the_pack_that_it_carries(float milliampereHours, string? excluded)
    {
        await using var rig = await FlightRig.StartAsync(new Scenario(1, FastBoot: true, Parameters: new Dictionary<string, float> { ["BATT_CAPACITY"] = milliampereHours }), TestServer.Begin, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var incident = await ReportAsync(rig, dispatcher, 117.6900, 24.5110);
        var full = (await dispatcher.GetAsync<JsonElement>("/api/v1/vehicles/1")).GetProperty("battery").GetProperty("fullWh").GetDouble();
        Assert.Equal(milliampereHours / 1000 * 11.1, full, 1);
        Assert.Equal(excluded, await ExclusionAsync(dispatcher, incident));
    }

    /// <summary>How long after it came to the scene the drone must leave it.</summary>
    private async Task<TimeSpan> StayAsync(Scenario scenario)
    {
        await using var rig = await FlightRig.StartAsync(scenario, TestServer.Begin, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var incident = await ReportAsync(rig, dispatcher, 117.6900, 24.5130);
        await SendAsync(rig, dispatcher, incident);
        for (var end = rig.Now + TimeSpan.FromMinutes(5); ; await rig.AdvanceAsync(TimeSpan.FromSeconds(1)))
        {
            Assert.True(rig.Now < end, "It did not come to the scene.");
            var drone = Assert.Single((await dispatcher.GetAsync<JsonElement>($"/api/v1/incidents/{incident}")).GetProperty("drones").EnumerateArray());
            if (drone.GetProperty("state").GetString() == "onScene" && drone.GetProperty("relieveBy").ValueKind == JsonValueKind.String)
                return drone.GetProperty("relieveBy").GetDateTimeOffset() - drone.GetProperty("onSceneAt").GetDateTimeOffset();
        }
    }

    [Fact]
    public async Task A_drone_that_goes_from_one_incident_to_the_next_is_recovered_for_both_when_it_lands()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var first = await ReportAsync(rig, dispatcher, 117.6575, 24.5130);
        await SendAsync(rig, dispatcher, first);
        await rig.UntilAsync(() => rig.Copters[0] is { Height: > 55 });
        await PostAsync(rig, dispatcher, first, "recall");
        var second = await ReportAsync(rig, dispatcher, 117.6585, 24.5125);
        await SendAsync(rig, dispatcher, second);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(20));
        await PostAsync(rig, dispatcher, second, "recall");
        await rig.UntilAsync(() => rig.Copters[0] is { IsLanded: true, IsArmed: false });
        await rig.AdvanceAsync(TimeSpan.FromSeconds(1));

        var landed = await RecoveredAsync(dispatcher, second);
        Assert.NotNull(landed);
        Assert.Equal(landed, await RecoveredAsync(dispatcher, first));
    }

    [Fact]
    public async Task A_drone_that_stands_armed_without_a_task_is_not_offered_and_one_that_starts_or_may_fly_is()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        var drone = rig.Board.Find("1")!;
        var patrol = new Assignment(AssignmentKind.Patrol, "patrol", "Old city", 100, "system", Purpose.Patrol);

        Assert.Equal("It is armed on the ground: it has just landed, or somebody is about to fly it.", ExclusionOf(armed: true, inAir: false, null));
        Assert.Null(ExclusionOf(armed: true, inAir: false, patrol));
        Assert.Null(ExclusionOf(armed: true, inAir: true, null));
        Assert.Null(ExclusionOf(armed: true, inAir: null, null));
        Assert.Null(ExclusionOf(armed: false, inAir: false, null));

        string? ExclusionOf(bool armed, bool? inAir, Assignment? task)
        {
            var vehicle = drone with { Assignment = task, Snapshot = drone.Snapshot with { Armed = armed, InAir = inAir } };
            var conditions = new FlightConditions(Wind.Calm, _ => AirframeProfile.PatrolQuad, 20_000);
            return Assert.Single(Candidates.Rank(new(24.5110, 117.6560), urgency: 1, priority: 900, [vehicle], rig.Get<WaysNow>().Transit, conditions)).Excluded;
        }
    }

    private static async Task<Guid> ReportAsync(FlightRig rig, HttpClient dispatcher, double longitude, double latitude, int priority = 2)
    {
        var report = new { type = "theft", priority, summary = "", location = new { type = "Point", coordinates = new[] { longitude, latitude } } };
        using var answer = await rig.CallAsync(() => dispatcher.PostAsJsonAsync("/api/v1/incidents", report, Token));
        return (await answer.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private static Task SendAsync(FlightRig rig, HttpClient dispatcher, Guid incident) => PostAsync(rig, dispatcher, incident, "dispatch");

    private static async Task PostAsync(FlightRig rig, HttpClient dispatcher, Guid incident, string what)
    {
        using var answer = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"/api/v1/incidents/{incident}/{what}", new { }, Token));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<string?> ExclusionAsync(HttpClient dispatcher, Guid incident) =>
        Assert.Single((await dispatcher.GetAsync<JsonElement>($"/api/v1/incidents/{incident}/candidates")).GetProperty("items").EnumerateArray()).GetProperty("excluded").GetString();

    private static async Task<string?> RecoveredAsync(HttpClient dispatcher, Guid incident) =>
        (await dispatcher.GetAsync<JsonElement>($"/api/v1/incidents/{incident}")).GetProperty("timeAxis").EnumerateArray()
            .Single(step => step.GetProperty("stage").GetString() == "DroneRecovered").GetProperty("at").GetString();

    /// <summary>On the embedded store.</summary>
    public sealed class OnSqlite() : ConditionsTests(Store.Sqlite);

    /// <summary>On PostgreSQL.</summary>
    public sealed class OnPostgres() : ConditionsTests(Store.Postgres);
}
