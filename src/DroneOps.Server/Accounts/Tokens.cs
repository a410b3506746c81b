using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Accounts;

/// <summary>Makes and finds tokens.</summary>
internal sealed class Tokens(FleetDb db, AuditLog audit, TimeProvider time)
{
    /// <summary>The entry that must be in the log before a token has power.</summary>
    public static AuditEntry Created(ApiToken token) =>
        new(token.CreatedBy, "token.created", $"token/{token.Name}", new { token.Id, token.Role, token.ExpiresAt });

    public static ApiToken New(string name, string role, string createdBy, string text, DateTimeOffset now, int days) => new()
    {
        Id = Guid.CreateVersion7(now),
        Name = name,
        Role = role,
        Hash = ApiToken.HashOf(text),
        CreatedAt = now,
        CreatedBy = createdBy,
        ExpiresAt = now.AddDays(days),
    };

    /// <summary>The valid token with this text, or null.</summary>
    public async Task<ApiToken?> FindAsync(string text, CancellationToken cancellation)
    {
        var hash = ApiToken.HashOf(text);
        var token = await db.Set<ApiToken>().SingleOrDefaultAsync(candidate => candidate.Hash == hash, cancellation);
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
