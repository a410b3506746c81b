using DroneOps.Server.Api;

namespace DroneOps.Server.Response;

/// <summary>How quick it was: reports, the day's figures, and what would have been faster.</summary>
internal static class ResponseModule
{
    public static void AddResponse(this WebApplicationBuilder builder) => builder.Services.AddHostedService<DayKeeper>();

    public static void MapResponse(this IEndpointRouteBuilder app)
    {
        var response = app.MapApiGroup("/response", "Response").RequireAuthorization(Policies.Read);
        ShowReport.Map(response);
        ListDays.Map(response);
        ShowIncidentResponse.Map(app.MapApiGroup("/incidents", "Response").RequireAuthorization(Policies.Read));
    }
}
