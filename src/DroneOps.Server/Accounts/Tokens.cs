using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Accounts;

/// <summary>Makes and finds tokens.</summary>
internal sealed class Tokens(FleetDb db, AuditLog audit, TimeProvider time)
{
    /// <summary>The entry that must be in the log before a token has power.</summary>
    public static AuditEntry Created(ApiToken token) =>
        new(token.CreatedBy, "token.created", $"token/{token.Name}", new { token.Id, token.Role, token.ExpiresAt, rtsp = token.DigestKey is not null });

    public static ApiToken New(string name, string role, string createdBy, string text, DateTimeOffset now, int days, bool rtsp) => new()
    {
        Id = Guid.CreateVersion7(now),
        Name = name,
        Role = role,
        Hash = ApiToken.HashOf(text),
        DigestKey = rtsp ? ApiToken.DigestKeyOf(name, text) : null,
        CreatedAt = now,
        CreatedBy = createdBy,
        ExpiresAt = now.AddDays(days),
    };

    /// <summary>The valid token with this text, or null.</summary>
    public async Task<ApiToken?> FindAsync(string text, CancellationToken cancellation)
    {
        var hash = ApiToken.HashOf(text);
        return await AdmitAsync(await db.Set<ApiToken>().SingleOrDefaultAsync(candidate => candidate.Hash == hash, cancellation), cancellation);
    }

    /// <summary>The valid token with this name whose holder has proved to know its text, or null.</summary>
    /// <param name="proves">Whether the proof goes with a <see cref="ApiToken.DigestKey"/>.</param>
    public async Task<ApiToken?> FindByDigestAsync(string name, Func<byte[], bool> proves, CancellationToken cancellation)
    {
        var token = await db.Set<ApiToken>().SingleOrDefaultAsync(candidate => candidate.Name == name, cancellation);
        return token?.DigestKey is { } key && proves(key) ? await AdmitAsync(token, cancellation) : null;
    }

    private async Task<ApiToken?> AdmitAsync(ApiToken? token, CancellationToken cancellation)
    {
        if (token is null || !token.IsValid(time.GetUtcNow()))
        {
            return null;
        }

        if (token.AuditedAt is null)
        {
            await audit.AppendAsync(Created(token), cancellation);
            token.AuditedAt = time.GetUtcNow();
            await db.SaveChangesAsync(cancellation);
        }

        return token;
    }
}
