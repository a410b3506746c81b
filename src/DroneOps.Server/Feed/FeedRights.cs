using System.Security.Claims;
using DroneOps.Server.Accounts;
using DroneOps.Server.Api;
using DroneOps.Server.Cluster;

namespace DroneOps.Server.Feed;

/// <summary>Ends the connections of those who may not listen to the feed any more.</summary>
internal sealed class FeedRights(FeedClients clients, IServiceScopeFactory scopes, Quiescence quiescence, TimeProvider time, ILogger<FeedRights> logger)
    : RightsWatch(Policies.Read, "those who listen to the feed", scopes, quiescence, time, logger)
{
    protected override IEnumerable<(ClaimsPrincipal User, Action End)> Present => clients.Listeners;
}
