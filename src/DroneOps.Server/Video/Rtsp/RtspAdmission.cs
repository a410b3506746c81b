using System.Security.Claims;
using DroneOps.Server.Accounts;
using DroneOps.Server.Api;

namespace DroneOps.Server.Video.Rtsp;

/// <summary>Who may watch by RTSP: the holder of a token that was made for it, with its name as the user and its text as the password.</summary>
internal sealed class RtspAdmission(IServiceScopeFactory scopes)
{
    private const string Scheme = "Digest";

    /// <summary>The caller who has made this request, or null.</summary>
    /// <param name="nonce">The number that this connection was given.</param>
    public async Task<ClaimsPrincipal?> AdmitAsync(RtspRequest request, string nonce, CancellationToken cancellation)
    {
        if (DigestCheck.Parse(request["Authorization"]) is not { } proof)
            return null;
        await using var scope = scopes.CreateAsyncScope();
        var token = await scope.ServiceProvider.GetRequiredService<Tokens>().FindByDigestAsync(proof.UserName, key => proof.Proves(key, nonce, request), cancellation);
        return token?.ToPrincipal(Scheme) is { } user && Policies.Of(Policies.Read).Any(user.IsInRole) ? user : null;
    }
}
