using DroneOps.Server.Api;

namespace DroneOps.Server.Dispatch;

/// <summary>Drones for incidents: choose, send, watch the scene, recall.</summary>
internal static class DispatchModule
{
    public static void AddDispatch(this WebApplicationBuilder builder)
    {
        builder.AddArea<DispatchOptions>("Dispatch");
        builder.Services.AddSingleton<Decisions>();
        builder.Services.AddSingleton<SceneFlight>();
        builder.Services.AddSingleton<FlightHabits>();
        builder.Services.AddHostedService(services => services.GetRequiredService<FlightHabits>());
        builder.Services.AddSingleton<WaysNow>();
        builder.Services.AddSingleton<DispatchDesk>();
        builder.Services.AddSingleton<Arrivals>();
        builder.Services.AddSingleton<SceneActs>();
        builder.Services.AddSingleton<EventIntake>();
        builder.Services.AddSingleton<LateWrites>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LateWrites>());
        builder.Services.AddHostedService<SceneWatch>();
        builder.Services.AddHostedService<FirstFrameWatch>();
        builder.Services.AddHostedService<AutoDispatch>();
        builder.Services.AddSingleton<ReturnWind>();
        builder.Services.AddHostedService<ReliefWatch>();
        builder.Services.AddHostedService<UnitFollower>();
    }

    public static void MapDispatch(this IEndpointRouteBuilder app)
    {
        var incidents = app.MapApiGroup("/incidents", "Dispatch").RequireAuthorization(Policies.Read);
        ListCandidates.Map(incidents);
        DispatchIncident.Map(incidents);
        CloseIncident.Map(incidents);
        WorkScene.Map(incidents);
        UsePayload.Map(incidents);
        ReceiveEvents.Map(incidents);
        MergeIncident.Map(incidents);
        MoveIncident.Map(incidents);
    }
}
