using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Feed;
using DroneOps.Server.Fleet;
using DroneOps.Server.Tests.Harness;
using DroneOps.Vehicles;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Feed;

/// <summary>The feed as server-sent events, read by a real HTTP client.</summary>
public abstract class EventStreamTests(Store store)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_client_that_comes_back_gets_what_happened_meanwhile_and_nothing_twice()
    {
        await using var server = await TestServer.StartAsync(store);
        var (token, _) = await TokenAsync(server);
        var log = server.Services.GetRequiredService<FeedLog>();
        string last;
        using (var first = await EventReader.OpenAsync(server, token, "?positions=false"))
        {
            Assert.Equal("picture", (await first.ReadAsync())!.Name);
            log.Add("alert", new { number = 1 });
            var alert = (await first.ReadAsync())!;
            Assert.Equal(("alert", 1), (alert.Name, alert.Json.GetProperty("item").GetProperty("number").GetInt32()));
            Assert.Equal(alert.Id, alert.Json.GetProperty("eventId").GetInt64().ToString(CultureInfo.InvariantCulture));
            last = alert.Id!;
        }

        log.Add("alert", new { number = 2 });
        log.Add("incident", new { number = 3 });

        using var second = await EventReader.OpenAsync(server, token, "?positions=false", last);
        log.Add("alert", new { number = 4 });
        for (var number = 2; number <= 4; number++)
            Assert.Equal(number, (await second.ReadAsync())!.Json.GetProperty("item").GetProperty("number").GetInt32());
    }

    [Fact]
    public async Task A_client_to_which_nothing_happened_can_resume_too_and_one_that_was_away_too_long_is_told_so()
    {
        await using var server = await TestServer.StartAsync(store);
        var (token, _) = await TokenAsync(server);
        var log = server.Services.GetRequiredService<FeedLog>();
        string? begun;
        using (var first = await EventReader.OpenAsync(server, token, "?positions=false"))
            begun = (await first.ReadAsync())!.Id;
        log.Add("sortie", new { number = 1 });
        using (var second = await EventReader.OpenAsync(server, token, "?positions=false", begun))
            Assert.Equal("sortie", (await second.ReadAsync())!.Name);

        for (var i = 0; i <= FeedLog.Length; i++)
            log.Add("patrol", new { });
        using var third = await EventReader.OpenAsync(server, token, "?positions=false", begun);
        Assert.Equal("picture", (await third.ReadAsync())!.Name);
        Assert.Equal(log.LastId.ToString(CultureInfo.InvariantCulture), third.LastId);
    }

    [Fact]
    public async Task Vehicles_come_as_the_hub_sends_them_and_bounds_and_ids_choose_them()
    {
        await using var server = await TestServer.StartAsync(store);
        var (token, _) = await TokenAsync(server);
        var board = server.Services.GetRequiredService<VehicleBoard>();
        board.Show(At("1", 0));
        board.Show(At("2", 0));
        using var reader = await EventReader.OpenAsync(server, token, "?vehicles=2&rateHz=10&changesOnly=true&bounds=117,24,118,25");
        var whole = (await reader.UntilAsync(one => one.Name == "vehicles")).Json;
        board.Show(At("1", 1));
        board.Show(At("2", 1));
        await server.Services.GetRequiredService<DroneOps.Server.Cluster.Quiescence>().WhenIdleAsync();
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var change = (await reader.UntilAsync(one => one.Name == "vehicles")).Json;

        Assert.Equal("2", Assert.Single(whole.EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal("UAV-2", whole[0].GetProperty("name").GetString());
        Assert.Equal("2", Assert.Single(change.EnumerateArray()).GetProperty("id").GetString());
        Assert.False(change[0].TryGetProperty("name", out _));
    }

    [Fact]
    public async Task A_reader_that_stops_holds_up_nobody_and_gets_the_newest_when_it_goes_on()
    {
        const int vehicles = 150, rounds = 80;
        await using var server = await TestServer.StartAsync(store);
        var (token, _) = await TokenAsync(server);
        var board = server.Services.GetRequiredService<VehicleBoard>();
        using var slow = await EventReader.OpenAsync(server, token, "?rateHz=10", receiveBytes: 4096);
        using var quick = await EventReader.OpenAsync(server, token, "?rateHz=10");
        for (var round = 1; round <= rounds; round++)
        {
            for (var vehicle = 0; vehicle < vehicles; vehicle++)
                board.Show(At($"v{vehicle}", round));
            var seen = new HashSet<string>();
            while (seen.Count < vehicles)
            {
                foreach (var one in (await quick.UntilAsync(one => one.Name == "vehicles")).Json.EnumerateArray().Where(one => MarkOf(one) == round))
                    seen.Add(one.GetProperty("id").GetString()!);
                if (seen.Count < vehicles)
                    server.Time.Advance(TimeSpan.FromMilliseconds(100));
            }

            server.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        var marks = Enumerable.Range(0, vehicles).ToDictionary(vehicle => $"v{vehicle}", _ => 0);
        var snapshots = 0;
        while (marks.Values.Any(mark => mark < rounds))
        {
            foreach (var one in (await slow.UntilAsync(one => one.Name == "vehicles")).Json.EnumerateArray())
            {
                var id = one.GetProperty("id").GetString()!;
                Assert.True(MarkOf(one) >= marks[id], "A newer snapshot is not followed by an older one.");
                marks[id] = MarkOf(one);
                snapshots++;
            }
        }

        Assert.True(snapshots < vehicles * rounds / 2, $"{snapshots} snapshots waited for the slow reader");
    }

    [Fact]
    public async Task A_stream_shows_that_it_is_alive()
    {
        await using var server = await TestServer.StartAsync(store);
        var (token, _) = await TokenAsync(server);
        using var reader = await EventReader.OpenAsync(server, token, "?positions=false");
        Assert.Equal("picture", (await reader.ReadAsync())!.Name);
        server.Time.Advance(FollowEvents.BeatEvery);
        await reader.CommentAsync();
    }

    [Fact]
    public async Task Streams_and_hub_connections_of_a_revoked_token_end_and_those_of_others_go_on()
    {
        await using var server = await TestServer.StartAsync(store);
        var (token, id) = await TokenAsync(server);
        var (other, _) = await TokenAsync(server);
        using var ending = await EventReader.OpenAsync(server, token, "?positions=false");
        using var staying = await EventReader.OpenAsync(server, other, "?positions=false");
        await using var hub = new HubConnectionBuilder().WithUrl(new Uri(server.Address, "/feed"), http => http.Headers["Authorization"] = $"Bearer {token}").Build();
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        await hub.StartAsync(TestContext.Current.CancellationToken);
        await hub.InvokeAsync("Subscribe", new { rateHz = 1 }, TestContext.Current.CancellationToken);
        Assert.Equal("picture", (await ending.ReadAsync())!.Name);
        Assert.Equal("picture", (await staying.ReadAsync())!.Name);

        using var admin = await server.SignInAsync(Roles.Admin);
        using var revoked = await admin.DeleteAsync(new Uri($"/api/v1/tokens/{id}", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        server.Time.Advance(FeedRights.Every);

        await ending.EndAsync();
        await closed.Task;
        server.Services.GetRequiredService<FeedLog>().Add("sortie", new { });
        Assert.Equal("sortie", (await staying.UntilAsync(one => one.Name != "picture")).Name);
    }

    [Fact]
    public async Task A_stream_ends_with_the_password_that_opened_it()
    {
        await using var server = await TestServer.StartAsync(store);
        var pilot = await server.SignInAsync("pilot");
        using var reader = await EventReader.OpenAsync(pilot, "?positions=false");
        Assert.Equal("picture", (await reader.ReadAsync())!.Name);
        using var admin = await server.SignInAsync(Roles.Admin);
        var accounts = (await admin.GetAsync<JsonElement>("/api/v1/accounts")).GetProperty("items").EnumerateArray();
        var id = accounts.Single(account => account.GetProperty("userName").GetString() == "pilot").GetProperty("id").GetString();
        using var set = await admin.PutAsJsonAsync($"/api/v1/accounts/{id}/password", new { password = "another horse another staple" }, TestContext.Current.CancellationToken);
        Assert.True(set.IsSuccessStatusCode, await set.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        server.Time.Advance(FeedRights.Every);
        await reader.EndAsync();
    }

    [Fact]
    public async Task A_stream_and_a_hub_connection_end_with_the_session_that_opened_them()
    {
        const int idleMinutes = 10;
        await using var server = await TestServer.StartAsync(store, ("Accounts:SessionIdleMinutes", $"{idleMinutes}"));
        var cookies = new CookieContainer();
        using var reader = await EventReader.OpenAsync(await server.SignInAsync("dispatcher", cookies), "?positions=false");
        Assert.Equal("picture", (await reader.ReadAsync())!.Name);
        await using var hub = new HubConnectionBuilder().WithUrl(new Uri(server.Address, "/feed"), http => http.Cookies = cookies).Build();
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        await hub.StartAsync(TestContext.Current.CancellationToken);
        await hub.InvokeAsync("Subscribe", new { rateHz = 1 }, TestContext.Current.CancellationToken);

        server.Time.Advance(TimeSpan.FromMinutes(idleMinutes));

        await reader.EndAsync();
        await closed.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("bounds=1,2,3")]
    [InlineData("bounds=west,2,3,4")]
    [InlineData("rateHz=11")]
    public async Task A_wrong_question_is_refused(string query)
    {
        await using var server = await TestServer.StartAsync(store);
        using var machine = await server.TokenAsync("integration");
        using var answer = await machine.GetAsync(new Uri($"/api/v1/feed/events?{query}", UriKind.Relative), TestContext.Current.CancellationToken);
        var problem = await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(query.Split('=')[0], problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    internal static async Task<(string Token, string Id)> TokenAsync(TestServer server)
    {
        using var admin = await server.SignInAsync(Roles.Admin);
        using var answer = await admin.PostAsJsonAsync("/api/v1/tokens", new { name = $"feed-{Guid.NewGuid():N}", role = "integration" }, TestContext.Current.CancellationToken);
        var made = await answer.ReadAsync<JsonElement>(HttpStatusCode.Created);
        return (made.GetProperty("token").GetString()!, made.GetProperty("id").GetString()!);
    }

    /// <summary>The mark is the second of the snapshot.</summary>
    private static int MarkOf(JsonElement vehicle) => (int)(vehicle.GetProperty("updatedAt").GetDateTimeOffset() - TestServer.Begin).TotalSeconds;

    private static FleetVehicle At(string id, int second) => new(
        id, $"UAV-{id}", new VehicleSnapshot { Key = new("default", 1), At = TestServer.Begin.AddSeconds(second), Readiness = Readiness.NotHeard }, null, null, false, null, null);

    public sealed class OnSqlite() : EventStreamTests(Store.Sqlite);

    public sealed class OnPostgres() : EventStreamTests(Store.Postgres);
}
