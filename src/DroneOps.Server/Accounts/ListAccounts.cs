using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Accounts;

/// <summary><c>GET /accounts</c>: people by user name.</summary>
internal static class ListAccounts
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("", HandleAsync).WithSummary("Accounts by user name");

    private static async Task<Results<Ok<Page<AccountView>>, ProblemHttpResult>> HandleAsync([AsParameters] PageRequest page, FleetDb db, CancellationToken cancellation)
    {
        if (page.Fault is { } fault)
        {
            return Problems.Invalid(fault);
        }

        var after = page.After ?? "";
        var rows = await db.Set<Account>().AsNoTracking()
            .Where(account => string.Compare(account.NormalizedUserName, after) > 0)
            .OrderBy(account => account.NormalizedUserName)
            .Take(page.Take + 1)
            .ToListAsync(cancellation);
        var ids = rows.Select(account => account.Id).ToList();
        var roles = (await (
            from row in db.Set<IdentityUserRole<Guid>>()
            join role in db.Set<IdentityRole<Guid>>() on row.RoleId equals role.Id
            where ids.Contains(row.UserId)
            select new { row.UserId, role.Name }).ToListAsync(cancellation)).ToLookup(row => row.UserId, row => row.Name!);
        return TypedResults.Ok(page.Of(rows, account => AccountView.Of(account, roles[account.Id]), account => account.NormalizedUserName!));
    }
}
