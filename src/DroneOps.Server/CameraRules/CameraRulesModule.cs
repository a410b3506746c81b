using DroneOps.Server.Api;

namespace DroneOps.Server.CameraRules;

/// <summary>What a camera must and must not do on its way, and whether it does.</summary>
internal static class CameraRulesModule
{
    public static void AddCameraRules(this WebApplicationBuilder builder)
    {
        builder.AddArea<CameraRulesOptions>("CameraRules");
        builder.Services.AddSingleton<BreachBook>();
        builder.Services.AddHostedService<CameraWatch>();
    }

    public static void MapCameraRules(this IEndpointRouteBuilder app) => ListBreaches.Map(app.MapApiGroup("/camera-breaches", "CameraRules").RequireAuthorization(Policies.Audit));
}
