using DroneOps.Server.Api;
using DroneOps.Server.Fleet;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Incidents;

/// <summary>Calls for service: their book, how they come in, and the time axis of each.</summary>
internal static class IncidentsModule
{
    public static void AddIncidents(this WebApplicationBuilder builder)
    {
        builder.AddArea<IncidentsOptions>("Incidents");
        builder.Services.AddSingleton(KeptStore.ForEver("incidents"));
        builder.Services.AddSingleton(new TaskBook(async (db, id, cancellation) =>
            Guid.TryParse(id, out var named) && await db.Set<IncidentRecord>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == named, cancellation) is { } incident
                ? new SortieTask(SortieRecord.KindOf(AssignmentKind.Incident), incident.Id.ToString(), incident.ExternalNumber ?? incident.Summary)
                : null));
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
