using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using DroneOps.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Incidents;

/// <summary>One of several merges undone: the survivor has what its own call and those that are still in it give, whatever the order.</summary>
public abstract class UndoMergeTests(SharedServer shared)
{
    private const string Incidents = "/api/v1/incidents";

    public static TheoryData<int[], int[]> Orders
    {
        get
        {
            int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
            TheoryData<int[], int[]> data = [];
            foreach (var merged in orders)
            {
                foreach (var undone in orders)
                    data.Add(merged, undone);
            }

            return data;
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Orders), DisableDiscoveryEnumeration = true)]
    public async Task The_urgency_and_the_times_of_the_call_and_its_entry_are_those_of_what_remains(int[] merged, int[] undone)
    {
        (int Priority, int Minute, int Entered)[] calls = [(1, 53, 59), (2, 51, 56), (3, 57, 57)];
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var survivor = await EnteredAsync(dispatcher, 3, 55, 58);
        List<Guid> ids = [];
        foreach (var (priority, minute, entered) in calls)
            ids.Add(await EnteredAsync(dispatcher, priority, minute, entered));
        foreach (var call in merged)
            await PostAsync(dispatcher, $"{ids[call]}/merge", new { into = survivor, reason = "the same" });

        var inIt = merged.ToHashSet();
        foreach (var call in undone)
        {
            await PostAsync(dispatcher, $"{ids[call]}/unmerge", new { reason = "another one" });
            inIt.Remove(call);
            var incident = await dispatcher.GetAsync<JsonElement>($"{Incidents}/{survivor}");
            Assert.Equal(inIt.Select(one => calls[one].Priority).Append(3).Min(), incident.GetProperty("priority").GetInt32());
            Assert.Equal($"2026-04-30T23:{inIt.Select(one => calls[one].Minute).Append(55).Min()}:00Z", incident.GetProperty("timeAxis")[0].GetProperty("at").GetString());
            Assert.Equal($"2026-04-30T23:{inIt.Select(one => calls[one].Entered).Append(58).Min()}:00Z", incident.GetProperty("timeAxis")[1].GetProperty("at").GetString());
        }
    }

    [Fact]
    public async Task A_corrected_call_time_stays_when_a_call_is_taken_out_that_did_not_give_it()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var (survivor, earlier, other) = (await ReportAsync(dispatcher, 3, 55, "manual"), await ReportAsync(dispatcher, 3, 50, "manual"), await ReportAsync(dispatcher, 1, 57, "manual"));
        await PostAsync(dispatcher, $"{earlier}/merge", new { into = survivor, reason = "the same" });
        await PostAsync(dispatcher, $"{other}/merge", new { into = survivor, reason = "the same" });
        await PostAsync(dispatcher, $"{survivor}/stages", new { stage = "CallReceived", at = "2026-04-30T23:49:00Z", reason = "by the recording" });
        await PostAsync(dispatcher, $"{other}/unmerge", new { reason = "another one" });
        Assert.Equal("2026-04-30T23:49:00Z", await CallAsync(dispatcher, survivor));
        await PostAsync(dispatcher, $"{earlier}/unmerge", new { reason = "another one" });
        Assert.Equal("2026-04-30T23:55:00Z", await CallAsync(dispatcher, survivor));
    }

    [Fact]
    public async Task A_call_that_was_to_get_a_drone_by_itself_is_so_again_and_the_survivor_no_more()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var (survivor, first, second) = (await ReportAsync(dispatcher, 3, 55, "manual"), await ReportAsync(dispatcher, 3, 56, "auto"), await ReportAsync(dispatcher, 3, 57, "auto"));
        await PostAsync(dispatcher, $"{first}/merge", new { into = survivor, reason = "the same" });
        await PostAsync(dispatcher, $"{second}/merge", new { into = survivor, reason = "the same" });
        Assert.Equal([true, false, false], await AreAutomaticAsync(survivor, first, second));
        await PostAsync(dispatcher, $"{first}/unmerge", new { reason = "another one" });
        Assert.Equal([true, true, false], await AreAutomaticAsync(survivor, first, second));
        await PostAsync(dispatcher, $"{second}/unmerge", new { reason = "another one" });
        Assert.Equal([false, true, true], await AreAutomaticAsync(survivor, first, second));
    }

    private async Task<List<bool>> AreAutomaticAsync(params Guid[] ids)
    {
        List<bool> all = [];
        foreach (var id in ids)
            all.Add((await shared.Server.Services.GetRequiredService<IncidentBook>().FindAsync(id, Token))!.IsAutomatic);
        return all;
    }

    private static async Task<string?> CallAsync(HttpClient client, Guid id) =>
        (await client.GetAsync<JsonElement>($"{Incidents}/{id}")).GetProperty("timeAxis")[0].GetProperty("at").GetString();

    private static async Task<Guid> EnteredAsync(HttpClient client, int priority, int minute, int entered)
    {
        var id = await ReportAsync(client, priority, minute, "manual");
        await PostAsync(client, $"{id}/stages", new { stage = "IncidentCreated", at = $"2026-04-30T23:{entered}:00Z", reason = "taken on paper" });
        return id;
    }

    private static async Task<Guid> ReportAsync(HttpClient client, int priority, int minute, string dispatch)
    {
        var report = new { type = "theft", priority, summary = "", location = new { type = "Point", coordinates = (double[])[117.657, 24.512] }, reportedAt = $"2026-04-30T23:{minute}:00Z", dispatch };
        using var answer = await client.PostAsJsonAsync(Incidents, report, Token);
        return (await answer.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private static async Task PostAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync($"{Incidents}/{path}", body, Token);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : UndoMergeTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : UndoMergeTests(server);
}
