using DroneOps.Server.Api;

namespace DroneOps.Server.Licences;

/// <summary>Who may be at the controls: licences, medicals, practice and duty time of pilots.</summary>
internal static class LicencesModule
{
    public static void AddLicences(this WebApplicationBuilder builder)
    {
        builder.AddArea<LicencesOptions>("Licences");
        builder.Services.AddHostedService<LicenceKeeper>();
    }

    public static void MapLicences(this IEndpointRouteBuilder app)
    {
        ShowStanding.Map(app.MapApiGroup("/licences", "Licences").RequireAuthorization(Policies.Read));
        ListLicences.Map(app.MapApiGroup("/licences", "Licences").RequireAuthorization(Policies.Audit));
        EnterLicence.Map(app.MapApiGroup("/licences", "Licences").RequireAuthorization(Policies.Administer));
    }
}
