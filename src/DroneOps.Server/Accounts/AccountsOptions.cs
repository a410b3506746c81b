using System.ComponentModel.DataAnnotations;

namespace DroneOps.Server.Accounts;

/// <summary>Sign-in rules. The defaults follow NIST 800-63B and OWASP ASVS 5 (length, no composition, no forced change).</summary>
internal sealed class AccountsOptions
{
    /// <summary>Make the demo accounts admin, pilot, dispatcher, auditor; their password is DRONEOPS_DEMO_PASSWORD or random.</summary>
    public bool Demo { get; set; }

    /// <summary>The shortest password, in characters.</summary>
    [Range(8, 128)]
    public int PasswordMinLength { get; set; } = 15;

    /// <summary>Wrong passwords before an account is locked.</summary>
    [Range(3, 100)]
    public int LockAfter { get; set; } = 5;

    /// <summary>Minutes it stays locked.</summary>
    [Range(1, 24 * 60)]
    public int LockMinutes { get; set; } = 10;

    /// <summary>Minutes without a request after which a session ends. Command centres work in shifts behind locked doors.</summary>
    [Range(5, 24 * 60)]
    public int SessionIdleMinutes { get; set; } = 12 * 60;

    /// <summary>Sign-in attempts a minute from one address.</summary>
    [Range(1, 100_000)]
    public int SignInsPerMinute { get; set; } = 20;

    /// <summary>Days a token lives when nobody says otherwise.</summary>
    [Range(1, 3650)]
    public int TokenDays { get; set; } = 365;
}
