using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;

namespace DroneOps.Server.Api;

/// <summary>A cookie travels by itself, so an unsafe request of a cookie user must also carry the token that only our
/// page could read (<c>X-XSRF-TOKEN</c>). Bearer tokens do not travel by themselves and need none.</summary>
internal sealed class AntiforgeryCheck(RequestDelegate next, IAntiforgery antiforgery)
{
    public const string Header = "X-XSRF-TOKEN";

    public static bool IsUnsafe(string method) =>
        !(HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method));

    public async Task InvokeAsync(HttpContext context)
    {
        // An endpoint for anyone (sign-in) acts on what is in the body, not on the cookie that may come along; one that opts out (the feed's
        // handshake, to which a script cannot add a header everywhere) is guarded by the origin check.
        var metadata = context.GetEndpoint()?.Metadata;
        var isExempt = metadata?.GetMetadata<IAllowAnonymous>() is not null || metadata?.GetMetadata<IAntiforgeryMetadata>() is { RequiresValidation: false };
        var isCookieUser = !isExempt && context.User.Identity is { IsAuthenticated: true } && context.User.FindFirstValue(Actors.KindClaim) != "token";
        if (isCookieUser && IsUnsafe(context.Request.Method) && !await antiforgery.IsRequestValidAsync(context))
        {
            await Problems.Forbidden("antiforgery", $"Send the antiforgery token of GET {ApiGroups.Prefix}/session in the header {Header}.").ExecuteAsync(context);
            return;
        }

        await next(context);
    }
}
