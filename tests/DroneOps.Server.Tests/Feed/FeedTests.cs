using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;
using DroneOps.Mavlink;
using DroneOps.Server.Cluster;
using DroneOps.Server.Feed;
using DroneOps.Server.Fleet;
using DroneOps.Server.Tests.Harness;
using DroneOps.Vehicles;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DroneOps.Server.Tests.Feed;

/// <summary>What a client of the feed gets, and what a slow one does not do to the others.</summary>
public sealed class FeedTests
{
    private readonly FakeTimeProvider _time = new(TestServer.Begin);
    private readonly Quiescence _quiescence = new();
    private readonly FeedLog _log;

    private static readonly JsonSerializerOptions PlainJson = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public FeedTests() => _log = new FeedLog(_time);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Both_protocols_carry_the_contracts_names(bool inMessagePack)
    {
        await using var server = await TestServer.StartAsync(Store.Sqlite);
        await using var hub = await ConnectionAsync(server, inMessagePack);
        var sorties = Channel.CreateUnbounded<JsonElement>();
        var vehicles = Channel.CreateUnbounded<JsonElement>();
        hub.On<object>("sortie", body => sorties.Writer.TryWrite(Plain(body)));
        hub.On<object>("vehicles", body => vehicles.Writer.TryWrite(Plain(body)));
        await hub.StartAsync(TestContext.Current.CancellationToken);
        server.Services.GetRequiredService<VehicleBoard>().Show(At("7", 0));

        await hub.InvokeAsync("Subscribe", new Dictionary<string, object?> { ["bounds"] = null, ["vehicles"] = null, ["rateHz"] = 5, ["lastEventId"] = null }, TestContext.Current.CancellationToken);
        var seen = (await vehicles.Reader.ReadAsync(TestContext.Current.CancellationToken))[0];
        server.Services.GetRequiredService<FeedLog>().Add("sortie", new { DistanceM = 12.5, TakeoffAt = TestServer.Begin });
        var happened = await sorties.Reader.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal("7", seen.GetProperty("id").GetString());
        Assert.Equal("lost", seen.GetProperty("link").GetProperty("state").GetString());
        Assert.True(happened.GetProperty("eventId").GetInt64() > 0);
        Assert.Equal(12.5, happened.GetProperty("item").GetProperty("distanceM").GetDouble());
        Assert.StartsWith("2026-05-01T00:00:00", happened.GetProperty("item").GetProperty("takeoffAt").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_patrol_that_is_started_is_told_to_the_feed()
    {
        await using var server = await TestServer.StartAsync(Store.Sqlite);
        using var pilot = await server.SignInAsync("pilot");
        using var made = await pilot.PostAsJsonAsync("/api/v1/patrols", new { name = "Old city", routeId = "old-city-lawnmower" }, TestContext.Current.CancellationToken);
        var patrol = (await made.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        await using var hub = await ConnectionAsync(server, inMessagePack: false);
        var patrols = Channel.CreateUnbounded<JsonElement>();
        hub.On<JsonElement>("patrol", body => patrols.Writer.TryWrite(body));
        await hub.StartAsync(TestContext.Current.CancellationToken);
        await hub.InvokeAsync("Subscribe", new { rateHz = 1 }, TestContext.Current.CancellationToken);

        using var started = await pilot.PostAsJsonAsync($"/api/v1/patrols/{patrol}/start", new { }, TestContext.Current.CancellationToken);

        var told = await patrols.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal((await started.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("id").GetString(), told.GetProperty("item").GetProperty("id").GetString());
        Assert.Equal("planned", told.GetProperty("item").GetProperty("state").GetString());
        Assert.True(told.GetProperty("eventId").GetInt64() > 0);
    }

    [Fact]
    public async Task A_slow_client_gets_the_newest_state_and_holds_up_nobody()
    {
        var gate = new TaskCompletionSource();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (slow, slowSeen) = Client(gate.Task, asked);
        var (quick, quickSeen) = Client(Task.CompletedTask, null);
        await using var first = slow;
        await using var second = quick;
        await using var lane = Lane(new FeedRequest(null, null, 10), slow, quick);
        lane.Offer(Body("1", 0));
        Assert.Equal(0, MarkOf(await quickSeen.ReadAsync(TestContext.Current.CancellationToken)));
        await asked.Task;

        for (var mark = 1; mark <= 50; mark++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            lane.Offer(Body("1", mark));
            Assert.Equal(mark, MarkOf(await quickSeen.ReadAsync(TestContext.Current.CancellationToken)));
        }

        gate.SetResult();
        Assert.Equal(0, MarkOf(await slowSeen.ReadAsync(TestContext.Current.CancellationToken)));
        Assert.Equal(50, MarkOf(await slowSeen.ReadAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task A_vehicle_is_sent_no_oftener_than_the_client_asked()
    {
        var (client, seen) = Client(Task.CompletedTask, null);
        await using var held = client;
        await using var lane = Lane(new FeedRequest(null, null, 1), client);
        for (var mark = 0; mark <= 30; mark++)
        {
            await _quiescence.WhenIdleAsync();
            _time.Advance(TimeSpan.FromMilliseconds(100));
            lane.Offer(Body("1", mark));
        }

        await _quiescence.WhenIdleAsync();
        var got = Drain(seen).ConvertAll(MarkOf);
        Assert.InRange(got.Count, 3, 4);
        Assert.Equal(got.Order(), got);
    }

    [Fact]
    public async Task A_change_of_mode_does_not_wait_for_the_vehicles_turn()
    {
        var (client, seen) = Client(Task.CompletedTask, null);
        await using var held = client;
        await using var lane = Lane(new FeedRequest(null, null, 1), client);
        lane.Offer(Body("1", 0, "AUTO"));
        await _quiescence.WhenIdleAsync();
        _time.Advance(TimeSpan.FromMilliseconds(100));
        lane.Offer(Body("1", 1, "AUTO"));
        _time.Advance(TimeSpan.FromMilliseconds(100));
        lane.Offer(Body("1", 2, "LAND"));
        await _quiescence.WhenIdleAsync();
        Assert.Equal([0, 2], Drain(seen).ConvertAll(MarkOf));
    }

    [Fact]
    public async Task A_vehicle_that_leaves_the_bounds_is_told_once_and_comes_back_whole()
    {
        var (client, seen) = Client(Task.CompletedTask, null);
        await using var held = client;
        await using var lane = Lane(new FeedRequest([117.6, 24.4, 117.7, 24.6], null, 10, ChangesOnly: true), client);
        double[] longitudes = [117.69, 117.695, 117.71, 117.72, 117.73, 117.699, 117.698];
        foreach (var (mark, longitude) in longitudes.Index())
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            lane.Offer(Body("1", mark, longitudeDeg: longitude));
            await _quiescence.WhenIdleAsync();
        }

        var told = Drain(seen);
        Assert.Equal([0, 1, 2, 5, 6], told.ConvertAll(MarkOf));
        Assert.Equal([true, false, true, true, false], told.ConvertAll(body => body.TryGetProperty("name", out _)));
    }

    [Fact]
    public async Task A_slow_client_is_told_of_a_vehicle_that_left_meanwhile_and_one_that_comes_then_is_not()
    {
        var gate = new TaskCompletionSource();
        var (slow, slowSeen) = Client(gate.Task, null);
        var (late, lateSeen) = Client(Task.CompletedTask, null);
        await using var first = slow;
        await using var second = late;
        await using var lane = Lane(new FeedRequest([117.6, 24.4, 117.7, 24.6], null, 10), slow);
        double[] longitudes = [117.69, 117.71, 117.72];
        foreach (var (mark, longitude) in longitudes.Index())
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            lane.Offer(Body("1", mark, longitudeDeg: longitude));
            await _quiescence.WhenIdleAsync();
        }

        late.Subscribe(lane, _log.LastId);
        late.Miss(lane.Add(late));
        gate.SetResult();
        Assert.Equal(0, MarkOf(await slowSeen.ReadAsync(TestContext.Current.CancellationToken)));
        Assert.Equal(1, MarkOf(await slowSeen.ReadAsync(TestContext.Current.CancellationToken)));

        _time.Advance(TimeSpan.FromSeconds(1));
        lane.Offer(Body("1", 3, longitudeDeg: 117.699));
        Assert.Equal(3, MarkOf(await slowSeen.ReadAsync(TestContext.Current.CancellationToken)));
        Assert.Equal(3, MarkOf(await lateSeen.ReadAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task A_client_that_merges_changes_has_what_one_that_is_sent_everything_has()
    {
        var random = new Random(7);
        var (whole, wholeSeen) = Client(Task.CompletedTask, null);
        var (merging, changesSeen) = Client(Task.CompletedTask, null);
        await using var first = whole;
        await using var second = merging;
        await using var lane = Lane(new FeedRequest(null, null, 10), whole);
        await using var changes = Lane(new FeedRequest(null, null, 10, ChangesOnly: true), merging);
        var (bytes, changedBytes) = (0, 0);
        var merged = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        for (var mark = 0; mark < 200; mark++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            var body = Body("1", mark, random.Next(5) == 0 ? null : $"MODE{random.Next(3)}");
            lane.Offer(body);
            changes.Offer(body);
            await _quiescence.WhenIdleAsync();

            var sent = Assert.Single(Drain(wholeSeen));
            var change = Assert.Single(Drain(changesSeen));
            (bytes, changedBytes) = (bytes + sent.GetRawText().Length, changedBytes + change.GetRawText().Length);
            foreach (var member in change.EnumerateObject())
                merged[member.Name] = member.Value;
            Assert.Equal(sent.GetRawText(), JsonSerializer.Serialize(merged, PlainJson));
        }

        Assert.True(changedBytes * 4 < bytes, $"{changedBytes} bytes of changes, {bytes} of everything");
    }

    [Fact]
    public async Task A_client_that_joins_others_or_was_slow_is_sent_whole_snapshots_that_the_next_changes_fit()
    {
        var gate = new TaskCompletionSource();
        var (slow, slowSeen) = Client(gate.Task, null);
        var (quick, quickSeen) = Client(Task.CompletedTask, null);
        var (late, lateSeen) = Client(Task.CompletedTask, null);
        await using var first = slow;
        await using var second = quick;
        await using var third = late;
        await using var lane = Lane(new FeedRequest(null, null, 10, ChangesOnly: true), slow, quick);
        for (var mark = 0; mark < 3; mark++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            lane.Offer(Body("1", mark));
            await _quiescence.WhenIdleAsync();
        }

        late.Subscribe(lane, _log.LastId);
        late.Miss(lane.Add(late));
        gate.SetResult();
        Assert.Equal(0, MarkOf(await slowSeen.ReadAsync(TestContext.Current.CancellationToken)));
        var caughtUp = await slowSeen.ReadAsync(TestContext.Current.CancellationToken);
        var joined = await lateSeen.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, MarkOf(caughtUp));
        Assert.Equal(caughtUp.GetRawText(), joined.GetRawText());
        Assert.True(caughtUp.TryGetProperty("name", out _));
        Assert.False(Drain(quickSeen)[^1].TryGetProperty("name", out _));

        _time.Advance(TimeSpan.FromMilliseconds(100));
        lane.Offer(Body("1", 3));
        Assert.Equal(3, MarkOf(await slowSeen.ReadAsync(TestContext.Current.CancellationToken)));
        Assert.Equal(3, MarkOf(await lateSeen.ReadAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task The_picture_for_those_who_come_is_made_once_until_something_changes()
    {
        var (client, seen) = Client(Task.CompletedTask, null);
        await using var held = client;
        await using var lane = Lane(new FeedRequest(null, null, 10, ChangesOnly: true), client);
        lane.Offer(Body("1", 0));
        lane.Offer(Body("2", 0));
        await _quiescence.WhenIdleAsync();
        var picture = lane.CatchUp(["1", "2"]);
        Assert.Same(picture, lane.CatchUp(["2", "1"]));
        Assert.NotSame(picture, lane.CatchUp(["2"]));
        _time.Advance(TimeSpan.FromMilliseconds(100));
        lane.Offer(Body("1", 1));
        await _quiescence.WhenIdleAsync();
        Assert.NotSame(picture, lane.CatchUp(["1", "2"]));
        Assert.Equal(2, lane.CatchUp(["1", "2"])!.Bodies.Count);
        Assert.NotEmpty(Drain(seen));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_vehicle_that_cannot_be_put_into_words_costs_nobody_the_sight_of_the_others(bool changesOnly)
    {
        var (client, seen) = Client(Task.CompletedTask, null);
        await using var held = client;
        await using var lane = Lane(new FeedRequest(null, null, 10, ChangesOnly: changesOnly), client);
        lane.Offer(Body("1", 0));
        lane.Offer(Body("2", 0));
        await _quiescence.WhenIdleAsync();
        Assert.Equal(["1", "2"], Drain(seen).Select(vehicle => vehicle.GetProperty("id").GetString()).Order());

        var odd = At("1", 1);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        lane.Offer(new(odd with { Snapshot = odd.Snapshot with { Attitude = new(new(double.NaN, 0, 0, 1), odd.Snapshot.At, TimeSpan.Zero, IsStale: false) } }, 2, _log.Json));
        lane.Offer(Body("2", 1));
        await _quiescence.WhenIdleAsync();
        Assert.Equal("2", Assert.Single(Drain(seen)).GetProperty("id").GetString());

        _time.Advance(TimeSpan.FromMilliseconds(100));
        lane.Offer(Body("1", 2));
        await _quiescence.WhenIdleAsync();
        Assert.Equal("1", Assert.Single(Drain(seen)).GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_client_resumes_after_its_last_event_and_gets_the_whole_picture_when_that_is_too_long_ago()
    {
        var events = Channel.CreateUnbounded<long>();
        var open = new FeedEvent(42, new FeedMessage("alert", [new Encoded(() => new { eventId = 42 }, _log.Json)], isList: false));
        await using var client = new FeedClient(
            (message, _) =>
            {
                events.Writer.TryWrite(JsonElement.Parse(message.Bodies[0].Json).GetProperty("eventId").GetInt64());
                return ValueTask.CompletedTask;
            },
            _log, () => [open], mistake => events.Writer.TryComplete(mistake), _quiescence);
        await using var lane = new FeedLane(new FeedRequest(null, null), _quiescence, _time, NullLogger.Instance);
        _log.Add("alert", new { });
        var last = _log.LastId;
        _log.Add("sortie", new { });
        _log.Add("incident", new { });

        client.Subscribe(lane, last);
        Assert.Equal(last + 1, await events.Reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(last + 2, await events.Reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.True(client.Resume(last + 1));
        Assert.Equal(last + 2, await events.Reader.ReadAsync(TestContext.Current.CancellationToken));

        for (var i = 0; i <= FeedLog.Length; i++)
            _log.Add("unit", new { });
        Assert.False(client.Resume(last));
        Assert.Equal(42, await events.Reader.ReadAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<HubConnection> ConnectionAsync(TestServer server, bool inMessagePack)
    {
        using var machine = await server.TokenAsync("integration");
        var token = machine.DefaultRequestHeaders.Authorization!.Parameter;
        var builder = new HubConnectionBuilder().WithUrl(new Uri(server.Address, "/feed"), http => http.Headers["Authorization"] = $"Bearer {token}");
        return (inMessagePack ? builder.AddMessagePackProtocol() : builder).Build();
    }

    private (FeedClient Client, ChannelReader<JsonElement> Seen) Client(Task ready, TaskCompletionSource? asked)
    {
        var seen = Channel.CreateUnbounded<JsonElement>();
        return (new FeedClient(
            async (batch, _) =>
            {
                asked?.TrySetResult();
                await ready;
                foreach (var body in batch.Bodies)
                    seen.Writer.TryWrite(JsonElement.Parse(body.Json));
            },
            _log, () => [], mistake => seen.Writer.TryComplete(mistake), _quiescence), seen.Reader);
    }

    private FeedLane Lane(FeedRequest wanted, params FeedClient[] clients)
    {
        var lane = new FeedLane(wanted, _quiescence, _time, NullLogger.Instance);
        foreach (var client in clients)
        {
            client.Subscribe(lane, _log.LastId);
            client.Miss(lane.Add(client));
        }

        return lane;
    }

    private VehicleBody Body(string id, int mark, string? mode = null, double? longitudeDeg = null)
    {
        var vehicle = At(id, mark);
        Reading<PositionReading>? position = longitudeDeg is { } degrees
            ? new(new(new GeoPoint(24.5, degrees), Altitude.Amsl(71), Altitude.Relative(52), default, null, 1000), vehicle.Snapshot.At, TimeSpan.Zero, false)
            : null;
        return new(vehicle with { Snapshot = vehicle.Snapshot with { Mode = mode, Position = position } }, mark + 1, _log.Json);
    }

    /// <summary>The mark is the second of the snapshot.</summary>
    private static int MarkOf(JsonElement vehicle) => (int)(vehicle.GetProperty("updatedAt").GetDateTimeOffset() - TestServer.Begin).TotalSeconds;

    private static List<JsonElement> Drain(ChannelReader<JsonElement> seen)
    {
        List<JsonElement> all = [];
        while (seen.TryRead(out var one))
            all.Add(one);
        return all;
    }

    private static FleetVehicle At(string id, int second) => new(
        id, $"UAV-{id}", new VehicleSnapshot { Key = new("default", 1), At = TestServer.Begin.AddSeconds(second), Readiness = Readiness.NotHeard }, null, null, false, null, null);

    /// <summary>What a protocol made of a body, as JSON.</summary>
    private static JsonElement Plain(object body) => body is JsonElement json ? json : JsonSerializer.SerializeToElement(Named(body));

    private static object? Named(object? value) => value switch
    {
        IDictionary<object, object> map => map.ToDictionary(pair => (string)pair.Key, pair => Named(pair.Value)),
        object[] items => items.Select(Named).ToArray(),
        _ => value,
    };
}
