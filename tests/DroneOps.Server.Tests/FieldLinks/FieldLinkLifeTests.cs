using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.FieldLinks;
using DroneOps.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.FieldLinks;

/// <summary>How links end by time, over restarts and under attack; and what a phone sees of drones.</summary>
public abstract class FieldLinkLifeTests(Store store)
{
    private const string Crew = "巡警-07";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_ends_at_its_time_and_the_audit_log_says_so()
    {
        await using var server = await TestServer.StartAsync(store);
        using var dispatcher = await server.SignInAsync(Roles.Dispatcher);
        var id = await dispatcher.ReportAsync();
        var (url, _) = await dispatcher.LinkAsync(id, Crew, minutes: 20);
        using var phone = await CrewPhone.OpenAsync(server, url);
        using var following = await PhoneStream.OpenAsync(phone);
        await following.NextAsync("incident");

        server.Time.Advance(TimeSpan.FromMinutes(20));
        await following.NextAsync("ended");
        Assert.Equal(HttpStatusCode.Unauthorized, await phone.StatusAsync("/field/incident"));
        Assert.Equal(HttpStatusCode.Unauthorized, await phone.TryAsync(CrewPhone.TextOf(url)));
        Assert.Equal("expired", await EndedAsync(dispatcher, id));

        await server.Services.GetRequiredService<FieldLinkBook>().SweepAsync(Token);
        using var admin = await server.SignInAsync(Roles.Admin);
        var entries = (await admin.GetAsync<JsonElement>("/api/v1/audit/entries?limit=1000")).GetProperty("items").EnumerateArray().Select(entry => entry.GetProperty("action").GetString()!)
            .Where(action => action.StartsWith("fieldLink.", StringComparison.Ordinal)).Order().ToList();
        Assert.Equal(["fieldLink.ended", "fieldLink.opened", "fieldLink.refused", "fieldLink.used"], entries);
    }

    [Fact]
    public async Task A_phone_that_was_silent_for_half_an_hour_opens_its_link_again_and_a_restart_parts_nobody()
    {
        await using var server = await TestServer.StartAsync(store);
        using var dispatcher = await server.SignInAsync(Roles.Dispatcher);
        var (url, _) = await dispatcher.LinkAsync(await dispatcher.ReportAsync(), Crew);
        using var phone = await CrewPhone.OpenAsync(server, url);
        server.Time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(HttpStatusCode.OK, await phone.StatusAsync("/field/incident"));

        // The cookie was renewed then; the browser keeps it by its own clock, so what it sends is judged here.
        var cookie = Assert.Single(phone.Cookies.GetAllCookies()).Value;
        server.Time.Advance(TimeSpan.FromMinutes(29));
        await server.RestartAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusWithAsync(server, cookie));
        server.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithAsync(server, cookie));
        using var again = await CrewPhone.OpenAsync(server, url);
        Assert.Equal(HttpStatusCode.OK, await again.StatusAsync("/field/incident"));
    }

    [Fact]
    public async Task An_incident_that_was_closed_while_the_service_was_away_ends_its_links()
    {
        await using var server = await TestServer.StartAsync(store);
        using var dispatcher = await server.SignInAsync(Roles.Dispatcher);
        var id = await dispatcher.ReportAsync();
        await dispatcher.LinkAsync(id, Crew);
        using var closing = await dispatcher.PostAsJsonAsync($"/api/v1/incidents/{id}/close", new { }, Token);
        Assert.Equal(HttpStatusCode.OK, closing.StatusCode);
        await server.Services.GetRequiredService<FieldLinkBook>().SweepAsync(Token);
        Assert.Equal("incidentClosed", await EndedAsync(dispatcher, id));
    }

    [Fact]
    public async Task Guessing_is_put_off_after_a_few_attempts_and_each_one_is_in_the_audit_log()
    {
        await using var server = await TestServer.StartAsync(store, ("FieldLinks:AttemptsPerMinute", "5"));
        using var dispatcher = await server.SignInAsync(Roles.Dispatcher);
        var (url, _) = await dispatcher.LinkAsync(await dispatcher.ReportAsync(), Crew);
        using var attacker = CrewPhone.New(server);
        for (var attempt = 0; attempt < 5; attempt++)
            Assert.Equal(HttpStatusCode.Unauthorized, await attacker.TryAsync(FieldLinkRecord.NewText()));
        Assert.Equal(HttpStatusCode.TooManyRequests, await attacker.TryAsync(CrewPhone.TextOf(url)));

        using var admin = await server.SignInAsync(Roles.Admin);
        var entries = (await admin.GetAsync<JsonElement>("/api/v1/audit/entries?limit=1000")).GetProperty("items").EnumerateArray();
        Assert.Equal(5, entries.Count(entry => entry.GetProperty("action").GetString() == "fieldLink.refused"));
    }

    [Fact]
    public async Task A_link_is_followed_by_eight_phones_at_a_time_and_its_reports_are_counted()
    {
        await using var server = await TestServer.StartAsync(store);
        using var dispatcher = await server.SignInAsync(Roles.Dispatcher);
        using var phone = await CrewPhone.OpenAsync(server, (await dispatcher.LinkAsync(await dispatcher.ReportAsync(), Crew)).Url);
        List<PhoneStream> open = [];
        for (var number = 0; number < FieldStreams.MostOfLink; number++)
            open.Add(await PhoneStream.OpenAsync(phone));
        Assert.Equal(HttpStatusCode.TooManyRequests, await phone.StatusAsync("/field/events"));
        open.ForEach(stream => stream.Dispose());

        List<HttpStatusCode> answers = [];
        for (var press = 0; press < 61; press++)
        {
            using var answer = await phone.ReportAsync("arrived");
            answers.Add(answer.StatusCode);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
        Assert.All(answers[..^1], status => Assert.Equal(HttpStatusCode.OK, status));
    }

    [Fact]
    public async Task A_phone_sees_the_drone_of_its_incident_come_and_no_other()
    {
        await using var rig = await FlightRig.StartAsync(2, store);
        using var dispatcher = await rig.Server.SignInAsync(Roles.Dispatcher);
        var (mine, other) = (await rig.CallAsync(() => dispatcher.ReportAsync()), await rig.CallAsync(() => dispatcher.ReportAsync(117.6600, 24.5160)));
        foreach (var (incident, vehicleId) in new[] { (mine, "1"), (other, "2") })
        {
            using var sent = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"/api/v1/incidents/{incident}/dispatch", new { vehicleId }, Token));
            Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        }

        using var phone = await CrewPhone.OpenAsync(rig.Server, (await dispatcher.LinkAsync(mine, Crew)).Url);
        await rig.UntilAsync(() => rig.Copters.All(copter => copter.Height > 30));
        var coming = Assert.Single((await phone.IncidentAsync()).GetProperty("drones").EnumerateArray());
        Assert.Equal(("UAV-01", "onTheWay"), (coming.GetProperty("name").GetString(), coming.GetProperty("state").GetString()));
        var (eta, since) = (coming.GetProperty("etaS").GetDouble(), rig.Now);
        await rig.UntilAsync(() => rig.Board.Find("1")!.Assignment is not null && rig.Copters[0].DistanceFromDock > 300);
        for (; (await phone.IncidentAsync()).GetProperty("drones")[0].GetProperty("state").GetString() != "onScene"; await rig.AdvanceAsync(TimeSpan.FromSeconds(1)))
            Assert.True(rig.Now - since < TimeSpan.FromMinutes(5), "It did not come.");
        Assert.InRange((rig.Now - since).TotalSeconds, (eta * 0.7) - 5, (eta * 1.3) + 5);
        var there = Assert.Single((await phone.IncidentAsync()).GetProperty("drones").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, there.GetProperty("etaS").ValueKind);
        Assert.Equal(JsonValueKind.String, there.GetProperty("onSceneAt").ValueKind);
    }

    private static async Task<HttpStatusCode> StatusWithAsync(TestServer server, string cookie)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Add("Cookie", $"droneops.field={cookie}");
        using var answer = await client.GetAsync(new Uri("/field/incident", UriKind.Relative), Token);
        return answer.StatusCode;
    }

    private static async Task<string?> EndedAsync(HttpClient dispatcher, Guid incident) =>
        Assert.Single((await dispatcher.GetAsync<JsonElement>($"/api/v1/incidents/{incident}/links")).GetProperty("items").EnumerateArray()).GetProperty("endedFor").GetString();

    public sealed class OnSqlite() : FieldLinkLifeTests(Store.Sqlite);

    public sealed class OnPostgres() : FieldLinkLifeTests(Store.Postgres);
}
