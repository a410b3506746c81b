using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using DroneOps.Server.Api;

namespace DroneOps.Server.Accounts;

/// <summary>A machine's key. Only its hash is kept: the text is shown once.</summary>
internal sealed class ApiToken
{
    public const string Prefix = "dro_";

    /// <summary>The realm of <see cref="DigestKey"/>.</summary>
    public const string DigestRealm = "DroneOps";

    public required Guid Id { get; init; }

    /// <summary>Unique among tokens; the audit log calls the machine by it.</summary>
    public required string Name { get; init; }

    public required string Role { get; init; }

    /// <summary>SHA-256 of the text. The text has 256 random bits, so nothing slower is needed.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>What Digest authentication is checked with (RFC 2617, 3.2.2.2: the hash of name, realm and text), for viewers that speak RTSP and know no
    /// other; null for a token that was not made for them. Who reads it from the database can watch with it, but not more.</summary>
    public byte[]? DigestKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it, as the audit log writes it.</summary>
    public required string CreatedBy { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>When its making was written to the audit log. The command line cannot write the log while a server
    /// holds it; the token then has no power until the server has done so, at its first use.</summary>
    public DateTimeOffset? AuditedAt { get; set; }

    public bool IsValid(DateTimeOffset now) => RevokedAt is null && now < ExpiresAt;

    /// <summary>A new token's text.</summary>
    public static string NewText() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

#pragma warning disable CA5351 // RTSP's viewers know no other hash; nothing is found out from it about 256 random bits.
    public static byte[] DigestKeyOf(string name, string text) => MD5.HashData(Encoding.UTF8.GetBytes($"{name}:{DigestRealm}:{text}"));
#pragma warning restore CA5351

    /// <summary>The machine as a caller.</summary>
    public ClaimsPrincipal ToPrincipal(string scheme)
    {
        var identity = new ClaimsIdentity(scheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, Id.ToString()));
        identity.AddClaim(new Claim(ClaimTypes.Name, Name));
        identity.AddClaim(new Claim(ClaimTypes.Role, Role));
        identity.AddClaim(new Claim(Actors.KindClaim, "token"));
        return new(identity);
    }
}
