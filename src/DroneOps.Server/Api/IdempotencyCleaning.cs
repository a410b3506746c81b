using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Api;

/// <summary>Forgets answers older than a day, once an hour.</summary>
internal sealed class IdempotencyCleaning(IDbContextFactory<FleetDb> databases, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var oldest = time.GetUtcNow() - Idempotency.KeptFor;
            await using var db = await databases.CreateDbContextAsync(stoppingToken);
            await db.Set<IdempotentRequest>().Where(request => request.At < oldest).ExecuteDeleteAsync(stoppingToken);
        }
    }
}
