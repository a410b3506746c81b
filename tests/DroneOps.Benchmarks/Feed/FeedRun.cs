using System.Globalization;

namespace DroneOps.Benchmarks.Feed;

/// <summary>A server, the fleet that speaks to it and the clients that listen.</summary>
internal sealed class FeedRun : IAsyncDisposable
{
    private const int SilentVehicles = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly ServerProcess _server;
    private readonly VehicleSender _sender;
    private readonly StampBook _stamps;
    private readonly string _token;
    private readonly double _rateHz;
    private readonly FeedScores _scores = new();
    private readonly List<HubClient> _hubs = [];
    private readonly List<PlainClient> _plain = [];

    private FeedRun(ServerProcess server, VehicleSender sender, StampBook stamps, string token, double rateHz) =>
        (_server, _sender, _stamps, _token, _rateHz) = (server, sender, stamps, token, rateHz);

    /// <summary>The server's resident memory, megabytes.</summary>
    public double Memory => _server.Memory / 1e6;

    public static async Task<FeedRun> StartAsync(int vehicles, double rateHz, CancellationToken cancellationToken)
    {
        var server = await ServerProcess.StartAsync(null, cancellationToken);
        StampBook stamps = new(vehicles);
        var token = await server.TokenAsync(cancellationToken);
        return new FeedRun(server, new VehicleSender(vehicles, server.LinkPort, stamps), stamps, token, rateHz);
    }

    /// <summary>Adds clients, half of each kind in JSON and half in MessagePack.</summary>
    public async Task AddAsync(int hubClients, int plainClients, CancellationToken cancellationToken)
    {
        for (var i = 0; i < hubClients; i++)
            _hubs.Add(await HubClient.StartAsync(_server.Address, _token, i % 2 == 1, _rateHz, _stamps, _scores, cancellationToken));
        for (var i = 0; i < plainClients; i++)
            _plain.Add(await PlainClient.StartAsync(_server.Address, _token, i % 2 == 1, _rateHz, null, _stamps, _scores, cancellationToken));
    }

    /// <summary>Waits until a client has seen every vehicle, then lets the server run warm: compiled in full, streams set up.</summary>
    public async Task WarmUpAsync(TimeSpan span, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        while (_hubs[0].Vehicles < _stamps.Vehicles)
        {
            await look.WaitForNextTickAsync(cancellationToken);
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
                throw new TimeoutException($"Only {_hubs[0].Vehicles} of {_stamps.Vehicles} vehicles are in the feed.");
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_stamps.Vehicles} new vehicles in the feed {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s after the clients; server was ready {_server.StartedIn.TotalSeconds:0.00} s after its start"));
        await MeasureAsync(null, span, cancellationToken);
    }

    /// <summary>So many come in the same moment and leave when they have the picture; tells what the others saw meanwhile.</summary>
    public async Task<(FeedScore Score, TimeSpan Took)> FloodAsync(int clients, CancellationToken cancellationToken)
    {
        ReconnectFlood flood = new(_server.Address, _token);
        var began = TimeProvider.System.GetTimestamp();
        var coming = flood.RunAsync(clients, cancellationToken);
        var score = await MeasureAsync(string.Create(CultureInfo.InvariantCulture, $"{_hubs.Count + _plain.Count} clients while {clients:N0} come"), coming, cancellationToken);
        var took = TimeProvider.System.GetElapsedTime(began);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  all {flood.Back:N0} had the picture after {took.TotalSeconds:0.0} s; {flood.Refused:N0} times one was told to come again later, {flood.Broken:N0} connections were not made"));
        return (score, took);
    }

    /// <summary>Restarts the server under clients that come back by themselves, lets vehicles fall silent meanwhile, and counts the alerts.</summary>
    public async Task<bool> RestartAsync(int clients, TimeSpan patience, CancellationToken cancellationToken)
    {
        List<ReturningClient> all = [.. Enumerable.Range(0, clients).Select(_ => new ReturningClient(_server.Address, _token))];
        try
        {
            await UntilAsync(() => all.All(client => client.IsBack), patience, cancellationToken);
            var began = TimeProvider.System.GetTimestamp();
            var started = await _server.RestartAsync(cancellationToken);
            var down = TimeProvider.System.GetElapsedTime(began);
            await UntilAsync(() => all.All(client => client.IsBack && client.BackAt > began), patience, cancellationToken);
            var last = TimeProvider.System.GetElapsedTime(began, all.Max(client => client.BackAt));
            _sender.Silence(SilentVehicles);
            List<string> alerts = [];
            await UntilAsync(() => all.All(client => client.Has(alerts)) && alerts.Count >= SilentVehicles, patience, cancellationToken, async () =>
            {
                var page = await _server.GetAsync(_token, "/api/v1/alerts?limit=1000", cancellationToken);
                alerts = [.. page.GetProperty("items").EnumerateArray().Select(alert => alert.GetProperty("id").GetString()!)];
            });
            var lost = alerts.Count(id => !all.TrueForAll(client => client.Has([id])));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{clients} clients: nobody answered for {down.TotalSeconds:0.0} s (start {started.TotalSeconds:0.0} s); the last was back {last.TotalSeconds:0.0} s after the stop, {(last - down).TotalSeconds:0.0} s after the server was ready; of {alerts.Count} alerts {lost} did not reach everybody"));
            return lost == 0 && alerts.Count >= SilentVehicles && last < patience;
        }
        finally
        {
            foreach (var client in all)
                await client.DisposeAsync();
        }
    }

    /// <summary>A client that reads slowly and is not counted; the caller ends it.</summary>
    public Task<PlainClient> SlowAsync(int bytesPerSecond, CancellationToken cancellationToken) =>
        PlainClient.StartAsync(_server.Address, _token, messagePack: false, _rateHz, bytesPerSecond, _stamps, null, cancellationToken);

    /// <summary>Lets it run for a while and tells what was seen.</summary>
    /// <param name="title">The line's beginning; null measures without a word.</param>
    public async Task<FeedScore> MeasureAsync(string? title, TimeSpan span, CancellationToken cancellationToken)
    {
        using var ending = new PeriodicTimer(span, TimeProvider.System);
        return await MeasureAsync(title, ending.WaitForNextTickAsync(cancellationToken).AsTask(), cancellationToken);
    }

    private static async Task UntilAsync(Func<bool> isSo, TimeSpan patience, CancellationToken cancellationToken, Func<Task>? look = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        while (!isSo() && TimeProvider.System.GetElapsedTime(began) < patience)
        {
            await pause.WaitForNextTickAsync(cancellationToken);
            if (look is not null)
                await look();
        }
    }

    private async Task<FeedScore> MeasureAsync(string? title, Task until, CancellationToken cancellationToken)
    {
        _scores.Begin();
        var (began, sent, server, own, all) = (TimeProvider.System.GetTimestamp(), _sender.Sent, _server.CpuTime, CpuClock.OfProcess(), Machine.BusyTime());
        await until.WaitAsync(cancellationToken);
        var score = _scores.Begin();
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        var (serverCpu, ownCpu) = ((_server.CpuTime - server).TotalSeconds / seconds, (CpuClock.OfProcess() - own).TotalSeconds / seconds);
        var others = ((Machine.BusyTime() - all).TotalSeconds / seconds) - serverCpu - ownCpu;
        if (_hubs.Select(client => client.Broken).Concat(_plain.Select(client => client.Broken)).FirstOrDefault(broken => broken is not null) is { } cause)
            throw new InvalidOperationException("A client lost its connection.", cause);
        if (title is not null)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{title}: {(_sender.Sent - sent) / seconds:N0} frames/s in, {score.Snapshots / seconds / Math.Max(1, _hubs.Count):N0} snapshots/s to each SignalR client, {score.Bytes / seconds / 1e6:0.0} MB/s to {_plain.Count} plain ones"));
            Console.WriteLine($"  position to client     {score.Position}");
            Console.WriteLine($"  mode change to client  {score.Mode}");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  cores used: server {serverCpu:0.00}, vehicles and clients {ownCpu:0.00}, everything else on the machine {Math.Max(0, others):0.00}; server memory {Memory:0} MB"));
        }

        return score;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _hubs)
            await client.DisposeAsync();
        foreach (var client in _plain)
            await client.DisposeAsync();
        _sender.Dispose();
        await _server.DisposeAsync();
    }
}
