using DroneOps.Server.Api;

namespace DroneOps.Server.Airworthiness;

/// <summary>Whether drones are fit to fly: maintenance by hours, landings and calendar, defects, and how worn packs are.</summary>
internal static class AirworthinessModule
{
    public static void AddAirworthiness(this WebApplicationBuilder builder)
    {
        builder.AddArea<AirworthinessOptions>("Airworthiness");
        builder.Services.AddSingleton<Fitness>();
        builder.Services.AddSingleton<FitnessWatch>();
        builder.Services.AddHostedService(services => services.GetRequiredService<FitnessWatch>());
    }

    public static void MapAirworthiness(this IEndpointRouteBuilder app)
    {
        var airframes = app.MapApiGroup("/airframes", "Airworthiness").RequireAuthorization(Policies.Read);
        ListAirframes.Map(airframes);
        EnterAirframe.Map(airframes);
        RecordWork.Map(airframes);
        ReportDefect.Map(airframes);
        MaintenancePlans.Map(app.MapApiGroup("/maintenancePlans", "Airworthiness").RequireAuthorization(Policies.Read));
        ReleaseDefect.Map(app.MapApiGroup("/defects", "Airworthiness").RequireAuthorization(Policies.Read));
        ListBatteries.Map(app.MapApiGroup("/batteries", "Airworthiness").RequireAuthorization(Policies.Read));
    }
}
