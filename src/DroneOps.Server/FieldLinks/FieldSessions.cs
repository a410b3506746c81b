using System.Globalization;
using System.Security.Cryptography;
using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.FieldLinks;

/// <summary>What a phone holds after it opened its link: a cookie that only <c>/field</c> is sent, that lapses soon, and that says no more than
/// which link it was.</summary>
internal sealed class FieldSessions(FieldLinkBook links, IDataProtectionProvider protection, IOptions<FieldLinksOptions> options, TimeProvider time)
{
    public const string Cookie = "droneops.field";

    private readonly IDataProtector _protector = protection.CreateProtector("DroneOps.FieldLinks");

    /// <summary>The answer to a phone without a link that holds; the same whatever is wrong with it.</summary>
    public static ProblemHttpResult NoLink { get; } =
        Problems.Other(StatusCodes.Status401Unauthorized, "link-not-valid", "No valid link.", "The link has ended, was revoked, or is not complete. Ask the dispatcher for a new one.");

    /// <summary>Gives the phone its cookie, or a fresh one.</summary>
    public void Issue(HttpContext context, FieldLinkRecord link)
    {
        var now = time.GetUtcNow();
        var until = now.AddMinutes(options.Value.SessionMinutes);
        until = until < link.ExpiresAt ? until : link.ExpiresAt;
        context.Response.Cookies.Append(Cookie, _protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{link.Id:N} {until.ToUnixTimeSeconds()}")), new CookieOptions
        {
            Path = FieldLinksModule.Path,
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            MaxAge = until - now,
        });
    }

    /// <summary>The link that the phone opened and the open incident that it shows, while both are so.</summary>
    public async Task<(FieldLinkRecord Link, IncidentRecord Incident)?> ShownToAsync(HttpContext context, CancellationToken cancellation) =>
        await LinkOfAsync(context, cancellation) is { } link && await links.IncidentOfAsync(link, cancellation) is { } incident ? (link, incident) : null;

    /// <summary>The link that the phone opened, while it holds.</summary>
    public async Task<FieldLinkRecord?> LinkOfAsync(HttpContext context, CancellationToken cancellation)
    {
        if (context.Request.Cookies[Cookie] is not { Length: < 1000 } cookie || Read(cookie) is not { } id || await links.FindAsync(id, cancellation) is not { } link)
            return null;
        await links.NoteUseAsync(link, cancellation);
        return link;
    }

    private Guid? Read(string cookie)
    {
        try
        {
            return _protector.Unprotect(cookie).Split(' ') is [var id, var until]
                && DateTimeOffset.FromUnixTimeSeconds(long.Parse(until, CultureInfo.InvariantCulture)) > time.GetUtcNow()
                ? Guid.ParseExact(id, "N")
                : null;
        }
        catch (CryptographicException)
        {
            // Not one of ours, or from before the keys were lost.
            return null;
        }
    }
}
