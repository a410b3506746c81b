using System.Collections.Concurrent;
using System.Security.Claims;
using DroneOps.Server.Accounts;
using DroneOps.Server.Api;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Video;

/// <summary>All who watch: counted, and ended when they may not watch any more. A picture stays open for hours, and what was checked at its beginning
/// (the token, the account, its password and roles) may have been taken back since.</summary>
internal sealed partial class VideoAudience(IServiceScopeFactory scopes, IOptions<VideoOptions> options, TimeProvider time, ILogger<VideoAudience> logger) : BackgroundService
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<Guid, Member> _members = new();

    /// <summary>How many watch.</summary>
    public int Count => _members.Count;

    /// <summary>Somebody begins to watch.</summary>
    /// <param name="user">Who is signed in and is asked again and again whether he still may; null for somebody whose end others see to.</param>
    /// <param name="end">Ends it; may be called more than once.</param>
    /// <returns>The place to give up at the end; null when there is none left.</returns>
    public IDisposable? Enter(ClaimsPrincipal? user, Action end)
    {
        if (_members.Count >= options.Value.MostViewers)
            return null;
        Member member = new(this, Guid.NewGuid(), user, end);
        _members[member.Id] = member;
        return member;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await CheckAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Closing ends them all.
        }
    }

    private async Task CheckAsync(CancellationToken cancellation)
    {
        var present = _members.Values.Where(member => member.User is not null).Select(member => (member.User!, (Action)member.End));
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            await scope.ServiceProvider.GetRequiredService<Rights>().EndOthersAsync(present, Policies.Read, cancellation);
        }
        catch (Exception trouble) when (trouble is not OperationCanceledException)
        {
            // A database that does not answer takes the picture from nobody.
            LogUnchecked(trouble);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether those who watch video still may could not be checked")]
    private partial void LogUnchecked(Exception trouble);

    private sealed class Member(VideoAudience audience, Guid id, ClaimsPrincipal? user, Action end) : IDisposable
    {
        public Guid Id => id;

        public ClaimsPrincipal? User => user;

        public void End() => end();

        public void Dispose() => audience._members.TryRemove(id, out _);
    }
}
