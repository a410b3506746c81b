using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using DroneOps.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Dispatch;

/// <summary>Closing an incident that somebody else closes too, and one to which a drone is sent meanwhile.</summary>
public abstract class CloseIncidentTests(SharedServer shared)
{
    private const string Incidents = "/api/v1/incidents";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IncidentBook Book => shared.Server.Services.GetRequiredService<IncidentBook>();

    [Fact]
    public async Task What_says_something_else_of_an_incident_that_is_closed_already_is_refused_and_changes_nothing()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var id = await ReportAsync(dispatcher);
        await CloseAsync(dispatcher, id, new { outcomes = new { personsRescued = 2 }, note = "two from the roof" });
        foreach (object same in new object[] { new { }, new { outcomes = new { personsRescued = 2 } }, new { outcomes = new { personsRescued = 2 }, note = "two from the roof" } })
            await CloseAsync(dispatcher, id, same);
        foreach (object other in new object[] { new { outcomes = new { personsRescued = 3 } }, new { note = "nobody there" }, new { outcomes = new { evidenceCollected = 1 }, note = "two from the roof" } })
        {
            using var answer = await dispatcher.PostAsJsonAsync($"{Incidents}/{id}/close", other, Token);
            await answer.ReadProblemAsync(HttpStatusCode.Conflict, "incident-closed");
        }

        var incident = await dispatcher.GetAsync<JsonElement>($"{Incidents}/{id}");
        Assert.Equal((2, 0, "two from the roof"), (Outcome(incident, "personsRescued"), Outcome(incident, "evidenceCollected"), incident.GetProperty("note").GetString()));
    }

    [Fact]
    public async Task An_event_that_closes_a_merged_call_with_outcomes_is_refused_and_says_which_incident_it_became()
    {
        using var centre = await shared.Server.TokenAsync(Roles.Integration);
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var (number, survivor) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        var (merged, into) = (await ReportAsync(dispatcher, number), await ReportAsync(dispatcher, survivor));
        using var merging = await dispatcher.PostAsJsonAsync($"{Incidents}/{merged}/merge", new { into, reason = "the same fight" }, Token);
        await merging.ReadAsync<JsonElement>(HttpStatusCode.OK);

        var closing = new { specversion = "1.0", id = Guid.NewGuid().ToString(), source = "urn:example:110", type = "cn.droneops.incident.closed", subject = number, data = new { outcomes = new { arrestCases = 1, arrestSuspects = 2 } } };
        for (var times = 0; times < 2; times++)
        {
            // Refused, it is not taken for done when it comes again.
            using var content = JsonContent.Create(closing, new System.Net.Http.Headers.MediaTypeHeaderValue("application/cloudevents+json", "utf-8"));
            using var answer = await centre.PostAsync(new Uri($"{Incidents}/events", UriKind.Relative), content, Token);
            var problem = await answer.ReadProblemAsync(HttpStatusCode.Conflict, "incident-closed");
            Assert.Equal($"The incident was merged into {survivor}; close that one.", problem.GetProperty("detail").GetString());
        }

        Assert.Equal("open", (await dispatcher.GetAsync<JsonElement>($"{Incidents}/{into}")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_relief_that_is_sent_while_the_drones_are_brought_home_is_brought_home_too()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var id = await ReportAsync(dispatcher);
        await SendAsync(id, "first");
        using (Whenever(id, "relief", times: 1))
            await CloseAsync(dispatcher, id, new { });
        var closed = (await Book.FindAsync(id, Token))!;
        Assert.Equal((IncidentState.Closed, null), (closed.State, closed.VehicleId));
        Assert.Equal(["first", "relief"], closed.Drones.Select(drone => drone.VehicleId));
        Assert.Empty(closed.Working);
    }

    [Fact]
    public async Task An_incident_that_gets_a_drone_again_and_again_is_not_closed_under_it()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var id = await ReportAsync(dispatcher);
        await SendAsync(id, "first");
        using (Whenever(id, "another", times: int.MaxValue))
        {
            using var answer = await dispatcher.PostAsJsonAsync($"{Incidents}/{id}/close", new { }, Token);
            await answer.ReadProblemAsync(HttpStatusCode.Conflict, "already-dispatched");
        }

        Assert.NotEqual(IncidentState.Closed, (await Book.FindAsync(id, Token))!.State);
        await CloseAsync(dispatcher, id, new { });
        Assert.Equal((IncidentState.Closed, null), ((await Book.FindAsync(id, Token))!.State, (await Book.FindAsync(id, Token))!.VehicleId));
    }

    private static int Outcome(JsonElement incident, string kind) => incident.GetProperty("outcomes").GetProperty(kind).GetInt32();

    private static async Task<Guid> ReportAsync(HttpClient client, string? number = null)
    {
        using var answer = await client.PostAsJsonAsync(Incidents, new { externalNumber = number, type = "theft", priority = 3, summary = "", location = new { type = "Point", coordinates = (double[])[117.657, 24.512] } }, Token);
        return (await answer.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private static async Task CloseAsync(HttpClient client, Guid id, object body)
    {
        using var answer = await client.PostAsJsonAsync($"{Incidents}/{id}/close", body, Token);
        await answer.ReadAsync<JsonElement>(HttpStatusCode.OK);
    }

    private Task<IncidentRecord?> SendAsync(Guid id, string vehicleId) => Book.ChangeAsync(id, "system", (row, now) =>
    {
        if (row.State == IncidentState.Closed)
            return null;
        row.Send(new IncidentDrone(vehicleId, DroneRole.Primary, now, new SceneTask(SceneTaskKind.Hover, 60)));
        return ("incident.dispatched", new { vehicleId });
    }, Token);

    /// <summary>Sends a drone as soon as the incident has none: the book makes one change after the other in the order in which they are asked for.</summary>
    private Subscribed Whenever(Guid id, string vehicleId, int times)
    {
        var changes = shared.Server.Services.GetRequiredService<IncidentChanges>();
        void OnChanged(IncidentView incident)
        {
            if (incident.Id == id && incident.VehicleId is null && times-- > 0)
                _ = SendAsync(id, vehicleId);
        }

        changes.Changed += OnChanged;
        return new(() => changes.Changed -= OnChanged);
    }

    private sealed class Subscribed(Action end) : IDisposable
    {
        public void Dispose() => end();
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : CloseIncidentTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : CloseIncidentTests(server);
}
