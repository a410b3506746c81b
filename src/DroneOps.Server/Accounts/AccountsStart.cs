using System.Security.Cryptography;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Accounts;

/// <summary>At start: the roles exist; in demo mode the demo accounts do; without any account the set-up code is printed.</summary>
internal sealed partial class AccountsStart(
    IServiceScopeFactory scopes, SetupCode setup, AuditLog audit, IOptions<AccountsOptions> options, IConfiguration configuration, TimeProvider time, ILogger<AccountsStart> logger) : IHostedService
{
    public const string DemoPasswordVariable = "DRONEOPS_DEMO_PASSWORD";
    private static readonly string[] DemoRoles = [Roles.Admin, Roles.Pilot, Roles.Dispatcher, Roles.Auditor];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FleetDb>();
        var roles = scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole<Guid>>>();
        foreach (var role in Roles.All)
        {
            if (!await roles.RoleExistsAsync(role))
            {
                await roles.CreateAsync(new IdentityRole<Guid>(role) { Id = Guid.CreateVersion7(time.GetUtcNow()) });
            }
        }

        if (options.Value.Demo)
        {
            await MakeDemoAccountsAsync(scope.ServiceProvider.GetRequiredService<UserManager<Account>>(), cancellationToken);
        }
        else if (!await db.Set<Account>().AnyAsync(account => !account.IsDemo, cancellationToken))
        {
            LogSetup(setup.Issue());
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task MakeDemoAccountsAsync(UserManager<Account> accounts, CancellationToken cancellation)
    {
        var given = configuration[DemoPasswordVariable];
        var password = string.IsNullOrEmpty(given) ? RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 16) : given;
        foreach (var role in DemoRoles)
        {
            var account = await accounts.FindByNameAsync(role);
            if (account is null)
            {
                await audit.AppendAsync(new AuditEntry(Actors.System, "account.created", $"account/{role}", new { role, demo = true }), cancellation);
                account = new Account { Id = Guid.CreateVersion7(time.GetUtcNow()), UserName = role, DisplayName = role, CreatedAt = time.GetUtcNow(), IsDemo = true };
                await accounts.CreateAsync(account);
                await accounts.AddToRoleAsync(account, role);
            }
            else if (!account.IsDemo)
            {
                continue;
            }

            // The demo's password is whatever this start says; the length rule is for people's own passwords. The same
            // password again is no change, and sessions go on.
            if (account.PasswordHash is { } kept && accounts.PasswordHasher.VerifyHashedPassword(account, kept, password) != PasswordVerificationResult.Failed)
            {
                continue;
            }

            account.PasswordHash = accounts.PasswordHasher.HashPassword(account, password);
            account.SecurityStamp = Guid.NewGuid().ToString();
            await accounts.UpdateAsync(account);
        }

        if (string.IsNullOrEmpty(given))
        {
            LogDemoPassword(password);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Demo mode: accounts admin, pilot, dispatcher, auditor; password {Password}")]
    private partial void LogDemoPassword(string password);

    [LoggerMessage(LogLevel.Warning, "There is no account yet. Open the console and use this one-time set-up code: {Code}")]
    private partial void LogSetup(string code);
}
