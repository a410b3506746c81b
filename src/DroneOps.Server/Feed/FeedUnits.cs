using System.Collections.Concurrent;
using DroneOps.Server.Cluster;
using DroneOps.Server.Units;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Feed;

/// <summary>Brings the ground crews to the feed: each that changed, once a second at most and as it then is. Where a crew was is no event that
/// anybody would miss, so it takes no event id and no place in the log of events.</summary>
internal sealed class FeedUnits(UnitBoard board, FeedClients clients, FeedLog log, Quiescence quiescence, TimeProvider time, IOptions<UnitsOptions> options) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, byte> _changed = new(StringComparer.OrdinalIgnoreCase);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        board.Changed += OnChanged;
        board.Removed += OnRemoved;
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        board.Changed -= OnChanged;
        board.Removed -= OnRemoved;
        return base.StopAsync(cancellationToken);
    }

    /// <summary>Tells a client that begins where every crew is now.</summary>
    public void Greet(string connection)
    {
        foreach (var unit in board.All)
            clients.Offer(connection, unit.CallSign, unit.Point, MessageOf(unit));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                using (quiescence.Work())
                    Tell();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Closing: the crews will report again.
        }
    }

    private void OnChanged(Unit unit) => _changed[unit.CallSign] = 0;

    private void OnRemoved(string callSign) => _changed[callSign] = 0;

    private void Tell()
    {
        foreach (var (callSign, _) in _changed)
        {
            _changed.TryRemove(callSign, out _);
            var unit = board.Find(callSign);
            clients.Offer(callSign, unit?.Point, unit is null ? Removed(callSign) : MessageOf(unit));
        }
    }

    private FeedMessage MessageOf(Unit unit) => Message(() => UnitView.Of(unit, time.GetUtcNow(), options.Value));

    private FeedMessage Removed(string callSign) => Message(() => new { callSign, isRemoved = true });

    private FeedMessage Message(Func<object> item) => new("unit", [new Encoded(() => new { eventId = (long?)null, item = item() }, log.Json)], isList: false);
}
