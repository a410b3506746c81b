using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Accounts;

/// <summary>Makes and changes people's accounts; every change is in the audit log first.</summary>
internal sealed class AccountBook(FleetDb db, UserManager<Account> accounts, AuditLog audit, TimeProvider time)
{
    private const int MaxName = 64;

    /// <summary>Makes an account.</summary>
    /// <returns>What is wrong; empty when it was made.</returns>
    public async Task<IReadOnlyList<Fault>> CreateAsync(string? userName, string? displayName, string? password, IReadOnlyList<string> roles, string actor, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var account = new Account { Id = Guid.CreateVersion7(now), UserName = userName, DisplayName = displayName is { Length: > 0 } ? displayName : userName ?? "", CreatedAt = now };
        var faults = new List<Fault>(RoleFaults(roles));
        if (account.DisplayName.Length > MaxName || userName is null or { Length: 0 or > MaxName })
        {
            faults.Add(new Fault("#/userName", $"userName and displayName are 1 to {MaxName} characters."));
            return faults;
        }

        // Asked before the entry is written: the log says what was done, not what was tried.
        foreach (var validator in accounts.UserValidators)
        {
            faults.AddRange((await validator.ValidateAsync(accounts, account)).Errors.Select(error => new Fault("#/userName", error.Description)));
        }

        faults.AddRange(await PasswordFaultsAsync(account, password));
        if (faults.Count > 0)
        {
            return faults;
        }

        await audit.AppendAsync(new AuditEntry(actor, "account.created", $"account/{userName}", new { roles }), cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        Must(await accounts.CreateAsync(account, password!));
        Must(await accounts.AddToRolesAsync(account, roles));
        await transaction.CommitAsync(cancellation);
        return [];
    }

    /// <summary>What is wrong with a new password.</summary>
    public async Task<IReadOnlyList<Fault>> PasswordFaultsAsync(Account account, string? password)
    {
        var faults = new List<Fault>();
        foreach (var validator in accounts.PasswordValidators)
        {
            faults.AddRange((await validator.ValidateAsync(accounts, account, password)).Errors.Select(error => new Fault("#/password", error.Description)));
        }

        return faults;
    }

    /// <summary>Sets a password; every session of the account ends within a minute.</summary>
    public async Task SetPasswordAsync(Account account, string password, string actor, CancellationToken cancellation)
    {
        await audit.AppendAsync(new AuditEntry(actor, "account.passwordSet", $"account/{account.UserName}", null), cancellation);
        account.PasswordHash = accounts.PasswordHasher.HashPassword(account, password);
        account.AccessFailedCount = 0;
        account.LockoutEnd = null;
        Must(await accounts.UpdateSecurityStampAsync(account));
    }

    /// <summary>Changes name, roles and whether it may be used; its sessions end within a minute.</summary>
    public async Task ChangeAsync(Account account, string displayName, IReadOnlyList<string> roles, bool isDisabled, string actor, CancellationToken cancellation)
    {
        var before = await accounts.GetRolesAsync(account);
        await audit.AppendAsync(
            new AuditEntry(actor, "account.changed", $"account/{account.UserName}", new { roles, rolesBefore = before.Order(), disabled = isDisabled, disabledBefore = account.DisabledAt is not null }),
            cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        account.DisplayName = displayName;
        account.DisabledAt = isDisabled ? account.DisabledAt ?? time.GetUtcNow() : null;
        Must(await accounts.RemoveFromRolesAsync(account, before.Except(roles)));
        Must(await accounts.AddToRolesAsync(account, roles.Except(before)));
        Must(await accounts.UpdateSecurityStampAsync(account));
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Whether somebody else could still administer, were this account not there.</summary>
    public async Task<bool> HasOtherAdminAsync(Account account, CancellationToken cancellation) => await (
        from row in db.Set<IdentityUserRole<Guid>>()
        join role in db.Set<IdentityRole<Guid>>() on row.RoleId equals role.Id
        join other in db.Set<Account>() on row.UserId equals other.Id
        where role.Name == Roles.Admin && other.Id != account.Id && other.DisabledAt == null
        select other.Id).AnyAsync(cancellation);

    /// <summary>What is wrong with a list of roles.</summary>
    public static IEnumerable<Fault> RoleFaults(IReadOnlyList<string> roles)
    {
        if (roles.Count == 0 || roles.Distinct().Count() != roles.Count || roles.Except(Roles.All).Any())
        {
            yield return new Fault("#/roles", $"roles names at least one of {string.Join(", ", Roles.All)}, each once.");
        }
    }

    // Everything a caller can do wrong was checked before; what fails now is the store.
    private static void Must(IdentityResult result)
    {
        if (!result.Succeeded)
        {
            throw new DbUpdateConcurrencyException(string.Join(" ", result.Errors.Select(error => error.Description)));
        }
    }
}

/// <summary>An account as it is answered.</summary>
/// <param name="Disabled">It may not be used.</param>
/// <param name="Demo">Made by demo mode.</param>
/// <param name="Etag">For If-Match.</param>
internal sealed record AccountView(Guid Id, string UserName, string DisplayName, IReadOnlyList<string> Roles, bool Disabled, bool Demo, DateTimeOffset CreatedAt, DateTimeOffset? LockedUntil, string Etag)
{
    public static AccountView Of(Account account, IEnumerable<string> roles) => new(
        account.Id, account.UserName!, account.DisplayName, [.. roles.Order(StringComparer.Ordinal)], account.DisabledAt is not null, account.IsDemo, account.CreatedAt, account.LockoutEnd, TagOf(account));

    /// <summary>The entity tag, quotes included: Identity changes the stamp with every change.</summary>
    public static string TagOf(Account account) => $"\"{account.ConcurrencyStamp}\"";
}
