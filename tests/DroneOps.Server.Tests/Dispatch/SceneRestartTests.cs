using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Fleet;
using DroneOps.Server.Tests.Harness;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Tests.Dispatch;

/// <summary>What a start finds of the dispatches of the run before.</summary>
public abstract class SceneRestartTests(Store store)
{
    private const string Incidents = "/api/v1/incidents";

    // Until vehicles are heard and ready again.
    private static readonly TimeSpan Boot = TimeSpan.FromSeconds(12);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Drones_that_were_taken_for_incidents_that_do_not_have_them_are_free_again()
    {
        await using var rig = await FlightRig.StartAsync(2, store);
        Guid id;
        using (var dispatcher = await rig.Server.SignInAsync("dispatcher"))
            id = await ReportAsync(rig, dispatcher);
        await TakeAsync(rig, "1", id);
        await TakeAsync(rig, "2", Guid.CreateVersion7(rig.Now));

        await rig.Server.RestartAsync();
        Assert.All(new[] { "1", "2" }, vehicleId => Assert.Null(rig.Board.Find(vehicleId)!.Assignment));
        await using (var db = await rig.Server.OpenDatabaseAsync())
            Assert.Empty(await db.Set<AssignmentRecord>().ToListAsync(Token));
        await rig.AdvanceAsync(Boot);
        using var again = await rig.Server.SignInAsync("dispatcher");
        await SendAsync(rig, again, id);
    }

    [Fact]
    public async Task A_drone_that_an_incident_has_under_way_keeps_its_task()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        Guid id;
        using (var dispatcher = await rig.Server.SignInAsync("dispatcher"))
        {
            id = await ReportAsync(rig, dispatcher);
            await SendAsync(rig, dispatcher, id);
        }

        await rig.UntilAsync(() => rig.Copters[0].Height > 20);
        await rig.Server.RestartAsync();
        await rig.AdvanceAsync(Boot);
        Assert.Equal(id.ToString(), rig.Board.Find("1")!.Assignment?.Id);
    }

    private static async Task TakeAsync(FlightRig rig, string vehicleId, Guid incident)
    {
        var task = new Assignment(AssignmentKind.Incident, incident.ToString(), "Fire", 900, "user:dispatcher", Purpose.Incident);
        Assert.IsType<TakeResult.Taken>(await rig.Get<Assignments>().TakeAsync(vehicleId, task, Token));
    }

    private static async Task<Guid> ReportAsync(FlightRig rig, HttpClient dispatcher)
    {
        var report = new { type = "theft", priority = 1, summary = "", location = new { type = "Point", coordinates = new[] { 117.6560, 24.5110 } }, dispatch = "manual" };
        using var answer = await rig.CallAsync(() => dispatcher.PostAsJsonAsync(Incidents, report, Token));
        return (await answer.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private static async Task SendAsync(FlightRig rig, HttpClient dispatcher, Guid id)
    {
        using var answer = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"{Incidents}/{id}/dispatch", new { vehicleId = "1" }, Token));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    public sealed class OnSqlite() : SceneRestartTests(Store.Sqlite);

    public sealed class OnPostgres() : SceneRestartTests(Store.Postgres);
}
