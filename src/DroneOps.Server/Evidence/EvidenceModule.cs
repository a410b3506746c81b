using DroneOps.Server.Api;

namespace DroneOps.Server.Evidence;

/// <summary>Evidence packages: all that there is of a case in one file that can be checked without this service.</summary>
internal static class EvidenceModule
{
    public static void AddEvidence(this WebApplicationBuilder builder) => builder.Services.AddSingleton<PackageExport>();

    public static void MapEvidence(this IEndpointRouteBuilder app) => ExportPackage.Map(app.MapApiGroup("/evidence", "Evidence").RequireAuthorization(Policies.Audit));
}
