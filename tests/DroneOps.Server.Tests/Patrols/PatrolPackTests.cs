using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Tests.Harness;
using DroneOps.Simulator.Scenarios;

namespace DroneOps.Server.Tests.Patrols;

/// <summary>A patrol is checked for the pack of the drone that would fly it, not for the pack its route was drawn for.</summary>
public abstract class PatrolPackTests(Store store)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(13_070, "flying", null)]
    [InlineData(2_200, "planned", "Turning home")]
    public async Task A_drone_with_a_small_pack_is_not_sent_on_a_long_patrol(float milliampereHours, string state, string? reason)
    {
        var packs = new Dictionary<string, float> { ["BATT_CAPACITY"] = milliampereHours };
        await using var rig = await FlightRig.StartAsync(new Scenario(Count: 1, FastBoot: true, Parameters: packs), TestServer.Begin, store);
        using var pilot = await rig.Server.SignInAsync("pilot");
        var plan = new { name = "Old city", routeId = "old-city-lawnmower", vehicleIds = new[] { "1" }, vehicleCount = 1 };
        using var made = await rig.CallAsync(() => pilot.PostAsJsonAsync("/api/v1/patrols", plan, Token));
        var patrol = (await made.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var started = await rig.CallAsync(() => pilot.PostAsJsonAsync($"/api/v1/patrols/{patrol}/start", new { }, Token));
        await rig.AdvanceAsync(TimeSpan.FromSeconds(30));

        var occurrence = Assert.Single((await pilot.GetAsync<JsonElement>("/api/v1/patrols/occurrences?from=2026-04-30T00:00:00Z&to=2026-05-02T00:00:00Z")).GetProperty("items").EnumerateArray());
        Assert.Equal(state, occurrence.GetProperty("state").GetString());
        if (reason is null)
            Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync(Token));
        else
            Assert.Contains(reason, occurrence.GetProperty("reason").GetString(), StringComparison.OrdinalIgnoreCase);
    }

    public sealed class OnSqlite() : PatrolPackTests(Store.Sqlite);

    public sealed class OnPostgres() : PatrolPackTests(Store.Postgres);
}
