using System.Diagnostics.Metrics;

namespace DroneOps.Server.CursorOnTarget;

/// <summary>Counters of all streams. Safe to share.</summary>
internal sealed class CotFigures
{
    private readonly long[] _received = new long[Enum.GetValues<CotReceived>().Length];
    private long _sent;
    private long _overtaken;
    private long _clients;
    private long _servers;
    private long _turnedAway;

    public long Sent => Interlocked.Read(ref _sent);

    public long Overtaken => Interlocked.Read(ref _overtaken);

    /// <summary>Clients that came to us and are connected.</summary>
    public long Clients => Interlocked.Read(ref _clients);

    /// <summary>Servers that we are connected to.</summary>
    public long Servers => Interlocked.Read(ref _servers);

    public long TurnedAway => Interlocked.Read(ref _turnedAway);

    public long Received(CotReceived kind) => Interlocked.Read(ref _received[(int)kind]);

    public void CountSent(int events) => Interlocked.Add(ref _sent, events);

    public void CountOvertaken() => Interlocked.Increment(ref _overtaken);

    public void CountTurnedAway() => Interlocked.Increment(ref _turnedAway);

    public void CountReceived(CotReceived kind) => Interlocked.Increment(ref _received[(int)kind]);

    public void CountConnection(bool isServer, int change) => Interlocked.Add(ref isServer ? ref _servers : ref _clients, change);
}

/// <summary>The counters as metrics.</summary>
internal sealed class CotMetrics : IHostedService, IDisposable
{
    private readonly Meter _meter;

    public CotMetrics(IMeterFactory meters, CotFigures figures)
    {
        _meter = meters.Create("DroneOps.CursorOnTarget");
        _meter.CreateObservableGauge("fleet_cot_connections", () => new Measurement<long>[] { new(figures.Clients, new KeyValuePair<string, object?>("side", "client")), new(figures.Servers, new KeyValuePair<string, object?>("side", "server")) }, description: "TAK clients and servers that get live positions");
        _meter.CreateObservableCounter("fleet_cot_events_sent", () => figures.Sent, description: "Cursor on Target events sent, over all connections");
        _meter.CreateObservableCounter("fleet_cot_events_overtaken", () => figures.Overtaken, description: "Events that a newer one about the same thing overtook before they were sent");
        _meter.CreateObservableCounter("fleet_cot_turned_away", () => figures.TurnedAway, description: "Clients without a right certificate, from a foreign network, or one too many");
        _meter.CreateObservableCounter("fleet_cot_received", () => Enum.GetValues<CotReceived>().Select(kind => new Measurement<long>(figures.Received(kind), new KeyValuePair<string, object?>("kind", char.ToLowerInvariant(kind.ToString()[0]) + kind.ToString()[1..]))), description: "Events that others sent; only pings are answered");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();
}
