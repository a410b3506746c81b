using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Incidents;

/// <summary>An outcome counts when two persons agree, on both stores.</summary>
public abstract class OutcomeRecordTests(SharedServer shared)
{
    private const string Records = "/api/v1/outcomes/records";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_person_enters_counts_when_another_confirms_it_and_never_before()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        var at = NewDay();
        var sortie = await FlownRows.FlyAsync(shared.Server, at, [(117.6, 24.5), (117.61, 24.5)]);
        var outcome = await EnterAsync(dispatcher, new { kind = "arrestSupport", sortieIds = new[] { sortie.Id }, occurredAt = at, count = 2, suspects = 5 });
        Assert.Equal((0, 2), await FigureAsync(pilot, at, "arrestCases"));

        using (var alone = await dispatcher.PostAsJsonAsync($"{Records}/{outcome}/confirm", new { }, Token))
            await alone.ReadProblemAsync(HttpStatusCode.Forbidden, "same-person");
        using (var second = await pilot.PostAsJsonAsync($"{Records}/{outcome}/confirm", new { }, Token))
            Assert.Equal("user:pilot", (await second.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("decidedBy").GetString());
        Assert.Equal((2, 0), await FigureAsync(pilot, at, "arrestCases"));
        Assert.Equal((5, 0), await FigureAsync(pilot, at, "suspects"));
        var listed = await pilot.GetAsync<Page<JsonElement>>($"{Records}?kind=arrestSupport&state=confirmed&from={Rfc3339.Text(at)}&to={Rfc3339.Text(at.AddHours(1))}");
        Assert.Equal(sortie.Id, Assert.Single(Assert.Single(listed.Items).GetProperty("sorties").EnumerateArray()).GetGuid());
        using var again = await pilot.PostAsJsonAsync($"{Records}/{outcome}/reject", new { reason = "x" }, Token);
        await again.ReadProblemAsync(HttpStatusCode.Conflict, "outcome-decided");
    }

    [Fact]
    public async Task The_outcomes_behind_a_sortie_are_those_that_name_it_and_those_of_the_incidents_it_flew_for()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var at = NewDay();
        var incident = await ReportAsync(dispatcher);
        var sortie = await FlownRows.FlyAsync(shared.Server, at, [(117.6, 24.5), (117.61, 24.5)], taskKind: "incident", taskId: incident.ToString());
        var other = await FlownRows.FlyAsync(shared.Server, at, [(117.6, 24.5), (117.61, 24.5)]);
        var named = await EnterAsync(dispatcher, new { kind = "personsRescued", sortieIds = new[] { other.Id, sortie.Id }, occurredAt = at, count = 1 });
        var ofIncident = await EnterAsync(dispatcher, new { kind = "disasterRelief", incidentId = incident, count = 1 });
        Assert.Equal(new[] { named, ofIncident }.Order(), await ListedAsync(sortie.Id));
        Assert.Equal([named], await ListedAsync(other.Id));
        Assert.Empty(await ListedAsync(Guid.NewGuid()));

        async Task<IEnumerable<Guid>> ListedAsync(Guid id) => (await dispatcher.GetAsync<Page<JsonElement>>($"{Records}?sortie={id}")).Items.Select(record => record.GetProperty("id").GetGuid()).Order();
    }

    [Fact]
    public async Task An_outcome_stays_with_its_flight_when_records_are_merged_split_or_stand_again()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        var (at, vehicle, unit) = (NewDay(), $"{Guid.NewGuid():n}"[..8], $"U{Guid.NewGuid():n}");
        var first = await FlownRows.FlyAsync(shared.Server, at, [(117.6, 24.5), (117.61, 24.5)], vehicle: vehicle, unit: unit);
        var second = await FlownRows.FlyAsync(shared.Server, first.LandedAt!.Value.AddMinutes(1), [(117.61, 24.5), (117.62, 24.5)], vehicle: vehicle, unit: unit);
        var outcome = await EnterAsync(dispatcher, new { kind = "personsRescued", sortieIds = new[] { second.Id }, occurredAt = at, count = 1 });
        using (var confirmed = await pilot.PostAsJsonAsync($"{Records}/{outcome}/confirm", new { }, Token))
            Assert.Equal(HttpStatusCode.OK, confirmed.StatusCode);
        await IsBehindAsync([second.Id], [first.Id]);

        var whole = Assert.Single(await ReviseAsync($"{first.Id}/merge", new { with = second.Id, reason = "一次飞行" }));
        await IsBehindAsync([whole], [first.Id]);
        var parts = await ReviseAsync($"{whole}/split", new { at = second.TakeoffAt, reason = "两次飞行" });
        await IsBehindAsync(parts, [first.Id, whole]);
        var again = await ReviseAsync($"{parts[1]}/unsplit", new { reason = "一次飞行" });
        await IsBehindAsync(again, [first.Id, .. parts]);
        Assert.Equal(new[] { first.Id, second.Id }.Order(), (await ReviseAsync($"{whole}/unmerge", new { reason = "两次飞行" })).Order());
        await IsBehindAsync([second.Id], [first.Id, whole, .. parts]);

        async Task IsBehindAsync(List<Guid> standing, List<Guid> others)
        {
            foreach (var sortie in standing)
            {
                var listed = Assert.Single((await pilot.GetAsync<Page<JsonElement>>($"{Records}?sortie={sortie}")).Items);
                Assert.Equal((outcome, standing), (listed.GetProperty("id").GetGuid(), listed.GetProperty("sorties").EnumerateArray().Select(id => id.GetGuid()).ToList()), SameOutcome);
            }

            foreach (var sortie in others)
                Assert.Empty((await pilot.GetAsync<Page<JsonElement>>($"{Records}?sortie={sortie}")).Items);
            var statistics = await pilot.GetAsync<JsonElement>($"/api/v1/statistics?groupBy=unit&from={Rfc3339.Text(at.AddHours(-1))}&to={Rfc3339.Text(at.AddHours(3))}");
            Assert.Equal(1, Assert.Single(statistics.GetProperty("items").EnumerateArray(), row => row.GetProperty("key").GetString() == unit).GetProperty("personsRescued").GetInt32());
        }

        async Task<List<Guid>> ReviseAsync(string act, object body)
        {
            using var answer = await pilot.PostAsJsonAsync($"/api/v1/sorties/{act}", body, Token);
            return [.. (await answer.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("sorties").EnumerateArray().Select(sortie => sortie.GetProperty("id").GetGuid())];
        }

        static bool SameOutcome((Guid Id, List<Guid> Sorties) one, (Guid Id, List<Guid> Sorties) other) => one.Id == other.Id && one.Sorties.SequenceEqual(other.Sorties);
    }

    [Fact]
    public async Task A_correction_keeps_the_first_value_and_must_be_confirmed_by_somebody_else_again()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        var at = NewDay();
        var sortie = await FlownRows.FlyAsync(shared.Server, at, [(117.6, 24.5), (117.61, 24.5)]);
        var outcome = await EnterAsync(dispatcher, new { kind = "personsRescued", sortieIds = new[] { sortie.Id }, occurredAt = at, count = 3 });
        using (var confirmed = await pilot.PostAsJsonAsync($"{Records}/{outcome}/confirm", new { }, Token))
            Assert.Equal(HttpStatusCode.OK, confirmed.StatusCode);

        using (var unexplained = await pilot.PostAsJsonAsync($"{Records}/{outcome}/corrections", new { count = 2 }, Token))
            await unexplained.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        using (var corrected = await pilot.PostAsJsonAsync($"{Records}/{outcome}/corrections", new { count = 2, reason = "其中一人自行脱困" }, Token))
        {
            var view = await corrected.ReadAsync<JsonElement>(HttpStatusCode.OK);
            Assert.Equal(("entered", 2, 3), (view.GetProperty("state").GetString(), view.GetProperty("count").GetInt32(), view.GetProperty("corrections")[0].GetProperty("count").GetInt32()));
        }

        Assert.Equal((0, 2), await FigureAsync(pilot, at, "personsRescued"));
        foreach (var involved in new[] { pilot, dispatcher })
        {
            using var refused = await involved.PostAsJsonAsync($"{Records}/{outcome}/confirm", new { }, Token);
            await refused.ReadProblemAsync(HttpStatusCode.Forbidden, "same-person");
        }

        using (var third = await admin.PostAsJsonAsync($"{Records}/{outcome}/confirm", new { }, Token))
            Assert.Equal(HttpStatusCode.OK, third.StatusCode);
        Assert.Equal((2, 0), await FigureAsync(pilot, at, "personsRescued"));
    }

    [Fact]
    public async Task What_is_counted_when_an_incident_is_closed_waits_for_a_second_person_with_the_flights_it_took()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        var incident = await ReportAsync(dispatcher);
        var sortie = await FlownRows.FlyAsync(shared.Server, TestServer.Begin.AddDays(-1), [(117.6, 24.5), (117.61, 24.5)], taskKind: "incident", taskId: incident.ToString());
        for (var twice = 0; twice < 2; twice++)
        {
            using var closed = await dispatcher.PostAsJsonAsync($"/api/v1/incidents/{incident}/close", new { outcomes = new { evidenceCollected = 1, arrestCases = 0, arrestSuspects = 0, disasterRelief = 1, personsRescued = 0 } }, Token);
            Assert.Equal(HttpStatusCode.OK, closed.StatusCode);
        }

        var records = (await dispatcher.GetAsync<Page<JsonElement>>($"{Records}?incident={incident}")).Items;
        Assert.Equal(["disasterRelief", "evidenceCollected"], records.Select(record => record.GetProperty("kind").GetString()).Order(StringComparer.Ordinal));
        Assert.All(records, record => Assert.Equal(("entered", "user:dispatcher", sortie.Id), (record.GetProperty("state").GetString(), record.GetProperty("enteredBy").GetString(), record.GetProperty("sorties")[0].GetGuid())));
        using var rejected = await pilot.PostAsJsonAsync($"{Records}/{records[0].GetProperty("id").GetGuid()}/reject", new { reason = "重复" }, Token);
        Assert.Equal("rejected", (await rejected.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task What_is_counted_at_the_closing_comes_on_top_of_what_was_entered_by_hand_before_and_once()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var (incident, other) = (await ReportAsync(dispatcher), await ReportAsync(dispatcher));
        await EnterAsync(dispatcher, new { kind = "evidenceCollected", incidentId = incident, count = 1 });

        // Closed by a merge, and open again: that is not the closing.
        await ActAsync(incident, "merge", new { into = other, reason = "同一警情" });
        await ActAsync(incident, "unmerge", new { reason = "两起警情" });
        Assert.Equal(["evidenceCollected 1"], await ListedAsync());
        for (var twice = 0; twice < 2; twice++)
            await ActAsync(incident, "close", new { outcomes = new { evidenceCollected = 0, arrestCases = 0, arrestSuspects = 0, disasterRelief = 0, personsRescued = 3 } });
        await ActAsync(incident, "stages/CallReceived/corrections", new { at = TestServer.Begin.AddMinutes(-9), reason = "录音为准" });
        Assert.Equal(["evidenceCollected 1", "personsRescued 3"], await ListedAsync());

        async Task ActAsync(Guid id, string act, object body)
        {
            using var done = await dispatcher.PostAsJsonAsync($"/api/v1/incidents/{id}/{act}", body, Token);
            Assert.True(done.IsSuccessStatusCode, await done.Content.ReadAsStringAsync(Token));
        }

        async Task<IEnumerable<string>> ListedAsync() => (await dispatcher.GetAsync<Page<JsonElement>>($"{Records}?incident={incident}&state=entered")).Items
            .Select(record => $"{record.GetProperty("kind").GetString()} {record.GetProperty("count").GetInt32()}").Order(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("{\"count\":1}", "#/kind")]
    [InlineData("{\"kind\":\"personsRescued\",\"count\":1}", "#/incidentId")]
    [InlineData("{\"kind\":\"personsRescued\",\"count\":-1,\"incidentId\":\"00000000-0000-0000-0000-000000000001\"}", "#/count")]
    [InlineData("{\"kind\":\"personsRescued\",\"count\":1,\"suspects\":1,\"sortieIds\":[]}", "#/suspects")]
    [InlineData("{\"kind\":\"personsRescued\",\"count\":1,\"sortieIds\":[\"00000000-0000-0000-0000-000000000001\"]}", "#/sortieIds")]
    [InlineData("{\"kind\":\"personsRescued\",\"count\":1,\"occurredAt\":\"2099-01-01T00:00:00Z\"}", "#/occurredAt")]
    public async Task An_outcome_that_cannot_be_is_refused(string body, string place)
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await dispatcher.PostAsync(Records, content, Token);
        var problem = await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains(place, problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()));
    }

    private static DateTimeOffset NewDay() => TestServer.Begin.AddDays(-100 - Random.Shared.Next(3000)).AddSeconds(Random.Shared.Next(80_000));

    private static async Task<Guid> ReportAsync(HttpClient client)
    {
        using var answer = await client.PostAsJsonAsync("/api/v1/incidents", new { type = "flood", priority = 2, location = new { type = "Point", coordinates = new[] { 117.66, 24.513 } } }, Token);
        return (await answer.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private static async Task<Guid> EnterAsync(HttpClient client, object body)
    {
        using var answer = await client.PostAsJsonAsync(Records, body, Token);
        return (await answer.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private static async Task<(int Confirmed, int Awaiting)> FigureAsync(HttpClient client, DateTimeOffset at, string name)
    {
        var report = await client.GetAsync<JsonElement>($"/api/v1/outcomes/report?from={Rfc3339.Text(at)}&to={Rfc3339.Text(at.AddSeconds(1))}");
        Assert.Equal(1, report.GetProperty("sorties").GetInt32());
        var (confirmed, awaiting, imported) = (report.GetProperty(name).GetProperty("confirmed").GetInt32(), report.GetProperty(name).GetProperty("awaiting").GetInt32(), report.GetProperty(name).GetProperty("imported").GetInt32());

        // The totals never say anything else than the report.
        var totals = await client.GetAsync<JsonElement>($"/api/v1/outcomes?from={Rfc3339.Text(at)}&to={Rfc3339.Text(at.AddSeconds(1))}");
        Assert.Equal(confirmed + imported, totals.GetProperty(name == "suspects" ? "arrestSuspects" : name).GetInt32());
        return (confirmed, awaiting);
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : OutcomeRecordTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : OutcomeRecordTests(server);
}
