using System.Collections.Concurrent;
using System.Security.Claims;
using DroneOps.Server.Accounts;
using DroneOps.Server.Api;
using DroneOps.Server.Cluster;

namespace DroneOps.Server.Units;

/// <summary>All who report over a socket: ended when they may not report any more. A socket stays open for days, a drone may follow the crew that it
/// places, and what was checked at its beginning (the token, the account, its password and roles) may have been taken back since.</summary>
internal sealed partial class Reporters(IServiceScopeFactory scopes, Quiescence quiescence, TimeProvider time, ILogger<Reporters> logger) : BackgroundService
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<Place, byte> _places = new();

    /// <summary>Somebody begins to report.</summary>
    /// <param name="end">Ends it; may be called more than once.</param>
    /// <returns>The place to give up at the end.</returns>
    public IDisposable Enter(ClaimsPrincipal user, Action end)
    {
        Place place = new(this, user, end);
        _places[place] = 0;
        return place;
    }

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
            await scope.ServiceProvider.GetRequiredService<Rights>().EndOthersAsync(_places.Keys.Select(place => (place.User, place.End)), Policies.Dispatch, cancellation);
        }
        catch (Exception trouble) when (trouble is not OperationCanceledException)
        {
            // A database that does not answer stops nobody's reports.
            LogUnchecked(trouble);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether those who report positions still may could not be checked")]
    private partial void LogUnchecked(Exception trouble);

    private sealed class Place(Reporters reporters, ClaimsPrincipal user, Action end) : IDisposable
    {
        public ClaimsPrincipal User => user;

        public Action End => end;

        public void Dispose() => reporters._places.TryRemove(this, out _);
    }
}
