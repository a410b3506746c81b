using System.Security.Claims;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace DroneOps.Server.Accounts;

/// <summary><c>PUT /accounts/{id}</c>: name, roles, and whether it may be used. The last administrator stays one.</summary>
internal static class ChangeAccount
{
    public static void Map(RouteGroupBuilder group) => group.MapPut("/{id:guid}", HandleAsync).HasETag().ProducesProblem(StatusCodes.Status409Conflict).WithSummary("Change an account's name and roles, disable or enable it");

    private static async Task<Results<Ok<AccountView>, ProblemHttpResult>> HandleAsync(
        Guid id, Request request, HttpContext context, ClaimsPrincipal user, UserManager<Account> accounts, AccountBook book, CancellationToken cancellation)
    {
        if (await accounts.FindByIdAsync(id.ToString()) is not { } account)
        {
            return Problems.NotFound("account", id);
        }

        if (ETags.Check(context, AccountView.TagOf(account)) is { } stale)
            return stale;
        var roles = request.Roles ?? [];
        var faults = AccountBook.RoleFaults(roles).ToList();
        if (request.DisplayName is null or { Length: 0 or > 64 })
        {
            faults.Add(new Fault("#/displayName", "displayName is 1 to 64 characters."));
        }

        if (faults.Count > 0)
        {
            return Problems.Invalid(faults);
        }

        if ((request.Disabled || !roles.Contains(Roles.Admin)) && !await book.HasOtherAdminAsync(account, cancellation))
        {
            return Problems.Conflict("last-admin", "This is the only administrator left; make another first.");
        }

        await book.ChangeAsync(account, request.DisplayName!, roles, request.Disabled, user.Actor(), cancellation);
        context.Response.Headers.ETag = AccountView.TagOf(account);
        return TypedResults.Ok(AccountView.Of(account, roles));
    }

    /// <summary>The request: all of it, as in any PUT.</summary>
    internal sealed record Request(string? DisplayName, IReadOnlyList<string>? Roles, bool Disabled);
}
