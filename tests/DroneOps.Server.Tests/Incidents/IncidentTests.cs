using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Incidents;

public abstract class IncidentTests(SharedServer shared)
{
    private const string Incidents = "/api/v1/incidents";
    private static readonly double[] Market = [117.657, 24.512];

    [Fact]
    public async Task A_reported_incident_has_all_twelve_steps_and_the_first_two_are_reached()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var incident = await (await dispatcher.PostAsJsonAsync(Incidents, Report(null, Market))).ReadAsync<JsonElement>(HttpStatusCode.Created);
        var reached = incident.GetProperty("timeAxis").EnumerateArray().Select(step => (step.GetProperty("stage").GetString(), step.GetProperty("at").ValueKind != JsonValueKind.Null)).ToList();
        Assert.Equal(12, reached.Count);
        Assert.Equal(["CallReceived", "IncidentCreated"], reached.Where(step => step.Item2).Select(step => step.Item1));
    }

    [Fact]
    public async Task A_second_post_of_a_number_answers_the_first_incident()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var number = Guid.NewGuid().ToString();
        var first = await (await dispatcher.PostAsJsonAsync(Incidents, Report(number, Market))).ReadAsync<JsonElement>(HttpStatusCode.Created);
        var second = await (await dispatcher.PostAsJsonAsync(Incidents, Report(number, Market))).ReadAsync<JsonElement>(HttpStatusCode.OK);
        Assert.Equal(first.GetProperty("id").GetGuid(), second.GetProperty("id").GetGuid());
    }

    [Theory]
    [InlineData(24.512, 117.657, "swapped")]
    [InlineData(116.4, 39.9, "outside the city")]
    [InlineData(200, 24.5, "GeoJSON Point")]
    public async Task A_wrong_place_is_refused_with_what_is_wrong(double first, double second, string expected)
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        using var answer = await dispatcher.PostAsJsonAsync(Incidents, Report(null, [first, second]));
        var problem = await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains(expected, problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("keySiteId", "site-zhongshan-park")]
    [InlineData("gridId", "grid-01")]
    [InlineData("address", "中山公园")]
    public async Task A_place_can_be_given_by_what_the_caller_knows(string member, string value)
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var report = new Dictionary<string, object> { ["type"] = "theft", [member] = value };
        var incident = await (await dispatcher.PostAsJsonAsync(Incidents, report)).ReadAsync<JsonElement>(HttpStatusCode.Created);
        var place = incident.GetProperty("location").GetProperty("coordinates");
        Assert.InRange(place[0].GetDouble(), 117.6, 117.7);
        Assert.InRange(place[1].GetDouble(), 24.45, 24.56);
    }

    [Theory]
    [InlineData("keySiteId", "site-nowhere", "There is no 'site-nowhere'")]
    [InlineData("gridId", "grid-99", "There is no 'grid-99'")]
    [InlineData("address", "Atlantis", "does not know")]
    [InlineData("address", "路", "may be")]
    [InlineData("dispatch", "now", "auto or manual")]
    public async Task A_place_that_is_not_found_or_may_be_several_is_refused_with_what_it_may_be(string member, string value, string expected)
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        using var answer = await dispatcher.PostAsJsonAsync(Incidents, new Dictionary<string, object> { ["type"] = "theft", [member] = value });
        var problem = await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains(expected, problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_drone_nothing_is_dispatched_and_the_answer_says_why()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var incident = await (await dispatcher.PostAsJsonAsync(Incidents, Report(null, Market))).ReadAsync<JsonElement>(HttpStatusCode.Created);
        var path = $"{Incidents}/{incident.GetProperty("id").GetGuid()}/dispatch";
        using var answer = await dispatcher.PostAsync(path, null);
        await answer.ReadProblemAsync(HttpStatusCode.Conflict, "no-drone-fit");
        using var unknown = await dispatcher.PostAsJsonAsync(path, new { vehicleId = "999" });
        Assert.Contains("no vehicle '999'", (await unknown.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_drone_that_somebody_asked_for_is_requested_though_none_is_free()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var incident = await (await dispatcher.PostAsJsonAsync(Incidents, Report(null, Market))).ReadAsync<JsonElement>(HttpStatusCode.Created);
        var path = $"{Incidents}/{incident.GetProperty("id").GetGuid()}";
        using var unknown = await dispatcher.PostAsJsonAsync($"{path}/dispatch", new { vehicleId = "999" });
        Assert.Equal((HttpStatusCode.BadRequest, JsonValueKind.Null), (unknown.StatusCode, await RequestedAsync()));
        using var refused = await dispatcher.PostAsync($"{path}/dispatch", null);
        Assert.Equal((HttpStatusCode.Conflict, JsonValueKind.String), (refused.StatusCode, await RequestedAsync()));

        async Task<JsonValueKind> RequestedAsync() => (await dispatcher.GetAsync<JsonElement>(path)).GetProperty("timeAxis").EnumerateArray()
            .Single(step => step.GetProperty("stage").GetString() == "DroneRequested").GetProperty("at").ValueKind;
    }

    [Fact]
    public async Task A_change_of_an_incident_that_was_read_before_another_change_is_stale()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        using var made = await dispatcher.PostAsJsonAsync(Incidents, Report(null, Market));
        var id = (await made.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var entered = await dispatcher.PostAsJsonAsync($"{Incidents}/{id}/stages", new { stage = "UnitDispatched" });
        Assert.NotEqual(made.Headers.ETag, entered.Headers.ETag);

        foreach (var call in new[] { "stages", "close", "dispatch", "recall" })
        {
            using var late = new HttpRequestMessage(HttpMethod.Post, $"{Incidents}/{id}/{call}") { Content = JsonContent.Create(call == "stages" ? new { stage = "Resolved" } : new object()) };
            late.Headers.IfMatch.Add(made.Headers.ETag!);
            using var answer = await dispatcher.SendAsync(late);
            await answer.ReadProblemAsync(HttpStatusCode.PreconditionFailed, "stale-etag");
        }

        using var read = await dispatcher.GetAsync($"{Incidents}/{id}");
        Assert.Equal(entered.Headers.ETag, read.Headers.ETag);
    }

    [Theory]
    [InlineData("5", null)]
    [InlineData("Unknown", null)]
    [InlineData("Resolved", "2026-05-02T00:00:00Z")]
    public async Task A_step_that_is_none_or_lies_in_the_future_is_refused(string stage, string? at)
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var incident = await (await dispatcher.PostAsJsonAsync(Incidents, Report(null, Market))).ReadAsync<JsonElement>(HttpStatusCode.Created);
        using var answer = await dispatcher.PostAsJsonAsync($"{Incidents}/{incident.GetProperty("id").GetGuid()}/stages", new { stage, at });
        await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task Incidents_of_one_instant_are_all_listed_once_page_by_page()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        HashSet<Guid> made = [];
        for (var i = 0; i < 5; i++)
            made.Add((await (await dispatcher.PostAsJsonAsync(Incidents, Report(null, Market))).ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid());
        var listed = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await dispatcher.GetAsync<Page<JsonElement>>($"{Incidents}?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            listed.AddRange(page.Items.Select(item => item.GetProperty("id").GetGuid()));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(listed.Count, listed.Distinct().Count());
        Assert.Superset(made, listed.ToHashSet());
    }

    [Fact]
    public async Task What_a_closing_counts_is_in_the_totals_when_a_second_person_has_confirmed_it()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        var before = await TotalsAsync();
        var incident = await (await dispatcher.PostAsJsonAsync(Incidents, Report(null, Market))).ReadAsync<JsonElement>(HttpStatusCode.Created);
        await (await dispatcher.PostAsJsonAsync($"{Incidents}/{incident.GetProperty("id").GetGuid()}/close", new
        {
            outcomes = new { evidenceCollected = 0, arrestCases = 0, arrestSuspects = 0, disasterRelief = 0, personsRescued = 2 },
        })).ReadAsync<JsonElement>(HttpStatusCode.OK);
        Assert.Equal((before.All, before.Day, before.Incidents + 1), await TotalsAsync());
        var record = Assert.Single((await pilot.GetAsync<Page<JsonElement>>($"/api/v1/outcomes/records?incident={incident.GetProperty("id").GetGuid()}")).Items).GetProperty("id").GetGuid();
        await (await pilot.PostAsJsonAsync($"/api/v1/outcomes/records/{record}/confirm", new { })).ReadAsync<JsonElement>(HttpStatusCode.OK);
        Assert.Equal((before.All + 2, before.Day + 2, before.Incidents + 1), await TotalsAsync());

        async Task<(int All, int Day, int Incidents)> TotalsAsync()
        {
            var totals = await dispatcher.GetAsync<JsonElement>("/api/v1/outcomes?groupBy=day");
            var day = totals.GetProperty("items").EnumerateArray().FirstOrDefault(one => one.GetProperty("period").GetString() == "2026-05-01");
            return (totals.GetProperty("personsRescued").GetInt32(), day.ValueKind == JsonValueKind.Undefined ? 0 : day.GetProperty("personsRescued").GetInt32(), totals.GetProperty("incidents").GetInt32());
        }
    }

    [Fact]
    public async Task An_auditor_may_read_and_not_report()
    {
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        await auditor.GetAsync<JsonElement>(Incidents);
        using var answer = await auditor.PostAsJsonAsync(Incidents, Report(null, Market));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private static object Report(string? number, double[] place) =>
        new { externalNumber = number, type = "theft", priority = 2, summary = "test", location = new { type = "Point", coordinates = place } };

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : IncidentTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : IncidentTests(server);
}
