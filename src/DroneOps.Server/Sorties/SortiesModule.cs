using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Fleet;
using DroneOps.Server.Sorties.Import;
using DroneOps.Server.Sorties.Revisions;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Sorties;

/// <summary>The flight log: sorties that open and close by themselves, tracks, hours, corrections, purposes and what flights owe.</summary>
internal static class SortiesModule
{
    public static void AddSorties(this WebApplicationBuilder builder)
    {
        builder.AddArea<SortiesOptions>("Sorties");
        builder.Services.AddSingleton(KeptStore.ForEver("sorties"));
        builder.Services.AddSingleton(services => new LaunchPurposes(services.GetRequiredService<IOptions<SortiesOptions>>().Value.PurposesInForce()));
        builder.Services.AddSingleton<SortieChanges>();
        builder.Services.AddSingleton(services => new FlightImport(
            services.GetRequiredService<IDbContextFactory<FleetDb>>().CreateDbContext, services.GetRequiredService<AuditLog>(), services.GetRequiredService<DataFolder>(),
            services.GetRequiredService<LaunchPurposes>(), services.GetRequiredService<IOptions<SortiesOptions>>().Value, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddHostedService<SortieLog>();
        builder.Services.AddHostedService<DebtWatch>();
    }

    public static void MapSorties(this IEndpointRouteBuilder app)
    {
        FlightFile.ForgetUploads(app.ServiceProvider.GetRequiredService<DataFolder>());
        var sorties = app.MapApiGroup("/sorties", "Sorties").RequireAuthorization(Policies.Read);
        ListSorties.Map(sorties);
        SavedSearches.Map(sorties);
        ImportSorties.Map(sorties);
        ShowSortie.Map(sorties);
        ExportTrack.Map(sorties);
        ExportLog.Map(sorties);
        CorrectSortie.Map(sorties);
        SettleDebt.Map(sorties);
        ReviseSorties.Map(sorties);
        ListDebts.Map(app.MapApiGroup("/debts", "Sorties").RequireAuthorization(Policies.Read));
        ListDebts.MapCsv(app.MapApiGroup("/debts.csv", "Sorties").RequireAuthorization(Policies.Read));
        ListDebts.MapPurposes(app.MapApiGroup("/purposes", "Sorties").RequireAuthorization(Policies.Read));
        SumFlightHours.Map(app.MapApiGroup("/flightHours", "Sorties").RequireAuthorization(Policies.Read));
    }
}
