using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Accounts;

/// <summary><c>POST /session</c>: sign in. The answer to a wrong name, a wrong password and a locked account is the
/// same, and takes as long, so that nobody can find out which names exist (ASVS 6.3.8).</summary>
internal static class OpenSession
{
    public static void Map(RouteGroupBuilder group) => group.MapPost("", HandleAsync)
        .AllowAnonymous()
        .RequireRateLimiting(AccountsModule.SignInLimit)
        .WithSummary("Sign in: sets the session cookie and answers the user with an antiforgery token");

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> HandleAsync(
        Credentials credentials,
        HttpContext context,
        UserManager<Account> accounts,
        IPasswordHasher<Account> hasher,
        Sessions sessions,
        AuditLog audit,
        IOptions<AccountsOptions> options,
        TimeProvider time,
        CancellationToken cancellation)
    {
        var (userName, password) = (credentials.UserName ?? "", credentials.Password ?? "");
        if (userName.Length is 0 or > 256 || password.Length is 0 or > 1024)
        {
            return Problems.Invalid(new Fault("#", "userName and password are needed."));
        }

        var account = await accounts.FindByNameAsync(userName);
        var refusal = await RefusalAsync(account, password, accounts, hasher, options.Value, time);
        if (refusal is not null || account is null)
        {
            await audit.AppendAsync(new AuditEntry("anonymous", "session.refused", $"account/{userName}", new { reason = refusal, from = From(context) }), cancellation);
            return Problems.Other(StatusCodes.Status401Unauthorized, "sign-in-refused", "Sign-in refused.", "The user name or the password is wrong, or the account is locked for a while.");
        }

        await audit.AppendAsync(new AuditEntry($"user:{account.UserName}", "session.opened", $"account/{account.UserName}", new { from = From(context) }), cancellation);
        return TypedResults.Ok(await sessions.OpenAsync(context, account));
    }

    private static async Task<string?> RefusalAsync(
        Account? account, string password, UserManager<Account> accounts, IPasswordHasher<Account> hasher, AccountsOptions options, TimeProvider time)
    {
        if (account is null)
        {
            // Spend the time a real check would have taken.
            hasher.HashPassword(null!, password);
            return "unknown name";
        }

        var isRight = await accounts.CheckPasswordAsync(account, password);
        if (account.LockoutEnd > time.GetUtcNow())
        {
            return "locked";
        }

        if (account.DisabledAt is not null)
        {
            return "disabled";
        }

        if (account.IsDemo && !options.Demo)
        {
            return "demo account outside demo mode";
        }

        if (isRight)
        {
            if (account.AccessFailedCount > 0)
            {
                account.AccessFailedCount = 0;
                await accounts.UpdateAsync(account);
            }

            return null;
        }

        // Identity's own lockout reads the wall clock; this counts on the same fields with ours.
        account.AccessFailedCount++;
        if (account.AccessFailedCount >= options.LockAfter)
        {
            account.AccessFailedCount = 0;
            account.LockoutEnd = time.GetUtcNow().AddMinutes(options.LockMinutes);
        }

        await accounts.UpdateAsync(account);
        return "wrong password";
    }

    private static string? From(HttpContext context) => context.Connection.RemoteIpAddress?.ToString();

    /// <summary>The request.</summary>
    internal sealed record Credentials(string? UserName, string? Password);
}
