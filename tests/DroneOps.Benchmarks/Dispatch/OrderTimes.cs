using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Patterns;
using DroneOps.Missions.Zones;
using DroneOps.Simulator.Scenarios;

namespace DroneOps.Benchmarks.Dispatch;

/// <summary>From the POST of an incident with automatic dispatch to the first frame of the order at the vehicle's UDP port, through the real
/// program, with 50 drones in the air.</summary>
internal sealed class OrderTimes : IAsyncDisposable
{
    private const int Drones = 50;
    private const double MarginM = 60; // from zones: the drone stands beside the place
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    private readonly ServerProcess _server;
    private readonly WiredFleet _fleet;
    private readonly HttpClient _control;
    private readonly Random _random;
    private Transit _free = null!;

    private OrderTimes(ServerProcess server, WiredFleet fleet, HttpClient control, int seed) =>
        (_server, _fleet, _control, _random) = (server, fleet, control, new Random(seed));

    public static async Task<OrderTimes> StartAsync(int seed, CancellationToken cancellation)
    {
        var server = await ServerProcess.StartAsync(null, cancellation);
        var fleet = new WiredFleet(new Scenario(Drones, FastBoot: true, Parameters: new Dictionary<string, float> { ["BATT_CAPACITY"] = 13_070 }), new IPEndPoint(IPAddress.Loopback, server.LinkPort));
        var control = new HttpClient { BaseAddress = server.Address };
        control.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await server.TokenAsync(cancellation));
        return new OrderTimes(server, fleet, control, seed);
    }

    /// <summary>Brings all drones into the air, each to an incident of its own, then measures.</summary>
    /// <returns>Whether the slowest of a hundred took less than 150 ms.</returns>
    public async Task<bool> RunAsync(int orders, CancellationToken cancellation)
    {
        await LaunchAsync(cancellation);
        Latencies toWire = new(), toAnswer = new();
        for (var turn = -5; turn < orders; turn++)
        {
            var ordered = _fleet.NextOrderAsync();
            var began = TimeProvider.System.GetTimestamp();
            var incident = await PostAsync("/api/v1/incidents", Report("auto", 1), cancellation);
            var answered = TimeProvider.System.GetElapsedTime(began);
            var arrived = await ArrivalAsync(ordered, incident, cancellation);
            if (turn >= 0)
            {
                toWire.Add(TimeProvider.System.GetElapsedTime(began, arrived));
                toAnswer.Add(answered);
            }

            // The drone is given back, in the air, before the next call.
            await UntilAsync(async () => (await ShowAsync(incident, cancellation)).GetProperty("state").GetString() is "dispatched" or "onScene", cancellation);
            await PostAsync($"/api/v1/incidents/{incident}/close", new { }, cancellation);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"from POST to the first frame of the order, {_fleet.Copters.Count(copter => !copter.IsLanded)} drones flying: {toWire}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"from POST to its answer:                                    {toAnswer}"));
        return toWire.At(0.99) < 150;
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        _fleet.Dispose();
        await _server.DisposeAsync();
    }

    private async Task<long> ArrivalAsync(Task<long> ordered, string incident, CancellationToken cancellation)
    {
        try
        {
            return await ordered.WaitAsync(AnswerWithin, TimeProvider.System, cancellation);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"No drone was ordered in {AnswerWithin.TotalSeconds:0} s: {(await ShowAsync(incident, cancellation)).GetProperty("waitsFor").GetString()}");
        }
    }

    private async Task LaunchAsync(CancellationToken cancellation)
    {
        _free = await FreeAsync(cancellation);
        await UntilAsync(
            async () => (await _control.GetFromJsonAsync<JsonElement>("/api/v1/vehicles?limit=100", cancellation)).GetProperty("items").GetArrayLength() == Drones, cancellation);
        for (var drone = 0; drone < Drones; drone++)
        {
            var incident = await PostAsync("/api/v1/incidents", Report("manual", 3), cancellation);
            await UntilAsync(
                async () =>
                {
                    using var sent = await _control.PostAsJsonAsync($"/api/v1/incidents/{incident}/dispatch", new { }, cancellation);
                    return sent.IsSuccessStatusCode;
                },
                cancellation);
        }

        await UntilAsync(() => Task.FromResult(_fleet.Copters.All(copter => !copter.IsLanded && copter.Height > 20)), cancellation);
    }

    private object Report(string dispatch, int priority) => new
    {
        type = "assistance",
        priority,
        summary = "",
        location = new { type = "Point", coordinates = Somewhere() },
        dispatch,
    };

    private double[] Somewhere()
    {
        while (true)
        {
            var place = new GeoPoint(24.500 + (0.02 * _random.NextDouble()), 117.645 + (0.05 * _random.NextDouble()));
            if (_free.IsFree(place))
                return [place.LongitudeDeg, place.LatitudeDeg];
        }
    }

    /// <summary>Where drones may go, from what the service says of its zones; those with hours count always.</summary>
    private async Task<Transit> FreeAsync(CancellationToken cancellation)
    {
        var zones = new List<GeoZone>();
        foreach (var feature in (await _control.GetFromJsonAsync<JsonElement>("/api/v1/zones?limit=1000", cancellation)).GetProperty("items").EnumerateArray())
        {
            if (!Enum.TryParse<ZoneEffect>(feature.GetProperty("properties").GetProperty("effect").GetString(), ignoreCase: true, out var effect) || effect != ZoneEffect.KeepOut)
                continue;
            var ring = feature.GetProperty("geometry").GetProperty("coordinates")[0].EnumerateArray().Select(at => new GeoPoint(at[1].GetDouble(), at[0].GetDouble())).ToArray();
            if (ZoneShape.Polygon(ring).TryGet(out var shape))
                zones.Add(new GeoZone($"zone-{zones.Count}", "", effect, shape));
        }

        return new Transit(new LocalPlane(new GeoPoint(24.51, 117.67)), zones, MarginM);
    }

    private async Task<JsonElement> ShowAsync(string incident, CancellationToken cancellation) =>
        await _control.GetFromJsonAsync<JsonElement>($"/api/v1/incidents/{incident}", cancellation);

    private async Task<string> PostAsync(string path, object body, CancellationToken cancellation)
    {
        using var answer = await _control.PostAsJsonAsync(path, body, cancellation);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellation)}");
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("id").GetString()!;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds, CancellationToken cancellation)
    {
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        var began = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
                throw new TimeoutException("It did not come to hold.");
            await pause.WaitForNextTickAsync(cancellation);
        }
    }
}
