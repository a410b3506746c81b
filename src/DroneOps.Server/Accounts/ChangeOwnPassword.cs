using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace DroneOps.Server.Accounts;

/// <summary><c>PUT /session/password</c>: my own, with the present one as proof. This session goes on, the others end.</summary>
internal static class ChangeOwnPassword
{
    public static void Map(RouteGroupBuilder group) => group.MapPut("/password", HandleAsync)
        .RequireRateLimiting(AccountsModule.SignInLimit)
        .WithSummary("Change the signed-in user's own password");

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> HandleAsync(
        Request request, HttpContext context, UserManager<Account> accounts, AccountBook book, Sessions sessions, AuditLog audit, CancellationToken cancellation)
    {
        if (await accounts.FindByIdAsync(context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? "") is not { } account)
        {
            return Problems.Forbidden("not-a-person", "Only a signed-in person has a password.");
        }

        if (!await accounts.CheckPasswordAsync(account, request.Present ?? ""))
        {
            await audit.AppendAsync(new AuditEntry(context.User.Actor(), "account.passwordRefused", $"account/{account.UserName}", null), cancellation);
            return Problems.Invalid(new Fault("#/present", "This is not the present password."));
        }

        if (await book.PasswordFaultsAsync(account, request.Password) is { Count: > 0 } faults)
        {
            return Problems.Invalid(faults);
        }

        await book.SetPasswordAsync(account, request.Password!, context.User.Actor(), cancellation);
        return TypedResults.Ok(await sessions.OpenAsync(context, account));
    }

    /// <summary>The request.</summary>
    internal sealed record Request(string? Present, string? Password);
}
