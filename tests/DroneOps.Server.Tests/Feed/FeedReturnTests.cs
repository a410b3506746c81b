using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using DroneOps.Server.Alarms;
using DroneOps.Server.Api;
using DroneOps.Server.Feed;
using DroneOps.Server.Tests.Harness;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace DroneOps.Server.Tests.Feed;

/// <summary>Many come back at once: nobody misses an alert, and those who are in do not wait for those who come.</summary>
public abstract class FeedReturnTests(Store store)
{
    [Fact]
    public async Task Who_comes_while_the_service_closes_is_sent_away()
    {
        await using var server = await TestServer.StartAsync(store);
        var (token, _) = await EventStreamTests.TokenAsync(server);
        await using var inside = await Listener.HubAsync(server, token, null);
        server.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        using var machine = server.Anonymous();
        machine.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var refused = await machine.GetAsync(new Uri("/api/v1/feed/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await refused.ReadProblemAsync(HttpStatusCode.ServiceUnavailable, "closing");
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 8);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => Listener.HubAsync(server, token, null));
    }

    [Fact]
    public async Task After_a_restart_a_hundred_clients_have_every_alert_that_there_is()
    {
        const int each = 50, alerts = 12;
        await using var server = await TestServer.StartAsync(store);
        var (token, _) = await EventStreamTests.TokenAsync(server);
        var lastIds = new ConcurrentDictionary<int, long>();
        await ListenAsync();
        // Event ids begin with the clock, which stands in a test.
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await server.RestartAsync();

        // Some are raised before anybody is back, some while they come, some after.
        Raise(0, alerts / 3);
        var coming = ListenAsync(() => Raise(alerts / 3, alerts / 3));
        var held = await coming;
        Raise(alerts * 2 / 3, alerts / 3);
        using var machine = server.Anonymous();
        machine.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var all = (await machine.GetAsync<JsonElement>("/api/v1/alerts?limit=1000")).GetProperty("items").EnumerateArray().Select(alert => alert.GetProperty("id").GetString()!).ToHashSet();
        Assert.True(all.Count >= alerts, $"{all.Count} alerts");
        await Task.WhenAll(held.Select(client => client.UntilAsync(all)));
        foreach (var client in held)
            await client.DisposeAsync();

        async Task<List<Listener>> ListenAsync(Action? halfway = null)
        {
            List<Listener> listeners = [];
            for (var number = 0; number < 2 * each; number++)
            {
                if (number == each)
                    halfway?.Invoke();
                long? last = lastIds.TryGetValue(number, out var id) ? id : null;
                listeners.Add(number % 2 == 0 ? await Listener.HubAsync(server, token, last) : await Listener.StreamAsync(server, token, last));
            }

            if (halfway is not null)
                return listeners;
            server.Services.GetRequiredService<FeedLog>().Add("sortie", new { });
            for (var number = 0; number < listeners.Count; number++)
                lastIds[number] = await listeners[number].LastIdAsync();
            foreach (var listener in listeners)
                await listener.DisposeAsync();
            return [];
        }

        void Raise(int from, int count)
        {
            for (var i = from; i < from + count; i++)
                RaiseAlert(server, $"vehicle-{i}");
        }
    }

    [Fact]
    public async Task When_too_many_come_at_once_those_who_are_in_go_on_and_the_rest_are_told_when_to_come_again()
    {
        await using var server = await TestServer.StartAsync(store);
        var (token, _) = await EventStreamTests.TokenAsync(server);
        using var inside = await EventReader.OpenAsync(server, token, "?positions=false");
        Assert.Equal("picture", (await inside.ReadAsync())!.Name);
        var line = server.Services.GetRequiredService<AdmissionLine>();
        var places = Enumerable.Range(0, AdmissionLine.AtOnce + AdmissionLine.MostWaiting).Select(_ => line.EnterAsync(TestContext.Current.CancellationToken).AsTask()).ToList();

        using var machine = server.Anonymous();
        machine.DefaultRequestHeaders.Authorization = new("Bearer", token);
        foreach (var path in new[] { "/api/v1/feed/events", "/feed" })
        {
            using var refused = await machine.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            await refused.ReadProblemAsync(HttpStatusCode.ServiceUnavailable, "too-many-requests");
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 8);
        }

        server.Services.GetRequiredService<FeedLog>().Add("sortie", new { });
        Assert.Equal("sortie", (await inside.ReadAsync())!.Name);
        foreach (var place in places)
            (await place)!.Dispose();
        using var next = await EventReader.OpenAsync(server, token, "?positions=false");
        Assert.Equal("picture", (await next.ReadAsync())!.Name);
    }

    [Fact]
    public async Task Whoever_has_begun_or_takes_too_long_makes_room_for_the_next_in_the_line()
    {
        var time = new FakeTimeProvider(TestServer.Begin);
        using var line = new AdmissionLine(time);
        List<Admission> inside = [];
        for (var i = 0; i < AdmissionLine.AtOnce; i++)
            inside.Add((await line.EnterAsync(TestContext.Current.CancellationToken))!);
        var waiting = Enumerable.Range(0, AdmissionLine.AtOnce + 1).Select(_ => line.EnterAsync(TestContext.Current.CancellationToken).AsTask()).ToList();
        Assert.All(waiting, one => Assert.False(one.IsCompleted));

        inside[0].Dispose();
        inside[0].Dispose();
        Assert.NotNull(await waiting[0]);
        Assert.False(waiting[1].IsCompleted);
        time.Advance(AdmissionLine.Longest);
        Assert.All(await Task.WhenAll(waiting.Take(AdmissionLine.AtOnce + 1)), Assert.NotNull);
    }

    private static void RaiseAlert(TestServer server, string vehicle) => server.Services.GetRequiredService<AlarmBook>()
        .Apply(new Condition.Raise("failsafe", $"vehicle/{vehicle}", server.Time.GetUtcNow(), AlarmPriority.Warning, "A failsafe acts.") { VehicleId = vehicle });

    /// <summary>A client of either kind and the alerts it has seen.</summary>
    private sealed class Listener : IAsyncDisposable
    {
        private readonly HashSet<string> _alerts = [];
        private readonly System.Threading.Channels.Channel<JsonElement> _bodies = System.Threading.Channels.Channel.CreateUnbounded<JsonElement>();
        private HubConnection? _hub;
        private EventReader? _stream;

        public static async Task<Listener> HubAsync(TestServer server, string token, long? last)
        {
            var listener = new Listener();
            var hub = new HubConnectionBuilder().WithUrl(new Uri(server.Address, "/feed"), http => http.Headers["Authorization"] = $"Bearer {token}").Build();
            hub.On<JsonElement>("alert", body => listener._bodies.Writer.TryWrite(body));
            hub.On<JsonElement>("sortie", body => listener._bodies.Writer.TryWrite(body));
            await hub.StartAsync(TestContext.Current.CancellationToken);
            await hub.InvokeAsync("Subscribe", new { rateHz = 1, lastEventId = last }, TestContext.Current.CancellationToken);
            listener._hub = hub;
            return listener;
        }

        public static async Task<Listener> StreamAsync(TestServer server, string token, long? last) =>
            new() { _stream = await EventReader.OpenAsync(server, token, "?positions=false", last?.ToString(CultureInfo.InvariantCulture)) };

        /// <summary>The id of the first event.</summary>
        public async Task<long> LastIdAsync() => (await NextAsync()).GetProperty("eventId").GetInt64();

        /// <summary>Listens until it has all of these; another is one too many.</summary>
        public async Task UntilAsync(HashSet<string> alerts)
        {
            while (!_alerts.SetEquals(alerts))
            {
                var id = (await NextAsync()).GetProperty("item").GetProperty("id").GetString()!;
                Assert.Contains(id, alerts);
                _alerts.Add(id);
            }
        }

        public async ValueTask DisposeAsync()
        {
            _stream?.Dispose();
            if (_hub is not null)
                await _hub.DisposeAsync();
        }

        private async Task<JsonElement> NextAsync() => _stream is null
            ? await _bodies.Reader.ReadAsync(TestContext.Current.CancellationToken)
            : (await _stream.UntilAsync(one => one.Name is "alert" or "sortie")).Json;
    }

    public sealed class OnSqlite() : FeedReturnTests(Store.Sqlite);

    public sealed class OnPostgres() : FeedReturnTests(Store.Postgres);
}
