using DroneOps.Server.Api;

namespace DroneOps.Server.Sorties;

/// <summary>The flight log: sorties that open and close by themselves, tracks, hours, corrections.</summary>
internal static class SortiesModule
{
    public static void AddSorties(this WebApplicationBuilder builder)
    {
        builder.AddArea<SortiesOptions>("Sorties");
        builder.Services.AddSingleton<SortieChanges>();
        builder.Services.AddHostedService<SortieLog>();
    }

    public static void MapSorties(this IEndpointRouteBuilder app)
    {
        var sorties = app.MapApiGroup("/sorties", "Sorties").RequireAuthorization(Policies.Read);
        ListSorties.Map(sorties);
        ShowSortie.Map(sorties);
        ExportTrack.Map(sorties);
        ExportLog.Map(sorties);
        CorrectSortie.Map(sorties);
        SumFlightHours.Map(app.MapApiGroup("/flightHours", "Sorties").RequireAuthorization(Policies.Read));
    }
}
