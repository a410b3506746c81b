using DroneOps.Server.Accounts;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace DroneOps.Server.Feed;

/// <summary>The feed as clients see it. They call <c>Subscribe</c> and <c>Resume</c>; they are sent <c>vehicles</c> (snapshots, newest wins)
/// and the events <c>incident</c>, <c>sortie</c>, <c>alert</c>, <c>patrol</c>, each <c>{eventId, item}</c>; and <c>unit</c> in the same shape, newest wins, without an id.</summary>
[Authorize(Policies.Read)]
internal sealed class FeedHub(FeedClients clients, FeedUnits units, IHostApplicationLifetime lifetime, TimeProvider time) : Hub
{
    /// <summary>Begins to send, or changes what is sent.</summary>
    /// <exception cref="HubException">The request is not valid.</exception>
    public async Task Subscribe(FeedRequest request)
    {
        if (request.Problem() is { } problem)
            throw new HubException(problem);
        await clients.SubscribeAsync(Context.ConnectionId, request);
        units.Greet(Context.ConnectionId);
        Context.GetHttpContext()?.Features.Get<Admission>()?.Dispose();
    }

    /// <summary>Goes on after an event the client has seen.</summary>
    /// <returns>False when it is too long ago: the whole picture is sent, and lists should be read again.</returns>
    public bool Resume(long lastEventId) => clients.Resume(Context.ConnectionId, lastEventId);

    public override Task OnConnectedAsync()
    {
        clients.Add(Context.ConnectionId, Context.User!, Sessions.LeftOf(Context.GetHttpContext()!, time));

        // It was let in before the closing and opened after the others were closed.
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            Context.Abort();
        return Task.CompletedTask;
    }

    public override Task OnDisconnectedAsync(Exception? exception) => clients.RemoveAsync(Context.ConnectionId);
}
