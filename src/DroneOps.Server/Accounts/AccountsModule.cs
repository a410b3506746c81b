using System.Threading.RateLimiting;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.RateLimiting;

namespace DroneOps.Server.Accounts;

/// <summary>People, their roles, and the machines' tokens. Browsers hold a cookie and send an antiforgery token;
/// machines send a bearer token.</summary>
internal static class AccountsModule
{
    public const string SignInLimit = "sign-in";
    private const string EitherScheme = "cookie-or-token";

    public static void AddAccounts(this WebApplicationBuilder builder)
    {
        var options = builder.AddArea<AccountsOptions>("Accounts");
        builder.Services.AddIdentityCore<Account>(identity =>
            {
                identity.Password.RequiredLength = options.PasswordMinLength;
                identity.Password.RequireDigit = false;
                identity.Password.RequireLowercase = false;
                identity.Password.RequireUppercase = false;
                identity.Password.RequireNonAlphanumeric = false;
                identity.Password.RequiredUniqueChars = 1;
            })
            .AddRoles<IdentityRole<Guid>>()
            .AddEntityFrameworkStores<FleetDb>();
        AddSessions(builder, options);
        builder.Services.AddSingleton<SetupCode>();
        builder.Services.AddScoped<Sessions>();
        builder.Services.AddScoped<Tokens>();
        builder.Services.AddScoped<AccountBook>();
        builder.Services.AddScoped<Rights>();
        builder.Services.AddHostedService<AccountsStart>();
    }

    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        var session = app.MapApiGroup("/session", "Session");
        OpenSession.Map(session);
        ShowSession.Map(session);
        CloseSession.Map(session);
        ChangeOwnPassword.Map(session);
        RedeemSetupCode.Map(app.MapApiGroup("/setup", "Accounts"));
        var accounts = app.MapApiGroup("/accounts", "Accounts").RequireAuthorization(Policies.Administer);
        ListAccounts.Map(accounts);
        ShowAccount.Map(accounts);
        CreateAccount.Map(accounts);
        ChangeAccount.Map(accounts);
        SetPassword.Map(accounts);
        var tokens = app.MapApiGroup("/tokens", "Accounts").RequireAuthorization(Policies.Administer);
        ListTokens.Map(tokens);
        CreateToken.Map(tokens);
        RevokeToken.Map(tokens);
    }

    private static void AddSessions(WebApplicationBuilder builder, AccountsOptions options)
    {
        builder.Services.AddDataProtection().SetApplicationName("droneops");
        builder.Services.AddOptions<Microsoft.AspNetCore.DataProtection.KeyManagement.KeyManagementOptions>()
            .Configure<DataFolder, ILoggerFactory>((keys, folder, loggers) =>
                keys.XmlRepository = new Microsoft.AspNetCore.DataProtection.Repositories.FileSystemXmlRepository(new DirectoryInfo(folder.Secret("keys")), loggers));
        builder.Services.AddAntiforgery(antiforgery =>
        {
            antiforgery.HeaderName = AntiforgeryCheck.Header;
            antiforgery.Cookie.Name = "droneops.xsrf";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        builder.Services.AddAuthentication(EitherScheme)
            .AddPolicyScheme(EitherScheme, null, scheme => scheme.ForwardDefaultSelector = context =>
                context.Request.Headers.Authorization.Count > 0 ? TokenAuthentication.Scheme : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.Scheme, null)
            .AddCookie(cookie =>
            {
                cookie.Cookie.Name = "droneops.session";
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.SameSite = SameSiteMode.Strict;
                cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                cookie.ExpireTimeSpan = TimeSpan.FromMinutes(options.SessionIdleMinutes);
                cookie.SlidingExpiration = true;

                // An API answers 401 and 403; it does not send programs to a log-in page.
                cookie.Events.OnRedirectToLogin = context => Answer(context.HttpContext, StatusCodes.Status401Unauthorized);
                cookie.Events.OnRedirectToAccessDenied = context => Answer(context.HttpContext, StatusCodes.Status403Forbidden);
                cookie.Events.OnValidatePrincipal = context => context.HttpContext.RequestServices.GetRequiredService<Sessions>().ValidateAsync(context);
            });
        builder.Services.Configure<RateLimiterOptions>(limits => limits.AddPolicy(SignInLimit, context =>
            RateLimitPartition.GetFixedWindowLimiter(
                context.Connection.RemoteIpAddress,
                _ => new FixedWindowRateLimiterOptions { PermitLimit = options.SignInsPerMinute, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 })));
    }

    private static Task Answer(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = TokenAuthentication.Scheme;
        return Task.CompletedTask;
    }
}
