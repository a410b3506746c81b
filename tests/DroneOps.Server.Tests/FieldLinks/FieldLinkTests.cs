using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.FieldLinks;
using DroneOps.Server.Storage;
using DroneOps.Server.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.FieldLinks;

/// <summary>Links for crews: what a phone sees through one, what it can tell, and that nothing else is reached through it.</summary>
public abstract class FieldLinkTests(SharedServer shared)
{
    private static readonly string[] Asked = ["/field/incident", "/field/events", "/field/map.geojson"];

    private readonly string _callSign = $"巡警-{Guid.NewGuid():N}"[..16];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_phone_sees_the_incident_of_its_link_with_its_time_axis_and_the_map_around_it()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var id = await dispatcher.ReportAsync();
        var (url, link) = await dispatcher.LinkAsync(id, _callSign);
        Assert.StartsWith($"{shared.Server.Address}field#", url, StringComparison.Ordinal);
        Assert.Equal(43, CrewPhone.TextOf(url).Length);
        Assert.Equal(TestServer.Begin.AddMinutes(60), link.GetProperty("expiresAt").GetDateTimeOffset());

        using var phone = await CrewPhone.OpenAsync(shared.Server, url);
        var seen = await phone.IncidentAsync();
        Assert.Equal(("盗窃", "Theft", 2), (seen.Of("incident", "typeZh").GetString(), seen.Of("incident", "typeEn").GetString(), seen.Of("incident", "priority").GetInt32()));
        Assert.Equal(12, seen.Of("incident", "timeAxis").GetArrayLength());
        Assert.Equal(_callSign, seen.Of("link", "callSign").GetString());
        var map = await phone.Client.GetAsync<JsonElement>("/field/map.geojson");
        Assert.Contains(map.GetProperty("features").EnumerateArray(), feature => feature.Of("properties", "layer").GetString() == "roads");
        Assert.InRange(map.GetRawText().Length, 1000, 200_000);

        var listed = Assert.Single((await dispatcher.GetAsync<JsonElement>($"/api/v1/incidents/{id}/links")).GetProperty("items").EnumerateArray());
        Assert.Equal((1, _callSign), (listed.GetProperty("uses").GetInt32(), listed.GetProperty("callSign").GetString()));
        Assert.DoesNotContain(CrewPhone.TextOf(url), listed.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_text_of_a_link_is_kept_nowhere_and_its_cookie_goes_to_the_phones_pages_alone()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var (url, link) = await dispatcher.LinkAsync(await dispatcher.ReportAsync(), _callSign);
        using var phone = CrewPhone.New(shared.Server);
        using var answer = await phone.Client.PostAsJsonAsync("/field/session", new { token = CrewPhone.TextOf(url) }, Token);

        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        foreach (var rule in new[] { "path=/field", "httponly", "samesite=strict", "max-age=1800" })
            Assert.Contains(rule, cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(("no-referrer", "no-store"), (Assert.Single(answer.Headers.GetValues("Referrer-Policy")), answer.Headers.CacheControl!.ToString()));
        Assert.Empty(phone.Cookies.GetCookies(new Uri(shared.Server.Address, "/api/v1/incidents")));

        await using var db = await shared.Server.Services.GetRequiredService<IDbContextFactory<FleetDb>>().CreateDbContextAsync(Token);
        var row = await db.Set<FieldLinkRecord>().SingleAsync(row => row.Id == link.GetProperty("id").GetGuid(), Token);
        Assert.Equal(FieldLinkRecord.HashOf(CrewPhone.TextOf(url)), row.Hash);
    }

    [Fact]
    public async Task Through_a_link_nothing_of_another_incident_or_of_the_rest_is_reached()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var (mine, other) = (await dispatcher.ReportAsync(), await dispatcher.ReportAsync());
        var (url, _) = await dispatcher.LinkAsync(mine, _callSign);
        using var phone = await CrewPhone.OpenAsync(shared.Server, url);

        foreach (var path in new[] { $"/api/v1/incidents/{other}", $"/api/v1/incidents/{mine}", "/api/v1/incidents", "/api/v1/vehicles", "/api/v1/units", "/api/v1/feed/events", $"/api/v1/incidents/{mine}/links" })
            Assert.Equal(HttpStatusCode.Unauthorized, await phone.StatusAsync(path));
        Assert.Equal(HttpStatusCode.Unauthorized, await phone.StatusAsync($"/field/incident/{other}"));
        foreach (var path in new[] { $"/field/incident?id={other}", $"/field/incident?incidentId={other}" })
            Assert.Equal((await dispatcher.GetAsync<JsonElement>($"/api/v1/incidents/{mine}")).GetProperty("externalNumber").GetString(), (await phone.Client.GetAsync<JsonElement>(path)).Of("incident", "number").GetString());
        using var renamed = await phone.Client.PostAsJsonAsync("/field/reports", new { kind = "arrived", incidentId = other, callSign = "somebody" }, Token);
        await renamed.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        (await phone.ReportAsync("arrived")).EnsureSuccessStatusCode().Dispose();
        Assert.Equal(JsonValueKind.Null, (await dispatcher.GetAsync<JsonElement>($"/api/v1/incidents/{other}")).StageAt("UnitOnScene").ValueKind);

        // The link belongs to its incident: by another one it is not revoked.
        using var wrong = await dispatcher.DeleteAsync(new Uri($"/api/v1/incidents/{other}/links/{(await dispatcher.GetAsync<JsonElement>($"/api/v1/incidents/{mine}/links")).GetProperty("items")[0].GetProperty("id").GetGuid()}", UriKind.Relative), Token);
        await wrong.ReadProblemAsync(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(HttpStatusCode.OK, await phone.StatusAsync("/field/incident"));
    }

    [Fact]
    public async Task Without_a_link_that_holds_every_call_is_answered_alike()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var (url, link) = await dispatcher.LinkAsync(await dispatcher.ReportAsync(), _callSign);
        using var stranger = CrewPhone.New(shared.Server);
        foreach (var guess in new[] { null, "", new string('A', 43), CrewPhone.TextOf(url)[..^1], CrewPhone.TextOf(url) + "A", CrewPhone.TextOf(url).ToUpperInvariant(), link.GetProperty("id").GetString(), new string('x', 5000) })
            Assert.Equal(HttpStatusCode.Unauthorized, await stranger.TryAsync(guess));
        stranger.Cookies.Add(shared.Server.Address, new Cookie("droneops.field", link.GetProperty("id").GetGuid().ToString("N")) { Path = "/field" });
        foreach (var path in Asked)
        {
            using var answer = await stranger.Client.GetAsync(new Uri(path, UriKind.Relative), Token);
            await answer.ReadProblemAsync(HttpStatusCode.Unauthorized, "link-not-valid");
        }

        using var report = await stranger.ReportAsync("helpNeeded");
        await report.ReadProblemAsync(HttpStatusCode.Unauthorized, "link-not-valid");
        using var position = await stranger.StandAsync(117.656, 24.512);
        await position.ReadProblemAsync(HttpStatusCode.Unauthorized, "link-not-valid");
    }

    [Fact]
    public async Task A_revoked_link_and_one_of_a_closed_incident_show_nothing_at_once()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var id = await dispatcher.ReportAsync();
        var (first, link) = await dispatcher.LinkAsync(id, _callSign);
        var (second, _) = await dispatcher.LinkAsync(id, _callSign + "b");
        using var revoked = await CrewPhone.OpenAsync(shared.Server, first);
        using var closed = await CrewPhone.OpenAsync(shared.Server, second);
        using var following = await PhoneStream.OpenAsync(revoked);
        await following.NextAsync("incident");

        var address = new Uri($"/api/v1/incidents/{id}/links/{link.GetProperty("id").GetGuid()}", UriKind.Relative);
        Assert.Equal(HttpStatusCode.NoContent, (await dispatcher.DeleteAsync(address, Token)).StatusCode);
        await following.NextAsync("ended");
        Assert.Equal(HttpStatusCode.Unauthorized, await revoked.StatusAsync("/field/incident"));
        Assert.Equal(HttpStatusCode.Unauthorized, await revoked.TryAsync(CrewPhone.TextOf(first)));
        Assert.Equal(HttpStatusCode.OK, await closed.StatusAsync("/field/incident"));
        Assert.Equal(HttpStatusCode.NoContent, (await dispatcher.DeleteAsync(address, Token)).StatusCode);

        using var watching = await PhoneStream.OpenAsync(closed);
        await watching.NextAsync("incident");
        using var closing = await dispatcher.PostAsJsonAsync($"/api/v1/incidents/{id}/close", new { }, Token);
        Assert.Equal(HttpStatusCode.OK, closing.StatusCode);
        await watching.NextAsync("ended");
        Assert.Equal(HttpStatusCode.Unauthorized, await closed.StatusAsync("/field/incident"));
        Assert.Equal(HttpStatusCode.Unauthorized, await closed.TryAsync(CrewPhone.TextOf(second)));
        using var late = await closed.ReportAsync("arrived");
        Assert.Equal(HttpStatusCode.Unauthorized, late.StatusCode);
        using var again = await dispatcher.PostAsJsonAsync($"/api/v1/incidents/{id}/links", new { callSign = _callSign }, Token);
        await again.ReadProblemAsync(HttpStatusCode.Conflict, "incident-closed");
    }

    [Fact]
    public async Task What_a_crew_tells_is_on_the_time_axis_in_its_name_and_reaches_other_phones()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var id = await dispatcher.ReportAsync();
        using var phone = await CrewPhone.OpenAsync(shared.Server, (await dispatcher.LinkAsync(id, _callSign)).Url);
        using var mate = await CrewPhone.OpenAsync(shared.Server, (await dispatcher.LinkAsync(id, _callSign + "b")).Url);
        using var following = await PhoneStream.OpenAsync(mate);
        await following.NextAsync("incident");

        foreach (var kind in new[] { "arrived", "placeSeen", "helpNeeded", "helpNeeded" })
            (await phone.ReportAsync(kind)).EnsureSuccessStatusCode().Dispose();
        (await mate.ReportAsync("arrived")).EnsureSuccessStatusCode().Dispose();
        while ((await following.NextAsync("incident")).Of("incident", "crewReports").GetArrayLength() < 4)
        {
        }

        var row = await dispatcher.GetAsync<JsonElement>($"/api/v1/incidents/{id}");
        var arrived = row.GetProperty("timeAxis").EnumerateArray().Single(step => step.GetProperty("stage").GetString() == "UnitOnScene");
        Assert.Equal(("hand", JsonValueKind.String), (arrived.GetProperty("source").GetString(), arrived.GetProperty("at").ValueKind));
        Assert.Equal(
            [("arrived", _callSign), ("placeSeen", _callSign), ("helpNeeded", _callSign), ("arrived", _callSign + "b")],
            row.GetProperty("crewReports").EnumerateArray().Select(report => (report.GetProperty("kind").GetString()!, report.GetProperty("unit").GetString()!)));
        using var wrong = await phone.ReportAsync("landed");
        await wrong.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");

        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        var entries = (await admin.GetAsync<JsonElement>($"/api/v1/audit/entries?limit=1000&actor=unit:{Uri.EscapeDataString(_callSign)}")).GetProperty("items").EnumerateArray().Select(entry => entry.GetProperty("action").GetString()).ToList();
        Assert.Contains("fieldLink.used", entries);
        Assert.Equal(3, entries.Count(action => action == "incident.crewReported"));
    }

    [Fact]
    public async Task The_phones_position_is_the_crews_and_held_to_the_same_rules()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        using var phone = await CrewPhone.OpenAsync(shared.Server, (await dispatcher.LinkAsync(await dispatcher.ReportAsync(), _callSign)).Url);
        Assert.Equal(JsonValueKind.Null, (await phone.IncidentAsync()).GetProperty("unit").ValueKind);
        (await phone.StandAsync(117.6561, 24.5122)).EnsureSuccessStatusCode().Dispose();
        Assert.Equal(117.6561, (await phone.IncidentAsync()).Of("unit", "location").GetProperty("coordinates")[0].GetDouble(), 5);
        Assert.Equal(24.5122, (await dispatcher.GetAsync<JsonElement>($"/api/v1/units/{_callSign}")).GetProperty("location").GetProperty("coordinates")[1].GetDouble(), 5);
        using var abroad = await phone.StandAsync(2.35, 48.85);
        await abroad.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        using var ahead = await phone.StandAsync(117.656, 24.512, TestServer.Begin.AddHours(1));
        await ahead.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task Who_may_open_links_and_what_is_asked_of_one()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var id = await dispatcher.ReportAsync();
        using var refused = await auditor.PostAsJsonAsync($"/api/v1/incidents/{id}/links", new { callSign = _callSign }, Token);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await auditor.GetAsync(new Uri($"/api/v1/incidents/{id}/links", UriKind.Relative), Token)).StatusCode);
        foreach (var (callSign, minutes, where) in new (string?, int?, string)[] { (null, null, "#/callSign"), ("a/b", null, "#/callSign"), (_callSign, 0, "#/minutes"), (_callSign, 481, "#/minutes") })
        {
            using var answer = await dispatcher.PostAsJsonAsync($"/api/v1/incidents/{id}/links", new { callSign, minutes }, Token);
            var problem = await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
            Assert.Equal(where, problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
        }

        using var nowhere = await dispatcher.PostAsJsonAsync($"/api/v1/incidents/{Guid.NewGuid()}/links", new { callSign = _callSign }, Token);
        await nowhere.ReadProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : FieldLinkTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : FieldLinkTests(server);
}
