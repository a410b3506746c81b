using DroneOps.Server.Api;

namespace DroneOps.Server.Units;

/// <summary>The crews on the ground: where they are, what they do, and the words of their duty.</summary>
internal static class UnitsModule
{
    public static void AddUnits(this WebApplicationBuilder builder)
    {
        builder.AddArea<UnitsOptions>("Units");
        builder.Services.AddSingleton<UnitBoard>();
        builder.Services.AddSingleton<Reporters>();
        builder.Services.AddHostedService<UnitKeeper>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Reporters>());
    }

    public static void MapUnits(this IEndpointRouteBuilder app)
    {
        var units = app.MapApiGroup("/units", "Units").RequireAuthorization(Policies.Read);
        ListUnits.Map(units);
        ReportPosition.Map(units);
        ReportStream.Map(units);
        EditUnit.Map(units);
    }
}
