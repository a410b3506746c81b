using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using DroneOps.Server.Tests.Harness;
using DroneOps.Simulator.Scenarios;
using Xunit;

namespace DroneOps.EndToEnd.Tests;

/// <summary>A whole night of the unit, on virtual time and through the console's API: the rota, a call in the middle of it, and the record
/// of it all, held against what the vehicles themselves know of their flights.</summary>
public sealed class NightTests
{
    private static readonly TimeSpan City = TimeSpan.FromHours(8);
    private static readonly DateTimeOffset Evening = new(2026, 5, 1, 21, 50, 0, City);
    private static readonly DateTimeOffset Opens = new(2026, 5, 1, 22, 0, 0, City);
    private static readonly DateTimeOffset Call = new(2026, 5, 2, 2, 7, 0, City);
    private static readonly DateTimeOffset Morning = new(2026, 5, 2, 6, 45, 0, City);

    // Two drones at two docks in a breeze, with the battery that routes are planned for (149 Wh), swapped after each flight.
    private static readonly Scenario Fleet = new(
        Count: 2, FastBoot: true, Wind: new(Speed: 3, Direction: 60, Turbulence: 0.5), Parameters: new Dictionary<string, float> { ["BATT_CAPACITY"] = 13_070 });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_drones_fly_the_rota_of_a_night_and_a_call_takes_one_of_them()
    {
        await using var rig = await FlightRig.StartAsync(Fleet, Evening.ToUniversalTime(), Store.Sqlite, ("Telemetry:FlushEveryS", "10"));
        using var pilot = await rig.Server.SignInAsync("pilot");
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        await PlanAsync(rig, pilot);
        rig.IsHurried = true;

        await rig.AdvanceAsync(Call - rig.Now);
        var incident = await WorkIncidentAsync(rig, dispatcher);
        await rig.AdvanceAsync(Morning - rig.Now);

        await CheckRotaAsync(pilot, incident);
        await CheckLogAsync(rig, pilot);
    }

    private static async Task PlanAsync(FlightRig rig, HttpClient pilot)
    {
        var route = Assert.Single((await pilot.GetAsync<Items<Named>>("/api/v1/routes")).All, route => route.Id == "old-city-lawnmower");
        var vehicles = (await pilot.GetAsync<Items<Named>>("/api/v1/vehicles")).All.Select(vehicle => vehicle.Id).ToArray();
        Assert.Equal(2, vehicles.Length);
        using var made = await rig.CallAsync(() => pilot.PostAsJsonAsync(
            "/api/v1/patrols", new { name = "古城夜巡", routeId = route.Id, vehicleIds = vehicles, vehicleCount = 2, everyMinutes = 20, from = "22:00", to = "06:00" }, Token));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
    }

    /// <summary>A call comes in, the nearest drone leaves its patrol for it, looks for six minutes, and is sent home.</summary>
    private static async Task<Incident> WorkIncidentAsync(FlightRig rig, HttpClient dispatcher)
    {
        var report = new { externalNumber = "110-0207", type = "theft", priority = 2, summary = "", location = new { type = "Point", coordinates = new[] { 117.654, 24.5095 } } };
        using var reported = await rig.CallAsync(() => dispatcher.PostAsJsonAsync("/api/v1/incidents", report, Token));
        var incident = await reported.ReadAsync<Incident>(HttpStatusCode.Created);
        var best = (await dispatcher.GetAsync<Items<Candidate>>($"/api/v1/incidents/{incident.Id}/candidates")).All[0];
        Assert.Equal((1, "古城夜巡"), (best.Rank, best.Abandons));

        using var sent = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"/api/v1/incidents/{incident.Id}/dispatch", new { }, Token));
        Assert.Equal(best.VehicleId, (await sent.ReadAsync<Incident>(HttpStatusCode.OK)).VehicleId);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(best.EtaP90S!.Value * 1.25));
        Assert.Equal("onScene", (await dispatcher.GetAsync<Incident>($"/api/v1/incidents/{incident.Id}")).State);
        await rig.AdvanceAsync(TimeSpan.FromMinutes(6));
        using var recalled = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"/api/v1/incidents/{incident.Id}/recall", new { }, Token));
        Assert.Equal(HttpStatusCode.OK, recalled.StatusCode);
        await rig.UntilAsync(() => rig.Copters[int.Parse(best.VehicleId, CultureInfo.InvariantCulture) - 1] is { IsLanded: true, IsArmed: false });
        using var closed = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"/api/v1/incidents/{incident.Id}/close", new { outcomes = new { evidenceCollected = 1 } }, Token));
        return await closed.ReadAsync<Incident>(HttpStatusCode.OK);
    }

    /// <summary>Every twenty minutes one was flown, and the one that the call took says what took it.</summary>
    private static async Task CheckRotaAsync(HttpClient pilot, Incident incident)
    {
        var planned = (await pilot.GetAsync<Items<Occurrence>>("/api/v1/patrols/occurrences?from=2026-05-01T13:00:00Z&to=2026-05-02T00:00:00Z")).All;
        Assert.Equal(Enumerable.Range(0, 24).Select(turn => Opens + (turn * TimeSpan.FromMinutes(20))), planned.Select(occurrence => occurrence.PlannedAt));
        var taken = Assert.Single(planned, occurrence => occurrence.State != "done");
        Assert.Equal(("interrupted", Call - TimeSpan.FromMinutes(7)), (taken.State, taken.PlannedAt));
        Assert.Contains("110-0207", taken.Reason, StringComparison.Ordinal);

        Assert.Equal("closed", incident.State);
        var steps = (await pilot.GetAsync<Incident>($"/api/v1/incidents/{incident.Id}")).TimeAxis.ToDictionary(stage => stage.Stage, stage => stage.At);
        var order = new[] { "CallReceived", "DroneRequested", "DroneAssigned", "DroneAirborne", "DroneOnScene", "Closed" }.Select(stage => steps[stage]).ToArray();
        Assert.DoesNotContain(null, order);
        Assert.Equal(order.Order(), order);
        Assert.InRange(steps["DroneRecovered"]!.Value, steps["DroneOnScene"]!.Value + TimeSpan.FromMinutes(6), Call + TimeSpan.FromMinutes(15));
    }

    /// <summary>The log has the flights that the vehicles had, no other and none twice, and its totals are the sum of them.</summary>
    private static async Task CheckLogAsync(FlightRig rig, HttpClient pilot)
    {
        var log = (await pilot.GetAsync<Items<Sortie>>("/api/v1/sorties?limit=100")).All;
        Assert.All(log, sortie => Assert.Equal(("closed", "patrol"), (sortie.State, sortie.TaskKind)));
        Assert.All(log, sortie => Assert.Empty(sortie.Failsafes));
        Assert.All(log, sortie => Assert.InRange(sortie.BatteryEndPercent!.Value, 25, sortie.BatteryStartPercent!.Value - 10));
        var totals = await pilot.GetAsync<Totals>("/api/v1/flightHours?groupBy=vehicle");
        foreach (var copter in rig.Copters)
        {
            var id = copter.SystemId.ToString(CultureInfo.InvariantCulture);
            var flown = copter.Flights;
            var written = log.Where(sortie => sortie.VehicleId == id).OrderBy(sortie => sortie.TakeoffAt).ToArray();
            Assert.Equal(flown.Count, written.Length);
            foreach (var (truth, sortie) in flown.Zip(written))
            {
                Assert.Equal(truth.TakeoffAt, sortie.TakeoffAt, TimeSpan.FromSeconds(1));
                Assert.Equal((truth.LandedAt - truth.TakeoffAt)!.Value.TotalSeconds, sortie.AirborneS, 1.0);
                Assert.Equal((truth.DisarmedAt - truth.ArmedAt)!.Value.TotalSeconds, sortie.ArmedS, 1.0);
            }

            var total = Assert.Single(totals.Items, group => group.Key == id);
            Assert.Equal(written.Length, total.Sorties);
            Assert.Equal(written.Sum(sortie => sortie.AirborneS), total.AirborneSeconds, 0.001);
        }

        Assert.Equal(24, totals.Total.Sorties);
        Assert.Equal(log.Sum(sortie => sortie.AirborneS), totals.Total.AirborneSeconds, 0.001);
    }

    private sealed record Items<T>([property: System.Text.Json.Serialization.JsonPropertyName("items")] IReadOnlyList<T> All);

    private sealed record Named(string Id, string Name);

    private sealed record Candidate(string VehicleId, int? Rank, double? EtaP90S, string? Abandons);

    private sealed record Incident(Guid Id, string State, string? VehicleId, IReadOnlyList<Step> TimeAxis);

    private sealed record Step(string Stage, DateTimeOffset? At);

    private sealed record Totals(IReadOnlyList<Hours> Items, Hours Total);

    private sealed record Hours(string Key, int Sorties, double AirborneSeconds);

    private sealed record Occurrence(string Id, DateTimeOffset PlannedAt, string State, string? VehicleId, string? Reason);

    private sealed record Sortie(
        Guid Id, string VehicleId, string State, string? TaskKind, DateTimeOffset TakeoffAt, double AirborneS, double ArmedS,
        int? BatteryStartPercent, int? BatteryEndPercent, IReadOnlyList<string> Failsafes);
}
