using System.Collections.Concurrent;
using System.Security.Claims;
using DroneOps.Server.Accounts;
using DroneOps.Server.Api;
using DroneOps.Server.Cluster;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Video;

/// <summary>All who watch: counted, and ended when they may not watch any more.</summary>
internal sealed class VideoAudience(IServiceScopeFactory scopes, IOptions<VideoOptions> options, Quiescence quiescence, TimeProvider time, ILogger<VideoAudience> logger)
    : RightsWatch(Policies.Read, "those who watch video", scopes, quiescence, time, logger)
{
    private readonly ConcurrentDictionary<Guid, Member> _members = new();

    /// <summary>How many watch.</summary>
    public int Count => _members.Count;

    protected override IEnumerable<(ClaimsPrincipal User, Action End)> Present => _members.Values.Where(member => member.User is not null).Select(member => (member.User!, (Action)member.End));

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

    private sealed class Member(VideoAudience audience, Guid id, ClaimsPrincipal? user, Action end) : IDisposable
    {
        public Guid Id => id;

        public ClaimsPrincipal? User => user;

        public void End() => end();

        public void Dispose() => audience._members.TryRemove(id, out _);
    }
}
