using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Storage;

/// <summary>Brings the database up to the model before anything else starts.</summary>
internal sealed partial class StorageStart(IDbContextFactory<FleetDb> databases, ILogger<StorageStart> logger) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        try
        {
            var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
            if (pending.Count == 0)
            {
                LogCurrent(db.Database.ProviderName);
                return;
            }

            LogMigrating(db.Database.ProviderName, string.Join(", ", pending));
            await db.Database.MigrateAsync(cancellationToken);
            LogCurrent(db.Database.ProviderName);
        }
        catch (DbException problem)
        {
            throw new StartupException($"The database cannot be opened or brought up to date: {problem.Message}", problem);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "Database {Provider} is up to date")]
    private partial void LogCurrent(string? provider);

    [LoggerMessage(LogLevel.Information, "Database {Provider}: applying {Migrations}")]
    private partial void LogMigrating(string? provider, string migrations);
}
