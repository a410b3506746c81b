using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace DroneOps.Server.Accounts;

/// <summary><c>POST /setup</c>: makes the first administrator with the code that the first start printed.</summary>
internal static class RedeemSetupCode
{
    public static void Map(RouteGroupBuilder group) => group.MapPost("", HandleAsync)
        .AllowAnonymous()
        .RequireRateLimiting(AccountsModule.SignInLimit)
        .WithSummary("Make the first administrator with the one-time set-up code");

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Request request, SetupCode setup, UserManager<Account> accounts, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        if (!setup.Redeem(request.Code ?? ""))
        {
            await audit.AppendAsync(new AuditEntry("anonymous", "setup.refused", "server", null), cancellation);
            return Problems.Forbidden("setup-code", "The set-up code is wrong or was used.");
        }

        await audit.AppendAsync(new AuditEntry("anonymous", "account.created", $"account/{request.UserName}", new { role = Roles.Admin, by = "set-up code" }), cancellation);
        var account = new Account { Id = Guid.CreateVersion7(time.GetUtcNow()), UserName = request.UserName, DisplayName = request.DisplayName ?? request.UserName ?? "", CreatedAt = time.GetUtcNow() };
        var made = await accounts.CreateAsync(account, request.Password ?? "");
        if (!made.Succeeded)
        {
            setup.Restore(request.Code ?? "");
            return Problems.Invalid([.. made.Errors.Select(error => new Fault(error.Code.Contains("Password", StringComparison.Ordinal) ? "#/password" : "#/userName", error.Description))]);
        }

        await accounts.AddToRoleAsync(account, Roles.Admin);
        return TypedResults.NoContent();
    }

    /// <summary>The request.</summary>
    internal sealed record Request(string? Code, string? UserName, string? DisplayName, string? Password);
}
