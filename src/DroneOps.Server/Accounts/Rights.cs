using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Accounts;

/// <summary>What somebody may do who is not the caller.</summary>
internal sealed class Rights(FleetDb db, TimeProvider time)
{
    /// <summary>Whether somebody who was signed in some time ago still may: his token is valid, his account in use, his password and roles unchanged.</summary>
    public async Task<bool> StillHoldsAsync(ClaimsPrincipal user, string policy, CancellationToken cancellation)
    {
        if (!Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var id))
            return false;
        if (user.FindFirstValue(Actors.KindClaim) == "token")
            return await db.Set<ApiToken>().AsNoTracking().SingleOrDefaultAsync(token => token.Id == id, cancellation) is { } machine && machine.IsValid(time.GetUtcNow()) && Policies.Of(policy).Contains(machine.Role);

        // A change of roles or password changes the stamp, too.
        var stamp = user.FindFirstValue(Sessions.StampClaim);
        return await db.Set<Account>().AnyAsync(account => account.Id == id && account.DisabledAt == null && account.SecurityStamp == stamp, cancellation);
    }

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
