using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DroneOps.Server.Alarms;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Cluster;
using DroneOps.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Alarms;

/// <summary>Alarms over HTTP, over a restart and over time, on both stores.</summary>
public abstract class AlarmTests(Store store)
{
    private const string Alarms = "/api/v1/alarms";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_acknowledgement_says_who_and_when_and_is_in_the_audit_log()
    {
        await using var server = await TestServer.StartAsync(store);
        var id = Raise(server, "lowBattery", "vehicle/1");
        using var dispatcher = await server.SignInAsync("dispatcher");

        var open = await dispatcher.GetAsync<JsonElement>("/api/v1/alerts?open=true");
        Assert.Equal(id, Assert.Single(open.GetProperty("items").EnumerateArray()).GetProperty("id").GetGuid());
        using var answer = await dispatcher.PostAsJsonAsync($"/api/v1/alerts/{id}/ack", new { }, Token);
        var acknowledged = await answer.ReadAsync<JsonElement>(HttpStatusCode.OK);

        Assert.Equal(("user:dispatcher", "acknowledged"), (acknowledged.GetProperty("acknowledgedBy").GetString(), acknowledged.GetProperty("state").GetString()));
        Assert.Equal(TestServer.Begin, acknowledged.GetProperty("acknowledgedAt").GetDateTimeOffset());
        Assert.Empty((await dispatcher.GetAsync<JsonElement>("/api/v1/alerts?open=true")).GetProperty("items").EnumerateArray());
        Assert.Equal("user:dispatcher", (await AuditAsync(server, "alert.acknowledged", $"alert/{id}")).GetProperty("actor").GetString());
    }

    [Fact]
    public async Task A_page_is_acknowledged_by_its_ids_with_an_entry_for_each_and_there_is_no_all()
    {
        await using var server = await TestServer.StartAsync(store);
        Guid[] ids = [Raise(server, "lowBattery", "vehicle/1"), Raise(server, "failsafe", "vehicle/1")];
        var unseen = Raise(server, "fenceBreach", "vehicle/1");
        using var pilot = await server.SignInAsync("pilot");

        using var answer = await pilot.PostAsJsonAsync($"{Alarms}/acknowledge", new { ids }, Token);
        Assert.Equal(ids, (await answer.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()));
        Assert.Equal(unseen, Assert.Single(Book(server).Open).Id);
        foreach (var id in ids)
            await AuditAsync(server, "alert.acknowledged", $"alert/{id}");
        using var none = await pilot.PostAsJsonAsync($"{Alarms}/acknowledge", new { ids = Array.Empty<Guid>() }, Token);
        await none.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        using var many = await pilot.PostAsJsonAsync($"{Alarms}/acknowledge", new { ids = Enumerable.Range(0, 51).Select(_ => Guid.NewGuid()) }, Token);
        await many.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        using var unknown = await pilot.PostAsJsonAsync($"{Alarms}/acknowledge", new { ids = new[] { Guid.NewGuid() } }, Token);
        await unknown.ReadProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task What_joins_a_group_while_its_acknowledgement_is_being_written_still_calls_and_each_that_was_seen_has_an_entry()
    {
        using var disk = new HeldDisk("alert.acknowledged");
        await using var server = await TestServer.StartAsync(store, builder => builder.Services.AddSingleton<AuditWrite>(disk.Write));
        Guid[] seen = [.. Enumerable.Range(1, 3).Select(vehicle => Raise(server, "linkLost", $"vehicle/{vehicle}", "network/radio"))];
        var group = Book(server).Find(seen[0])!.GroupId!.Value;
        using var dispatcher = await server.SignInAsync("dispatcher");

        var acknowledging = dispatcher.PostAsJsonAsync($"/api/v1/alerts/{group}/ack", new { }, Token);
        await disk.Reached.WaitAsync(Patience, Token);
        var late = Raise(server, "linkLost", "vehicle/4", "network/radio");
        disk.Release();
        using var answer = await acknowledging;

        var whole = await answer.ReadAsync<JsonElement>(HttpStatusCode.OK);
        Assert.Equal(("unacknowledged", 4), (whole.GetProperty("state").GetString(), whole.GetProperty("members").GetInt32()));
        Assert.Equal(new[] { group, late }.Order(), Book(server).Open.Select(alarm => alarm.Id).Order());
        foreach (var id in seen.Append(group))
            Assert.Equal("user:dispatcher", (await AuditAsync(server, "alert.acknowledged", $"alert/{id}")).GetProperty("actor").GetString());
        using var auditor = await server.SignInAsync("auditor");
        Assert.Empty((await auditor.GetAsync<JsonElement>($"/api/v1/audit/entries?action=alert.acknowledged&subject=alert/{late}")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task An_acknowledgement_that_says_what_was_shown_leaves_what_is_more_by_now()
    {
        await using var server = await TestServer.StartAsync(store);
        var members = Enumerable.Range(1, 4).Select(vehicle => Raise(server, "linkLost", $"vehicle/{vehicle}", "network/radio")).ToList();
        var (group, battery) = (Book(server).Find(members[0])!.GroupId!.Value, Raise(server, "lowBattery", "vehicle/5"));
        using var dispatcher = await server.SignInAsync("dispatcher");

        Assert.Equal(["unacknowledged", "unacknowledged"], await AcknowledgeAsync(3, "caution"));
        using var auditor = await server.SignInAsync("auditor");
        Assert.Empty((await auditor.GetAsync<JsonElement>("/api/v1/audit/entries?action=alert.acknowledged")).GetProperty("items").EnumerateArray());
        Assert.Equal(["acknowledged", "acknowledged"], await AcknowledgeAsync(4, "warning"));
        Assert.Empty(Book(server).Open);

        async Task<IEnumerable<string?>> AcknowledgeAsync(int count, string severity)
        {
            var seen = new object[] { new { id = group, severity = "warning", members = count }, new { id = battery, severity } };
            using var answer = await dispatcher.PostAsJsonAsync($"{Alarms}/acknowledge", new { ids = new[] { group, battery }, seen }, Token);
            return [.. (await answer.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("state").GetString())];
        }
    }

    [Fact]
    public async Task A_shelf_needs_a_reason_and_a_time_and_ends_by_itself_with_an_entry()
    {
        await using var server = await TestServer.StartAsync(store);
        var id = Raise(server, "linkLost", "vehicle/1");
        using var dispatcher = await server.SignInAsync("dispatcher");
        using var machine = await server.TokenAsync(Roles.Integration);

        using var refused = await dispatcher.PostAsJsonAsync($"{Alarms}/{id}/shelf", new { minutes = 481, reason = " " }, Token);
        Assert.Equal(["#/reason", "#/minutes"], (await refused.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).GetProperty("errors").EnumerateArray().Select(fault => fault.GetProperty("pointer").GetString()));
        using var forbidden = await machine.PostAsJsonAsync($"{Alarms}/{id}/shelf", new { minutes = 30, reason = "radio" }, Token);
        await forbidden.ReadProblemAsync(HttpStatusCode.Forbidden, "not-allowed");
        using var shelved = await dispatcher.PostAsJsonAsync($"{Alarms}/{id}/shelf", new { minutes = 30, reason = "更换电台" }, Token);
        Assert.Equal(TestServer.Begin.AddMinutes(30), (await shelved.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("until").GetDateTimeOffset());

        var standing = Assert.Single((await dispatcher.GetAsync<JsonElement>($"{Alarms}/standing")).GetProperty("items").EnumerateArray());
        Assert.Equal(("shelved", "更换电台", "user:dispatcher"), (standing.GetProperty("state").GetString(), standing.GetProperty("heldFor").GetString(), standing.GetProperty("heldBy").GetString()));
        using var nothing = await dispatcher.PostAsJsonAsync($"/api/v1/alerts/{id}/ack", new { }, Token);
        await nothing.ReadProblemAsync(HttpStatusCode.Conflict, "alarm-held");

        await PassAsync(server, TimeSpan.FromMinutes(29));
        Assert.Empty(Book(server).Open);
        await PassAsync(server, TimeSpan.FromMinutes(1.1));
        Assert.Equal(id, Assert.Single(Book(server).Open).Id);
        Assert.Equal("system", (await AuditAsync(server, "alarm.shelfEnded", "alarm/linkLost")).GetProperty("actor").GetString());
        Assert.Equal("user:dispatcher", (await AuditAsync(server, "alarm.shelved", "alarm/linkLost")).GetProperty("actor").GetString());
    }

    [Fact]
    public async Task A_person_takes_an_alarm_off_its_shelf_and_only_an_administrator_takes_one_out_of_service()
    {
        await using var server = await TestServer.StartAsync(store);
        var id = Raise(server, "linkLost", "vehicle/1");
        using var pilot = await server.SignInAsync("pilot");
        using var admin = await server.SignInAsync("admin");
        using var shelved = await pilot.PostAsJsonAsync($"{Alarms}/{id}/shelf", new { minutes = 5, reason = "test" }, Token);
        Assert.Equal(HttpStatusCode.OK, shelved.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await pilot.DeleteAsync(new Uri($"{Alarms}/{id}/shelf", UriKind.Relative), Token)).StatusCode);
        Assert.Single(Book(server).Open);
        await (await pilot.DeleteAsync(new Uri($"{Alarms}/{id}/shelf", UriKind.Relative), Token)).ReadProblemAsync(HttpStatusCode.NotFound, "not-found");

        using var forbidden = await pilot.PostAsJsonAsync($"{Alarms}/outOfService", new { code = "linkLost", reason = "test" }, Token);
        await forbidden.ReadProblemAsync(HttpStatusCode.Forbidden, "not-allowed");
        using var unknown = await admin.PostAsJsonAsync($"{Alarms}/outOfService", new { code = "nothing", reason = "test" }, Token);
        await unknown.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        using var withdrawn = await admin.PostAsJsonAsync($"{Alarms}/outOfService", new { code = "linkLost", reason = "test" }, Token);
        Assert.Equal("outOfService", (await withdrawn.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("state").GetString());
        Assert.Empty(Book(server).Open);
        Assert.Single((await pilot.GetAsync<JsonElement>($"{Alarms}/held")).GetProperty("items").EnumerateArray());
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync(new Uri($"{Alarms}/outOfService?code=linkLost", UriKind.Relative), Token)).StatusCode);
        Assert.Single(Book(server).Open);
    }

    [Fact]
    public async Task A_restart_keeps_what_stands_who_acknowledged_it_and_what_is_held()
    {
        await using var server = await TestServer.StartAsync(store);
        var (open, acknowledged, shelved) = (Raise(server, "lowBattery", "vehicle/1"), Raise(server, "linkLost", "vehicle/2"), Raise(server, "failsafe", "vehicle/3"));
        Guid[] group = [.. Enumerable.Range(4, 3).Select(vehicle => Raise(server, "linkLost", $"vehicle/{vehicle}", "network/radio"))];
        using (var pilot = await server.SignInAsync("pilot"))
        {
            using var first = await pilot.PostAsJsonAsync($"/api/v1/alerts/{acknowledged}/ack", new { }, Token);
            using var second = await pilot.PostAsJsonAsync($"{Alarms}/{shelved}/shelf", new { minutes = 60, reason = "test" }, Token);
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        }

        var before = Book(server).Standing;
        await server.RestartAsync();

        Assert.Equal(before, Book(server).Standing);
        Assert.Equal([AlarmState.Unacknowledged, AlarmState.Acknowledged, AlarmState.Shelved], new[] { open, acknowledged, shelved }.Select(id => Book(server).Find(id)!.State));
        Assert.All(group, id => Assert.NotNull(Book(server).Find(id)!.GroupId));
        Book(server).Apply(new Condition.Clear("linkLost", "vehicle/2", server.Time.GetUtcNow()));
        await PassAsync(server, TimeSpan.FromSeconds(7));
        Assert.Equal(AlarmState.Normal, Book(server).Find(acknowledged)!.State);
        await PassAsync(server, TimeSpan.FromMinutes(61));
        Assert.Equal(AlarmState.Unacknowledged, Book(server).Find(shelved)!.State);
    }

    [Fact]
    public async Task A_report_covers_what_a_month_of_the_store_holds_and_the_journal_can_be_searched()
    {
        await using var server = await TestServer.StartAsync(store);
        using var auditor = await server.SignInAsync("auditor");
        for (var vehicle = 0; vehicle < 12; vehicle++)
            Raise(server, "lowBattery", $"vehicle/{vehicle}", null, vehicle == 0 ? AlarmPriority.Warning : AlarmPriority.Caution);
        await IdleAsync(server);
        server.Time.Advance(TimeSpan.FromHours(1));
        await IdleAsync(server);

        var report = await auditor.GetAsync<JsonElement>($"{Alarms}/report?from=2026-05-01T00:00:00Z&to=2026-05-01T01:00:00Z");
        // Eleven call; the twelfth comes when the flood has begun, and the flood calls for it.
        Assert.Equal((12, 1), (report.GetProperty("calls").GetInt32(), report.GetProperty("quiet").GetInt32()));
        var figures = report.GetProperty("figures").EnumerateArray().ToDictionary(figure => figure.GetProperty("id").GetString()!);
        Assert.Equal((12, "manageable", 12), (figures["perHour"].GetProperty("value").GetDouble(), figures["perHour"].GetProperty("verdict").GetString(), figures["perHour"].GetProperty("manageable").GetDouble()));
        Assert.Equal("tooMuch", figures["mostIn10Minutes"].GetProperty("verdict").GetString());
        var month = await auditor.GetAsync<JsonElement>($"{Alarms}/report");
        Assert.Equal(30, month.GetProperty("days").GetDouble());
        using var csv = await auditor.GetAsync(new Uri($"{Alarms}/report.csv?from=2026-05-01T00:00:00Z", UriKind.Relative), Token);
        Assert.Equal("text/csv", csv.Content.Headers.ContentType?.MediaType);
        Assert.Contains("perHour,12,alarms,atMost,6,12,manageable", await csv.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        await (await auditor.GetAsync(new Uri($"{Alarms}/report?from=2026-06-01T00:00:00Z", UriKind.Relative), Token)).ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");

        var first = await auditor.GetAsync<JsonElement>($"{Alarms}?code=lowBattery&severity=caution&limit=7");
        var rest = await auditor.GetAsync<JsonElement>($"{Alarms}?code=lowBattery&severity=caution&limit=7&cursor={first.GetProperty("nextCursor").GetString()}");
        Assert.Equal((7, 4), (first.GetProperty("items").GetArrayLength(), rest.GetProperty("items").GetArrayLength()));
        await (await auditor.GetAsync(new Uri($"{Alarms}?state=asleep", UriKind.Relative), Token)).ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        var grouped = await auditor.GetAsync<JsonElement>($"{Alarms}?code=alarmFlood");
        var flood = Assert.Single(grouped.GetProperty("items").EnumerateArray()).GetProperty("id").GetGuid();
        Assert.Single((await auditor.GetAsync<JsonElement>($"{Alarms}?groupId={flood}")).GetProperty("items").EnumerateArray());
        Assert.Equal(flood, (await auditor.GetAsync<JsonElement>($"{Alarms}/{flood}")).GetProperty("id").GetGuid());
    }

    private static async Task<JsonElement> AuditAsync(TestServer server, string action, string subject)
    {
        using var auditor = await server.SignInAsync("auditor");
        return Assert.Single((await auditor.GetAsync<JsonElement>($"/api/v1/audit/entries?action={action}&subject={subject}")).GetProperty("items").EnumerateArray());
    }

    private static AlarmBook Book(TestServer server) => server.Services.GetRequiredService<AlarmBook>();

    private static Task IdleAsync(TestServer server) => server.Services.GetRequiredService<Quiescence>().WhenIdleAsync();

    private static async Task PassAsync(TestServer server, TimeSpan span)
    {
        server.Time.Advance(span);
        await IdleAsync(server);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await IdleAsync(server);
    }

    private static Guid Raise(TestServer server, string code, string subject, string? cause = null, AlarmPriority priority = AlarmPriority.Warning)
    {
        Book(server).Apply(new Condition.Raise(code, subject, server.Time.GetUtcNow(), priority, $"{subject}: {code}") { VehicleId = subject.Split('/')[1], Cause = cause });
        return Book(server).All.Last(alarm => alarm.Code == code && alarm.Subject == subject).Id;
    }

    /// <summary>The audit log's disk, which takes its time with one action.</summary>
    private sealed class HeldDisk(string action) : IDisposable
    {
        private readonly byte[] _action = Encoding.UTF8.GetBytes(action);
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _released = new();

        /// <summary>The first entry of the action is about to be written.</summary>
        public Task Reached => _reached.Task;

        public void Release() => _released.Set();

        public void Write(FileStream file, ReadOnlySpan<byte> lines)
        {
            if (lines.IndexOf(_action) >= 0)
            {
                _reached.TrySetResult();
                _released.Wait(Patience, CancellationToken.None);
            }

            file.Write(lines);
        }

        public void Dispose() => _released.Dispose();
    }

    public sealed class OnSqlite() : AlarmTests(Store.Sqlite);

    public sealed class OnPostgres() : AlarmTests(Store.Postgres);
}
