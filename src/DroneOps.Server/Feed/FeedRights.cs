using DroneOps.Server.Accounts;
using DroneOps.Server.Api;
using DroneOps.Server.Cluster;

namespace DroneOps.Server.Feed;

/// <summary>Ends the connections of those who may not listen any more: a feed stays open for days, and what was checked at its beginning
/// (the token, the account, its password and roles) may have been taken back since.</summary>
internal sealed partial class FeedRights(FeedClients clients, IServiceScopeFactory scopes, Quiescence quiescence, TimeProvider time, ILogger<FeedRights> logger) : BackgroundService
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                using (quiescence.Work())
                    await CheckAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Closing ends them all.
        }
    }

    private async Task CheckAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            await scope.ServiceProvider.GetRequiredService<Rights>().EndOthersAsync(clients.Listeners, Policies.Read, cancellation);
        }
        catch (Exception trouble) when (trouble is not OperationCanceledException)
        {
            // A database that does not answer takes the picture from nobody.
            LogUnchecked(trouble);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether the listeners of the feed still may listen could not be checked")]
    private partial void LogUnchecked(Exception trouble);
}
