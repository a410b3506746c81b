using System.Collections.Concurrent;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Webhooks;

/// <summary>One courier for each subscription, from its first day to its last.</summary>
/// <remarks>Owner of the couriers' tasks. Couriers share nothing that one of them can hold up.</remarks>
internal sealed class Couriers(CourierBag bag, EventJournal journal, IDbContextFactory<FleetDb> databases) : BackgroundService
{
    private readonly ConcurrentDictionary<Guid, Lazy<(Courier Courier, Task Run)>> _couriers = [];
    private CancellationToken _stopping;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        bag.Book.Changed -= OnChanged;
        journal.Written -= OnWritten;
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        bag.Book.Changed += OnChanged;
        journal.Written += OnWritten;
        await using (var db = await databases.CreateDbContextAsync(stoppingToken))
        {
            foreach (var id in await db.Set<WebhookRecord>().Select(webhook => webhook.Id).ToListAsync(stoppingToken))
                OnChanged(id);
        }

        var stopped = new TaskCompletionSource();
        await using (stoppingToken.Register(stopped.SetResult))
            await stopped.Task;
        await Task.WhenAll(_couriers.Values.Select(courier => courier.Value.Run));
    }

    private void OnChanged(Guid id) => _couriers.GetOrAdd(id, _ => new(() => Begin(id))).Value.Courier.Ring();

    private void OnWritten()
    {
        foreach (var courier in _couriers.Values)
            courier.Value.Courier.Ring();
    }

    private (Courier Courier, Task Run) Begin(Guid id)
    {
        var courier = new Courier(id, bag);
        return (courier, Task.Run(() => RunAsync(id, courier), CancellationToken.None));
    }

    private async Task RunAsync(Guid id, Courier courier)
    {
        try
        {
            await courier.RunAsync(_stopping);
            _couriers.TryRemove(id, out _);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Closing: the cursor is in the store.
        }
    }
}
