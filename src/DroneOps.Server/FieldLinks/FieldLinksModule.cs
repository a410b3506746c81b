using System.Threading.RateLimiting;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.RateLimiting;

namespace DroneOps.Server.FieldLinks;

/// <summary>One incident on a crew's phone: the dispatcher opens a link, the phone shows that incident and nothing else until the link ends.</summary>
/// <remarks>The phone has no account. It holds the link's text once, in the address, and after that a cookie which only what lies below
/// <c>/field</c> ever gets; so nothing here takes an id from the phone,
/// but that of a camera, which is looked for among those of the link's own incident.</remarks>
internal static class FieldLinksModule
{
    /// <summary>Where phones go.</summary>
    public const string Path = "/field";

    public const string AttemptLimit = "field-attempt";
    public const string ReportLimit = "field-report";

    // A position every other second and a thumb.
    private const int ReportsPerMinute = 60;

    public static void AddFieldLinks(this WebApplicationBuilder builder)
    {
        var options = builder.AddArea<FieldLinksOptions>("FieldLinks");
        builder.Services.AddSingleton(KeptStore.ForDays("fieldLinks", options.KeepDays, action: null));
        builder.Services.AddSingleton<FieldLinkBook>();
        builder.Services.AddSingleton<FieldSessions>();
        builder.Services.AddSingleton<FieldStreams>();
        builder.Services.AddSingleton<FieldPicture>();
        builder.Services.AddSingleton<FieldMap>();
        builder.Services.AddHostedService<FieldLinkKeeper>();
        builder.Services.Configure<RateLimiterOptions>(limits =>
        {
            limits.AddPolicy(AttemptLimit, context => PerMinute(context.Connection.RemoteIpAddress?.ToString() ?? "", options.AttemptsPerMinute));

            // By cookie, because the phones of one network share an address; a made-up cookie gets its own small share of refusals.
            limits.AddPolicy(ReportLimit, context => PerMinute(context.Request.Cookies[FieldSessions.Cookie] ?? "", ReportsPerMinute));
        });
    }

    public static void MapFieldLinks(this IEndpointRouteBuilder app)
    {
        var incidents = app.MapApiGroup("/incidents", "Field links").RequireAuthorization(Policies.Read);
        OpenLink.Map(incidents);
        ListLinks.Map(incidents);
        RevokeLink.Map(incidents);

        var field = app.MapGroup(Path).WithTags("Field").AllowAnonymous().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized)
            .AddEndpointFilter(async (call, next) =>
            {
                KeepToItself(call.HttpContext);
                return await next(call);
            });
        RedeemLink.Map(field);
        ShowFieldIncident.Map(field);
        FollowField.Map(field);
        WatchFieldPicture.Map(field);
        ShowFieldMap.Map(field);
        ReportFromField.Map(field);
        ReportFieldPosition.Map(field);
        FieldPage.Map(app);
    }

    /// <summary>What a phone shows of an incident is stored nowhere and tells no other page where it came from.</summary>
    public static void KeepToItself(HttpContext context)
    {
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Headers.CacheControl = "no-store";
    }

    private static RateLimitPartition<string> PerMinute(string key, int permits) => RateLimitPartition.GetFixedWindowLimiter(
        key, _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 });
}
