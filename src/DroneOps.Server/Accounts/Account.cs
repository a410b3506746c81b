using Microsoft.AspNetCore.Identity;

namespace DroneOps.Server.Accounts;

/// <summary>A person who signs in. Roles are Identity's (<see cref="Api.Roles"/>).</summary>
internal sealed class Account : IdentityUser<Guid>
{
    /// <summary>The name people know, any script.</summary>
    public required string DisplayName { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Set while the account may not be used. Accounts are never deleted: the log speaks of them.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>A demo account: refused outside demo mode, so that a demonstration's password opens nothing later.</summary>
    public bool IsDemo { get; init; }
}
