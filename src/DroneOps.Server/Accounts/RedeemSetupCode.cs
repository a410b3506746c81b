using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Accounts;

/// <summary><c>POST /setup</c>: makes the first administrator with the code that the first start printed.</summary>
internal static class RedeemSetupCode
{
    public static void Map(RouteGroupBuilder group) => group.MapPost("", HandleAsync)
        .AllowAnonymous()
        .RequireRateLimiting(AccountsModule.SignInLimit)
        .WithSummary("Make the first administrator with the one-time set-up code");

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Request request, SetupCode setup, AccountBook book, AuditLog audit, CancellationToken cancellation)
    {
        if (!setup.Redeem(request.Code ?? ""))
        {
            await audit.AppendAsync(new AuditEntry("anonymous", "setup.refused", "server", null), cancellation);
            return Problems.Forbidden("setup-code", "The set-up code is wrong or was used.");
        }

        if (await book.CreateAsync(request.UserName, request.DisplayName, request.Password, [Roles.Admin], "anonymous", cancellation) is { Count: > 0 } faults)
        {
            setup.Restore(request.Code ?? "");
            return Problems.Invalid(faults);
        }

        return TypedResults.NoContent();
    }

    /// <summary>The request.</summary>
    internal sealed record Request(string? Code, string? UserName, string? DisplayName, string? Password);
}
