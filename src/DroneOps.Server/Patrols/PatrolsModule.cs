using DroneOps.Server.Api;
using DroneOps.Server.Fleet;
using DroneOps.Server.Sorties;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Patrols;

/// <summary>Routes and the rota that flies them.</summary>
internal static class PatrolsModule
{
    public static void AddPatrols(this WebApplicationBuilder builder)
    {
        builder.AddArea<PatrolsOptions>("Patrols");
        builder.Services.AddSingleton(new TaskBook(async (db, id, cancellation) =>
            await db.Set<OccurrenceRecord>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellation) is { } occurrence
                ? new SortieTask(SortieRecord.KindOf(AssignmentKind.Patrol), occurrence.Id, occurrence.PatrolName)
                : null));
        builder.Services.AddSingleton<RoutePlanner>();
        builder.Services.AddSingleton<RouteBook>();
        builder.Services.AddSingleton<PatrolChanges>();
        builder.Services.AddSingleton<PatrolBook>();
        builder.Services.AddHostedService<RouteSeed>();
        builder.Services.AddHostedService<PatrolRunner>();
    }

    public static void MapPatrols(this IEndpointRouteBuilder app)
    {
        var routes = app.MapApiGroup("/routes", "Routes").RequireAuthorization(Policies.Read);
        ListRoutes.Map(routes);
        PreviewRoute.Map(routes);
        SaveRoute.Map(routes);
        ImportRoute.Map(routes);
        ExportRoute.Map(routes);
        LoadMission.Map(app.MapApiGroup("/vehicles", "Fleet").RequireAuthorization(Policies.Read));
        var patrols = app.MapApiGroup("/patrols", "Patrols").RequireAuthorization(Policies.Read);
        ListPatrols.Map(patrols);
        SavePatrol.Map(patrols);
    }
}
