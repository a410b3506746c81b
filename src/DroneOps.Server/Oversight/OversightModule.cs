using DroneOps.Server.Api;

namespace DroneOps.Server.Oversight;

/// <summary>What an auditor works with, and what an authority reports and publishes.</summary>
internal static class OversightModule
{
    public static void AddOversight(this WebApplicationBuilder builder) => builder.AddArea<OversightOptions>("Oversight");

    public static void MapOversight(this IEndpointRouteBuilder app)
    {
        var oversight = app.MapApiGroup("/oversight", "Oversight").RequireAuthorization(Policies.Audit);
        ListFindings.Map(oversight);
        ListLooks.Map(oversight);
        ShowRetention.Map(oversight);
        ListDeletions.Map(oversight);
        ReviewSamples.Map(oversight);
        OpenData.Map(oversight);
        Transparency.Map(oversight);
        ShowCoverage.Map(app.MapApiGroup("/oversight", "Oversight").RequireAuthorization(Policies.Read));
        SumStatistics.Map(app.MapApiGroup("/statistics", "Oversight").RequireAuthorization(Policies.Read));
        SumStatistics.MapCsv(app.MapApiGroup("/statistics.csv", "Oversight").RequireAuthorization(Policies.Read));
    }
}
