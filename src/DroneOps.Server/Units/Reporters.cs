using System.Collections.Concurrent;
using System.Security.Claims;
using DroneOps.Server.Accounts;
using DroneOps.Server.Api;
using DroneOps.Server.Cluster;

namespace DroneOps.Server.Units;

/// <summary>All who report over a socket: ended when they may not report any more. A drone may follow the crew that one of them places.</summary>
internal sealed class Reporters(IServiceScopeFactory scopes, Quiescence quiescence, TimeProvider time, ILogger<Reporters> logger)
    : RightsWatch(Policies.Dispatch, "those who report positions", scopes, quiescence, time, logger)
{
    private readonly ConcurrentDictionary<Place, byte> _places = new();

    protected override IEnumerable<(ClaimsPrincipal User, Action End)> Present => _places.Keys.Select(place => (place.User, place.End));

    /// <summary>Somebody begins to report.</summary>
    /// <param name="end">Ends it; may be called more than once.</param>
    /// <returns>The place to give up at the end.</returns>
    public IDisposable Enter(ClaimsPrincipal user, Action end)
    {
        Place place = new(this, user, end);
        _places[place] = 0;
        return place;
    }

    private sealed class Place(Reporters reporters, ClaimsPrincipal user, Action end) : IDisposable
    {
        public ClaimsPrincipal User => user;

        public Action End => end;

        public void Dispose() => reporters._places.TryRemove(this, out _);
    }
}
