using DroneOps.Server.Api;

namespace DroneOps.Server.Incidents;

/// <summary>Calls for service: report, choose, dispatch, recall, close, and the time axis of it all.</summary>
internal static class IncidentsModule
{
    public static void AddIncidents(this WebApplicationBuilder builder)
    {
        builder.AddArea<IncidentsOptions>("Incidents");
        builder.Services.AddSingleton<IncidentChanges>();
        builder.Services.AddSingleton<IncidentBook>();
        builder.Services.AddSingleton<DispatchDesk>();
        builder.Services.AddHostedService<SceneWatch>();
        builder.Services.AddHostedService<AutoDispatch>();
    }

    public static void MapIncidents(this IEndpointRouteBuilder app)
    {
        var incidents = app.MapApiGroup("/incidents", "Incidents").RequireAuthorization(Policies.Read);
        ListIncidents.Map(incidents);
        ReportIncident.Map(incidents);
        DispatchIncident.Map(incidents);
        EnterStage.Map(incidents);
        CloseIncident.Map(incidents);
        SumOutcomes.Map(app.MapApiGroup("/outcomes", "Incidents").RequireAuthorization(Policies.Read));
    }
}
