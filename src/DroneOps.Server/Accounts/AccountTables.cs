using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Accounts;

/// <summary>The tables of people, roles and tokens. Identity's own context is not used: FleetDb is the context.</summary>
internal static class AccountTables
{
    private const int NameLength = 256;

    private sealed class Accounts : IEntityTypeConfiguration<Account>
    {
        public void Configure(EntityTypeBuilder<Account> builder)
        {
            builder.ToTable("accounts");
            builder.HasIndex(account => account.NormalizedUserName).IsUnique();
            builder.HasIndex(account => account.NormalizedEmail);
            builder.Property(account => account.UserName).HasMaxLength(NameLength);
            builder.Property(account => account.NormalizedUserName).HasMaxLength(NameLength);
            builder.Property(account => account.ConcurrencyStamp).IsConcurrencyToken();
        }
    }

    private sealed class RoleNames : IEntityTypeConfiguration<IdentityRole<Guid>>
    {
        public void Configure(EntityTypeBuilder<IdentityRole<Guid>> builder)
        {
            builder.ToTable("roles");
            builder.HasIndex(role => role.NormalizedName).IsUnique();
            builder.Property(role => role.ConcurrencyStamp).IsConcurrencyToken();
        }
    }

    private sealed class AccountRoles : IEntityTypeConfiguration<IdentityUserRole<Guid>>
    {
        public void Configure(EntityTypeBuilder<IdentityUserRole<Guid>> builder)
        {
            builder.ToTable("account_roles");
            builder.HasKey(row => new { row.UserId, row.RoleId });
            builder.HasOne<Account>().WithMany().HasForeignKey(row => row.UserId);
            builder.HasOne<IdentityRole<Guid>>().WithMany().HasForeignKey(row => row.RoleId);
        }
    }

    private sealed class AccountClaims : IEntityTypeConfiguration<IdentityUserClaim<Guid>>
    {
        public void Configure(EntityTypeBuilder<IdentityUserClaim<Guid>> builder)
        {
            builder.ToTable("account_claims");
            builder.HasOne<Account>().WithMany().HasForeignKey(row => row.UserId);
        }
    }

    private sealed class RoleClaims : IEntityTypeConfiguration<IdentityRoleClaim<Guid>>
    {
        public void Configure(EntityTypeBuilder<IdentityRoleClaim<Guid>> builder)
        {
            builder.ToTable("role_claims");
            builder.HasOne<IdentityRole<Guid>>().WithMany().HasForeignKey(row => row.RoleId);
        }
    }

    private sealed class Logins : IEntityTypeConfiguration<IdentityUserLogin<Guid>>
    {
        public void Configure(EntityTypeBuilder<IdentityUserLogin<Guid>> builder)
        {
            builder.ToTable("account_logins");
            builder.HasKey(row => new { row.LoginProvider, row.ProviderKey });
            builder.HasOne<Account>().WithMany().HasForeignKey(row => row.UserId);
        }
    }

    private sealed class Secrets : IEntityTypeConfiguration<IdentityUserToken<Guid>>
    {
        public void Configure(EntityTypeBuilder<IdentityUserToken<Guid>> builder)
        {
            builder.ToTable("account_secrets");
            builder.HasKey(row => new { row.UserId, row.LoginProvider, row.Name });
            builder.HasOne<Account>().WithMany().HasForeignKey(row => row.UserId);
        }
    }

    private sealed class ApiTokens : IEntityTypeConfiguration<ApiToken>
    {
        public void Configure(EntityTypeBuilder<ApiToken> builder)
        {
            builder.ToTable("api_tokens");
            builder.HasIndex(token => token.Hash).IsUnique();
            builder.HasIndex(token => token.Name).IsUnique();
        }
    }
}
