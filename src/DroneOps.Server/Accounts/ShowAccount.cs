using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace DroneOps.Server.Accounts;

/// <summary><c>GET /accounts/{id}</c>.</summary>
internal static class ShowAccount
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/{id:guid}", HandleAsync).HasETag().WithSummary("One account");

    private static async Task<Results<Ok<AccountView>, ProblemHttpResult>> HandleAsync(Guid id, HttpContext context, UserManager<Account> accounts)
    {
        if (await accounts.FindByIdAsync(id.ToString()) is not { } account)
            return Problems.NotFound("account", id);
        context.Response.Headers.ETag = AccountView.TagOf(account);
        return TypedResults.Ok(AccountView.Of(account, await accounts.GetRolesAsync(account)));
    }
}
