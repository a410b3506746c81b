using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;

namespace DroneOps.Server.Feed;

/// <summary>The live projection: the hub with its clients, the events' log.</summary>
internal static class FeedModule
{
    public static void AddFeed(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<FeedLog>();
        builder.Services.AddSingleton<FeedConnections>();
        builder.Services.AddSingleton<HubLifetimeManager<FeedHub>>(services => services.GetRequiredService<FeedConnections>());
        builder.Services.AddSingleton<FeedClients>();
        builder.Services.AddSingleton<FeedUnits>();
        builder.Services.AddHostedService<FeedSources>();
        builder.Services.AddHostedService<FeedRights>();
        builder.Services.AddHostedService<FeedMetrics>();
        builder.Services.AddHostedService(services => services.GetRequiredService<FeedClients>());
        builder.Services.AddHostedService(services => services.GetRequiredService<FeedUnits>());
    }

    public static void MapFeed(this IEndpointRouteBuilder app)
    {
        // A browser cannot send our header with a WebSocket; the origin check and the cookie's SameSite=Strict guard this door.
        app.MapConnections("/feed", new HttpConnectionDispatcherOptions(), connections =>
        {
            connections.Use(next => connection =>
            {
                connection.Transport = new WholeWrites.Duplex(connection.Transport);
                return next(connection);
            });
            connections.UseHub<FeedHub>();
        }).RequireAuthorization(Policies.Read).DisableAntiforgery().WithMetadata(Admitted.Mark);
        FollowEvents.Map(app.MapApiGroup("/feed", "Feed").RequireAuthorization(Policies.Read));
    }
}
