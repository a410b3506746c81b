using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Cluster;
using DroneOps.Server.Oversight;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Tests.Video;
using DroneOps.Server.Video.Recording;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Oversight;

/// <summary>What an auditor is told about the keeping and the deletion of recordings, made of real ones, on both stores.</summary>
public abstract class RetentionDueTests(Store store)
{
    private const string Retention = "/api/v1/oversight/retention";
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(40);

    [Fact]
    public async Task A_recording_goes_from_later_over_due_and_overdue_into_the_deletions_with_its_audit_entry()
    {
        await using var rig = await VideoRig.StartAsync(store, "udp://127.0.0.1:{0}", "Always");
        var recorded = await RecordAsync(rig);
        using (var auditor = await rig.Server.SignInAsync(Roles.Auditor))
        {
            Assert.Empty(await ListAsync(auditor, "?days=7"));
            Assert.Equal((recorded.Id, RetentionState.Later), Shown(Assert.Single(await ListAsync(auditor, "?days=7&state=later,recording"))));
            var due = Assert.Single(await ListAsync(auditor));
            Assert.Equal((recorded.Id, RetentionState.Due), Shown(due));
            Assert.Equal((recorded.DueAt, "routine", 30, recorded.Bytes), (due.OverAt, due.Class, due.Days, due.Bytes));
            Assert.Equal([(RetentionState.Due, 1, recorded.Bytes)], await SumsAsync(auditor, ""));
        }

        // Its time is over, and who deletes has not looked since.
        await rig.RestartAsync(TimeSpan.FromDays(31));
        using (var auditor = await rig.Server.SignInAsync(Roles.Auditor))
        {
            Assert.Equal([(RetentionState.Overdue, 1, recorded.Bytes)], await SumsAsync(auditor, ""));
            Assert.Equal((recorded.Id, RetentionState.Overdue), Shown(Assert.Single(await ListAsync(auditor, "?state=overdue"))));
            Assert.Empty(await DeletionsAsync(rig, auditor));
            rig.Server.Time.Advance(TimeSpan.FromMinutes(1));
            await rig.Server.Services.GetRequiredService<Quiescence>().WhenIdleAsync();
            Assert.Empty(await ListAsync(auditor, "?state=overdue,due,held,later,recording"));
            var deletion = Assert.Single(await DeletionsAsync(rig, auditor));
            var left = await auditor.GetAsync<RecordingDetail>($"/api/v1/video/recordings/{recorded.Id}");
            Assert.Equal((left.Deleted!.AuditEntry, "recordings", $"recording/{recorded.Id}"), (deletion.Entry, deletion.Store, deletion.Subject));
            Assert.Equal(("routine", recorded.Bytes), (deletion.Details.GetProperty("class").GetString(), deletion.Details.GetProperty("bytes").GetInt64()));
            Assert.Contains("oversight.deletionsRead", await ActionsAsync(auditor));
        }
    }

    [Fact]
    public async Task What_keeps_a_recording_longer_is_told_with_who_said_so_and_why()
    {
        await using var rig = await VideoRig.StartAsync(store, "udp://127.0.0.1:{0}", "Always");
        var recorded = await RecordAsync(rig);
        using var auditor = await rig.Server.SignInAsync(Roles.Auditor);
        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        using (var classed = await pilot.PutAsJsonAsync($"/api/v1/video/recordings/{recorded.Id}/class", new { @class = "evidence", reason = "案件 2026-17" }))
            Assert.Equal(HttpStatusCode.OK, classed.StatusCode);
        var later = Assert.Single(await ListAsync(auditor, "?state=later"));
        Assert.Equal(("evidence", 3650, true, "user:pilot", "案件 2026-17"), (later.Class, later.Days, later.IsClassKnown, later.ClassGiven!.By, later.ClassGiven.Reason));

        using (var put = await auditor.PostAsJsonAsync($"/api/v1/video/recordings/{recorded.Id}/holds", new { reason = "信访 2026-3" }))
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        var held = Assert.Single(await ListAsync(auditor));
        Assert.Equal((RetentionState.Held, recorded.To!.Value.AddDays(3650)), (held.State, held.OverAt));
        Assert.Equal(("user:auditor", "信访 2026-3"), (held.Holds[0].By, held.Holds[0].Reason));
        Assert.Equal([(RetentionState.Held, 1, recorded.Bytes)], await SumsAsync(auditor, ""));

        using var refused = await pilot.GetAsync(new Uri(Retention, UriKind.Relative));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var unknown = await auditor.GetAsync(new Uri($"{Retention}/recordings?state=gone", UriKind.Relative));
        await unknown.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        using var endless = await auditor.GetAsync(new Uri($"{Retention}?days=0", UriKind.Relative));
        await endless.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task Every_store_says_how_long_it_keeps_what_it_has()
    {
        await using var rig = await VideoRig.StartAsync(store, "udp://127.0.0.1:{0}", "Always");
        using var auditor = await rig.Server.SignInAsync(Roles.Auditor);
        var stores = (await auditor.GetAsync<JsonElement>(Retention)).GetProperty("stores").EnumerateArray()
            .ToDictionary(one => one.GetProperty("store").GetString()!, one => (one.GetProperty("kept").GetString(), one.GetProperty("days").ValueKind == JsonValueKind.Null ? null : (double?)one.GetProperty("days").GetDouble()));
        Assert.Equal(("class", null), stores["recordings"]);
        Assert.Equal(("days", 365), stores["telemetry"]);
        Assert.Equal(("days", 400), stores["alarms"]);
        Assert.Equal(("days", 183), stores["serverLogs"]);
        Assert.Equal(("days", 30), stores["fieldLinks"]);
        Assert.All(["sorties", "flightLogs", "incidents", "audit"], name => Assert.Equal(("ever", null), stores[name]));
    }

    [Fact]
    public void A_recording_is_overdue_when_the_look_that_deletes_it_has_stayed_away()
    {
        var (now, kept) = (TestServer.Begin, new Keeping("routine", []));
        Assert.Equal(RetentionState.Recording, ShowRetention.StateOf(kept, null, now, 30));
        Assert.Equal(RetentionState.Later, ShowRetention.StateOf(kept, now.AddDays(30).AddSeconds(1), now, 30));
        Assert.Equal(RetentionState.Due, ShowRetention.StateOf(kept, now.AddDays(30), now, 30));
        Assert.Equal(RetentionState.Due, ShowRetention.StateOf(kept, now.AddHours(-2), now, 30));
        Assert.Equal(RetentionState.Overdue, ShowRetention.StateOf(kept, now.AddHours(-2).AddSeconds(-1), now, 30));
        Assert.Equal(RetentionState.Held, ShowRetention.StateOf(kept with { Holds = [new(Guid.NewGuid(), now, "user:auditor", "x")] }, now.AddDays(-9), now, 30));
    }

    private static (Guid Id, RetentionState State) Shown(ShowRetention.Item item) => (item.Id, item.State);

    private static async Task<IReadOnlyList<ShowRetention.Item>> ListAsync(HttpClient client, string query = "") => (await client.GetAsync<Page<ShowRetention.Item>>($"{Retention}/recordings{query}")).Items;

    private static async Task<IReadOnlyList<ListDeletions.Deletion>> DeletionsAsync(VideoRig rig, HttpClient client) => (await client.GetAsync<Page<ListDeletions.Deletion>>($"/api/v1/oversight/deletions?to={Rfc3339.Text(rig.Server.Time.GetUtcNow().AddMinutes(1))}")).Items;

    /// <summary>The sums that are not zero.</summary>
    private static async Task<List<(RetentionState State, int Recordings, long Bytes)>> SumsAsync(HttpClient client, string query) =>
        [.. (await client.GetAsync<ShowRetention.Outlook>($"{Retention}{query}")).Recordings.Where(sum => sum.Recordings > 0).Select(sum => (sum.State, sum.Recordings, sum.Bytes))];

    private static async Task<List<string>> ActionsAsync(HttpClient client) =>
        [.. (await client.GetAsync<JsonElement>("/api/v1/audit/entries?limit=20")).GetProperty("items").EnumerateArray().Select(entry => entry.GetProperty("action").GetString()!)];

    private static async Task<RecordingView> RecordAsync(VideoRig rig)
    {
        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        using var camera = Camera.SendTo(rig.Port);
        await OrderAsync(pilot, HttpMethod.Post);
        await rig.UntilAsync(stream => stream.Recording && rig.Video.Live.Pictures > 60, Tick);
        return await OrderAsync(pilot, HttpMethod.Delete);
    }

    private static async Task<RecordingView> OrderAsync(HttpClient pilot, HttpMethod method)
    {
        using var order = new HttpRequestMessage(method, $"/api/v1/video/streams/{VideoRig.Stream}/recording");
        if (method == HttpMethod.Post)
            order.Content = JsonContent.Create(new { reason = "一号警情" });
        using var answer = await pilot.SendAsync(order);
        return await answer.ReadAsync<RecordingView>(HttpStatusCode.OK);
    }

    public sealed class OnSqlite() : RetentionDueTests(Store.Sqlite);

    public sealed class OnPostgres() : RetentionDueTests(Store.Postgres);
}
