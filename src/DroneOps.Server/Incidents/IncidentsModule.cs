using DroneOps.Server.Api;
using DroneOps.Server.Storage;

namespace DroneOps.Server.Incidents;

/// <summary>Calls for service: their book, how they come in, and the time axis of each.</summary>
internal static class IncidentsModule
{
    public static void AddIncidents(this WebApplicationBuilder builder)
    {
        builder.AddArea<IncidentsOptions>("Incidents");
        builder.Services.AddSingleton(KeptStore.ForEver("incidents"));
        builder.Services.AddSingleton<IncidentChanges>();
        builder.Services.AddSingleton<IncidentBook>();
        builder.Services.AddHostedService<PlaceKeeper>();
        builder.Services.AddSingleton<IncidentIntake>();
    }

    public static void MapIncidents(this IEndpointRouteBuilder app)
    {
        var incidents = app.MapApiGroup("/incidents", "Incidents").RequireAuthorization(Policies.Read);
        ListIncidents.Map(incidents);
        ReportIncident.Map(incidents);
        EnterStage.Map(incidents);
        ListStages.Map(incidents);
        ListDuplicates.Map(incidents);
        ListTypes.Map(incidents);
        UndoMerge.Map(incidents);
        ImportHistory.Map(incidents);
        var outcomes = app.MapApiGroup("/outcomes", "Incidents").RequireAuthorization(Policies.Read);
        SumOutcomes.Map(outcomes);
        ReportOutcomes.Map(outcomes);
        OutcomeRecords.Map(outcomes);
        DecideOutcome.Map(outcomes);
    }
}
