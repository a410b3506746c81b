using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Accounts;

/// <summary>What somebody may do who is not the caller.</summary>
internal sealed class Rights(FleetDb db, TimeProvider time)
{
    /// <summary>The actor as the audit log writes it, if it exists, may be used, and has one of a policy's roles; else null.</summary>
    public async Task<string?> FindAsync(string actor, string policy, CancellationToken cancellation)
    {
        var roles = Policies.Of(policy);
        var name = actor[(actor.IndexOf(':', StringComparison.Ordinal) + 1)..];
        if (actor.StartsWith("token:", StringComparison.Ordinal))
            return await db.Set<ApiToken>().AsNoTracking().SingleOrDefaultAsync(token => token.Name == name, cancellation) is { } machine && machine.IsValid(time.GetUtcNow()) && roles.Contains(machine.Role) ? actor : null;
        var normal = name.ToUpperInvariant();
        var found = await (
            from account in db.Set<Account>()
            join row in db.Set<IdentityUserRole<Guid>>() on account.Id equals row.UserId
            join role in db.Set<IdentityRole<Guid>>() on row.RoleId equals role.Id
            where account.NormalizedUserName == normal && account.DisabledAt == null && roles.Contains(role.Name!)
            select account.UserName).FirstOrDefaultAsync(cancellation);
        return found is null ? null : $"user:{found}";
    }
}
