using System.Security.Claims;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;

namespace DroneOps.Server.Accounts;

/// <summary>What the session calls answer.</summary>
/// <param name="UserName">The name to sign in with.</param>
/// <param name="DisplayName">The name to show.</param>
/// <param name="Role">The first role in the contract's order of power; the console's starting point.</param>
/// <param name="Roles">All roles.</param>
/// <param name="AntiforgeryToken">To be sent as X-XSRF-TOKEN on unsafe verbs; null for bearer tokens, which need none.</param>
internal sealed record SessionView(string UserName, string DisplayName, string Role, IReadOnlyList<string> Roles, string? AntiforgeryToken);

/// <summary>Opens, checks and closes cookie sessions.</summary>
internal sealed class Sessions(UserManager<Account> accounts, IAntiforgery antiforgery, TimeProvider time)
{
    private const string DisplayNameClaim = "droneops:display-name";
    internal const string StampClaim = "droneops:stamp";
    private const string CheckedAt = "droneops.checked";
    private static readonly TimeSpan RecheckAfter = TimeSpan.FromMinutes(1);
    private static readonly string[] Strongest = [Roles.Admin, Roles.Pilot, Roles.Dispatcher, Roles.Auditor, Roles.Integration];

    /// <summary>How long the session of a call lasts as it stands: what stays open ends with it, and while the session is renewed its client comes again
    /// and goes on. A token has no session, and what it opened ends with its right.</summary>
    public static TimeSpan LeftOf(HttpContext context, TimeProvider time)
    {
        if (context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc is not { } expires)
            return Timeout.InfiniteTimeSpan;
        var left = expires - time.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public async Task<SessionView> OpenAsync(HttpContext context, Account account)
    {
        var identity = new ClaimsIdentity(CookieAuthenticationDefaults.AuthenticationScheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, account.Id.ToString()));
        identity.AddClaim(new Claim(ClaimTypes.Name, account.UserName!));
        identity.AddClaim(new Claim(DisplayNameClaim, account.DisplayName));
        identity.AddClaim(new Claim(StampClaim, account.SecurityStamp!));
        identity.AddClaim(new Claim(Actors.KindClaim, "user"));
        identity.AddClaims((await accounts.GetRolesAsync(account)).Select(role => new Claim(ClaimTypes.Role, role)));
        var principal = new ClaimsPrincipal(identity);
        await context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, principal);

        // The antiforgery token is bound to the user, so the rest of this request must be that user.
        context.User = principal;
        return View(context);
    }

    public SessionView View(HttpContext context)
    {
        var user = context.User;
        var roles = user.FindAll(ClaimTypes.Role).Select(claim => claim.Value).ToList();
        var isCookie = user.FindFirstValue(Actors.KindClaim) != "token";
        return new SessionView(
            user.Identity!.Name!,
            user.FindFirstValue(DisplayNameClaim) ?? user.Identity.Name!,
            Strongest.First(roles.Contains),
            roles,
            isCookie ? antiforgery.GetAndStoreTokens(context).RequestToken : null);
    }

    /// <summary>Ends sessions whose account was changed, locked or removed, within a minute.</summary>
    public async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var now = time.GetUtcNow();

        // Every request asks; the database is asked once a minute for each session.
        if (context.Properties.GetString(CheckedAt) is { } text && Rfc3339.TryParse(text, out var at) && now - at < RecheckAfter)
        {
            return;
        }

        var account = await accounts.FindByIdAsync(context.Principal?.FindFirstValue(ClaimTypes.NameIdentifier) ?? "");
        if (account is null || account.DisabledAt is not null || account.SecurityStamp != context.Principal?.FindFirstValue(StampClaim))
        {
            context.RejectPrincipal();
            return;
        }

        context.Properties.SetString(CheckedAt, Rfc3339.Text(now));
        context.ShouldRenew = true;
    }
}
