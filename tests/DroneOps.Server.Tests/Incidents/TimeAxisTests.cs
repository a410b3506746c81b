using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Incidents;

/// <summary>Steps entered and corrected by hand. The servers' clock stands at 2026-05-01 00:00 UTC.</summary>
public abstract class TimeAxisTests(SharedServer shared)
{
    private const string Incidents = "/api/v1/incidents";
    private static readonly double[] Market = [117.657, 24.512];

    [Fact]
    public async Task A_correction_is_in_force_and_the_first_value_who_corrected_it_and_why_stay_readable()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var id = await ReportAsync(dispatcher);
        await EnterAsync(dispatcher, id, "UnitOnScene", "2026-04-30T23:50:00Z");

        using var answer = await CorrectAsync(dispatcher, id, "UnitOnScene", "2026-04-30T23:47:30Z", "by the crew's own radio log");
        var step = Step(await answer.ReadAsync<JsonElement>(HttpStatusCode.OK), "UnitOnScene");
        Assert.Equal(At(23, 47, 30), step.GetProperty("at").GetDateTimeOffset());
        Assert.Equal(("hand", At(23, 50, 0)), (step.GetProperty("source").GetString(), step.GetProperty("first").GetProperty("at").GetDateTimeOffset()));
        using var again = await CorrectAsync(dispatcher, id, "UnitOnScene", "2026-04-30T23:48:00Z", "the radio's clock was half a minute slow");
        var corrections = Step(await again.ReadAsync<JsonElement>(HttpStatusCode.OK), "UnitOnScene").GetProperty("corrections").EnumerateArray().ToList();
        Assert.Equal(["by the crew's own radio log", "the radio's clock was half a minute slow"], corrections.Select(correction => correction.GetProperty("reason").GetString()));
        Assert.All(corrections, correction => Assert.Equal("user:dispatcher", correction.GetProperty("by").GetString()));

        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var entries = await auditor.GetAsync<JsonElement>($"/api/v1/audit/entries?subject=incident/{id}&limit=1000");
        Assert.Contains("incident.stageCorrected", entries.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hand_entry_for_a_step_that_an_event_has_set_is_kept_as_a_correction_when_it_says_why()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var id = await ReportAsync(dispatcher);
        using var silent = await PostAsync(dispatcher, id, new { stage = "IncidentCreated", at = "2026-04-30T23:45:00Z" });
        await silent.ReadProblemAsync(HttpStatusCode.Conflict, "step-reached");
        using var reasoned = await PostAsync(dispatcher, id, new { stage = "IncidentCreated", at = "2026-04-30T23:45:00Z", reason = "taken on paper while the terminal was down" });
        var step = Step(await reasoned.ReadAsync<JsonElement>(HttpStatusCode.OK), "IncidentCreated");
        Assert.Equal((At(23, 45, 0), "event"), (step.GetProperty("at").GetDateTimeOffset(), step.GetProperty("first").GetProperty("source").GetString()));
    }

    [Fact]
    public async Task A_key_pressed_twice_enters_a_step_once()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var id = await ReportAsync(dispatcher);
        await EnterAsync(dispatcher, id, "UnitDispatched", "2026-04-30T23:42:00Z");
        using var again = await PostAsync(dispatcher, id, new { stage = "UnitDispatched" });
        var step = Step(await again.ReadAsync<JsonElement>(HttpStatusCode.OK), "UnitDispatched");
        Assert.Equal((At(23, 42, 0), 0), (step.GetProperty("at").GetDateTimeOffset(), step.GetProperty("corrections").GetArrayLength()));
    }

    [Theory]
    [InlineData("UnitDispatched", "2026-04-30T23:39:59Z", "UnitDispatched cannot be before CallReceived")]
    [InlineData("UnitDispatched", "2026-05-01T00:02:00Z", "lies in the future")]
    [InlineData("DroneOnScene", "2026-04-30T23:44:00Z", "DroneOnScene cannot be before DroneAirborne")]
    [InlineData("DroneRecovered", "2026-04-30T23:44:00Z", "DroneRecovered cannot be before DroneAirborne")]
    [InlineData("CallReceived", "2026-04-30T23:46:00Z", "CallReceived cannot be after DroneAirborne")]
    public async Task What_cannot_have_happened_is_refused(string stage, string at, string expected)
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var id = await ReportAsync(dispatcher);
        await EnterAsync(dispatcher, id, "DroneAirborne", "2026-04-30T23:45:00Z");
        using var answer = await PostAsync(dispatcher, id, new { stage, at, reason = "test" });
        var problem = await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains(expected, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_only_unusual_is_kept_and_shown_as_a_doubt()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var id = await ReportAsync(dispatcher);
        await EnterAsync(dispatcher, id, "UnitDispatched", "2026-04-30T23:50:00Z");
        var incident = await EnterAsync(dispatcher, id, "UnitOnScene", "2026-04-30T23:48:00Z");
        Assert.Equal(["UnitDispatched"], Step(incident, "UnitOnScene").GetProperty("doubts").EnumerateArray().Select(doubt => doubt.GetString()));
    }

    [Fact]
    public async Task A_correction_needs_a_reason_a_time_and_a_step_that_was_reached()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var id = await ReportAsync(dispatcher);
        using var early = await CorrectAsync(dispatcher, id, "Resolved", "2026-04-30T23:50:00Z", "test");
        await early.ReadProblemAsync(HttpStatusCode.Conflict, "step-not-reached");
        using var bare = await CorrectAsync(dispatcher, id, "CallReceived", "2026-04-30T23:30:00Z", " ");
        await bare.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        using var timeless = await CorrectAsync(dispatcher, id, "CallReceived", null, "test");
        await timeless.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        using var answer = await CorrectAsync(auditor, id, "CallReceived", "2026-04-30T23:30:00Z", "test");
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task The_twelve_steps_have_the_names_of_the_citys_model()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var names = (await dispatcher.GetAsync<JsonElement>($"{Incidents}/stages")).GetProperty("items").EnumerateArray().Select(name => name.GetProperty("nameZh").GetString());
        Assert.Equal(["接警", "立警", "派警", "请求空中支援", "派机", "起飞", "到场", "首帧回传", "警组到场", "处置完毕", "返航落地", "归档"], names);
    }

    [Theory]
    [InlineData("hour=8&type={0}", 1)]
    [InlineData("hour=7&type={0}", 0)]
    [InlineData("priority=2&type={0}", 1)]
    [InlineData("priority=1&type={0}", 0)]
    [InlineData("state=open&type={0}", 1)]
    [InlineData("state=closed&type={0}", 0)]
    [InlineData("from=2026-05-01T00:00:00Z&type={0}", 1)]
    [InlineData("to=2026-05-01T00:00:00Z&type={0}", 0)]
    [InlineData("keySiteId=site-zhongshan-park&type={0}", 1)]
    [InlineData("gridId=grid-none&type={0}", 0)]
    public async Task A_list_is_narrowed_by_what_a_report_counts_by(string query, int expected)
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var type = $"t-{Guid.NewGuid():n}";
        await (await dispatcher.PostAsJsonAsync(Incidents, new { type, priority = 2, keySiteId = "site-zhongshan-park" })).ReadAsync<JsonElement>(HttpStatusCode.Created);
        var page = await dispatcher.GetAsync<Page<JsonElement>>($"{Incidents}?{query.Replace("{0}", type, StringComparison.Ordinal)}");
        Assert.Equal(expected, page.Items.Count);
    }

    [Theory]
    [InlineData("hour=24")]
    [InlineData("priority=5")]
    [InlineData("state=2")]
    [InlineData("from=2026-05-02T00:00:00Z&to=2026-05-01T00:00:00Z")]
    public async Task A_filter_that_makes_no_sense_is_refused(string query)
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        using var answer = await dispatcher.GetAsync($"{Incidents}?{query}");
        await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    private static DateTimeOffset At(int hour, int minute, int second) => new(2026, 4, 30, hour, minute, second, TimeSpan.Zero);

    private static JsonElement Step(JsonElement incident, string stage) => incident.GetProperty("timeAxis").EnumerateArray().Single(entry => entry.GetProperty("stage").GetString() == stage);

    private static async Task<Guid> ReportAsync(HttpClient dispatcher)
    {
        var report = new { type = "theft", priority = 2, location = new { type = "Point", coordinates = Market }, reportedAt = "2026-04-30T23:40:00Z" };
        return (await (await dispatcher.PostAsJsonAsync(Incidents, report)).ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient dispatcher, Guid id, object entry) => dispatcher.PostAsJsonAsync($"{Incidents}/{id}/stages", entry);

    private static async Task<JsonElement> EnterAsync(HttpClient dispatcher, Guid id, string stage, string at)
    {
        using var answer = await PostAsync(dispatcher, id, new { stage, at });
        return await answer.ReadAsync<JsonElement>(HttpStatusCode.OK);
    }

    private static Task<HttpResponseMessage> CorrectAsync(HttpClient dispatcher, Guid id, string stage, string? at, string reason) =>
        dispatcher.PostAsJsonAsync($"{Incidents}/{id}/stages/{stage}/corrections", new { at, reason });

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : TimeAxisTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : TimeAxisTests(server);
}
