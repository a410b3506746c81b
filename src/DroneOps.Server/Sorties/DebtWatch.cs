using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Cluster;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Sorties;

/// <summary>Notices debts that are not settled in time. Whoever follows <see cref="SortieChanges"/> sees the sortie with its overdue debt.</summary>
/// <remarks>Owner: its own loop, which alone marks a debt as overdue.</remarks>
internal sealed partial class DebtWatch(
    IDbContextFactory<FleetDb> databases, SortieChanges changes, AuditLog audit, Quiescence quiescence, TimeProvider time, ILogger<DebtWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryLookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Closing: what is overdue is so after the next start too.
        }
    }

    private async Task TryLookAsync(CancellationToken cancellation)
    {
        using var work = quiescence.Work();
        try
        {
            await LookAsync(cancellation);
        }
        catch (Exception error) when (Outage.Is(error))
        {
            LogNotLooked(error);
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var overdue = await db.Set<SortieRecord>().Where(sortie => sortie.Debt != null && sortie.Debt.SettledAt == null && sortie.Debt.OverdueAt == null && sortie.Debt.DueAt <= now)
            .OrderBy(sortie => sortie.TakeoffAt).ToListAsync(cancellation);
        foreach (var sortie in overdue)
        {
            var debt = sortie.Debt!;
            await audit.AppendAsync(new AuditEntry(Actors.System, "debt.overdue", $"sortie/{sortie.Id}", new { sortie.VehicleId, debt.Cause, debt.Person, debt.DueAt }), cancellation);
            debt.OverdueAt = now;
            await db.SaveChangesAsync(cancellation);
            changes.Publish(SortieView.Of(sortie));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Debts could not be looked at now; they are looked at again")]
    private partial void LogNotLooked(Exception error);
}
