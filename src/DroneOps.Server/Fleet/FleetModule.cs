using DroneOps.Links;
using DroneOps.Mavlink;
using DroneOps.Server.Api;
using DroneOps.Server.Cluster;
using DroneOps.Server.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DroneOps.Server.Fleet;

/// <summary>The vehicles: registry, links, state, control, assignments, commands, and the two streams that speak upward.</summary>
internal static class FleetModule
{
    public static void AddFleet(this WebApplicationBuilder builder)
    {
        builder.AddArea<FleetOptions>("Fleet");
        builder.Services.AddSingleton(KeptStore.ForEver("flightLogs"));
        builder.AddArea<LinksOptions>("Links");
        builder.AddArea<SigningOptions>("Signing");
        builder.Services.AddSingleton<SigningKeys>();
        builder.Services.AddSingleton<FleetMetrics>();
        builder.Services.TryAddSingleton<Quiescence>();
        builder.Services.AddSingleton(services => new LinkTransports(MessageCatalog.Default, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<FleetEvents>();
        builder.Services.AddSingleton<MessageTap>();
        builder.Services.AddSingleton<VehicleBoard>();
        builder.Services.AddSingleton<FleetWind>();
        builder.Services.AddSingleton<Airframes>();
        builder.Services.AddSingleton<VehicleRegistry>();
        builder.Services.AddSingleton<VehicleDesk>();
        builder.Services.AddSingleton<Assignments>();
        builder.Services.AddSingleton<Gateway>();
        builder.Services.AddSingleton<MissionsAboard>();
        builder.Services.AddSingleton<PilotStandings>();
        builder.Services.AddSingleton<FleetCommands>();
        builder.Services.AddSingleton<FlightRecorder>();
        builder.Services.AddHealthChecks().AddCheck<CommandPathHealth>("commands", tags: ["live", "ready"]).AddCheck<FlightLogHealth>("flightLogs", tags: ["ready"]);
        builder.Services.AddHostedService(services => services.GetRequiredService<FlightRecorder>());
        builder.Services.AddHostedService(services => services.GetRequiredService<Gateway>());
    }

    public static void MapFleet(this IEndpointRouteBuilder app)
    {
        var vehicles = app.MapApiGroup("/vehicles", "Fleet").RequireAuthorization(Policies.Read);
        ListVehicles.Map(vehicles);
        EditVehicle.Map(vehicles);
        ControlVehicle.Map(vehicles);
        CommandVehicle.Map(vehicles);
        VehicleMission.Map(vehicles);
        ReportWeather.Map(app.MapApiGroup("/weather", "Fleet").RequireAuthorization(Policies.Read));
    }
}
