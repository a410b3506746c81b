using System.Security.Claims;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace DroneOps.Server.Accounts;

/// <summary><c>PUT /accounts/{id}/password</c>: an administrator gives a new one; also unlocks.</summary>
internal static class SetPassword
{
    public static void Map(RouteGroupBuilder group) => group.MapPut("/{id:guid}/password", HandleAsync).WithSummary("Give an account a new password and unlock it");

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Guid id, Request request, ClaimsPrincipal user, UserManager<Account> accounts, AccountBook book, CancellationToken cancellation)
    {
        if (await accounts.FindByIdAsync(id.ToString()) is not { } account)
        {
            return Problems.NotFound("account", id);
        }

        if (await book.PasswordFaultsAsync(account, request.Password) is { Count: > 0 } faults)
        {
            return Problems.Invalid(faults);
        }

        await book.SetPasswordAsync(account, request.Password!, user.Actor(), cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>The request.</summary>
    internal sealed record Request(string? Password);
}
