using System.Security.Cryptography;

namespace DroneOps.Mavlink;

/// <summary>A MAVLink 2 signing key: 32 secret bytes shared with one vehicle. It never leaves through text: there is no
/// ToString, and logs, parameters and recordings must not hold it (MAVLink guide, "Message Signing").</summary>
public sealed class SigningKey
{
    /// <summary>Bytes of a key.</summary>
    public const int Length = 32;

    private readonly byte[] _secret;

    /// <summary>Takes a copy of the secret.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes, or all zero, which means "signing off" on the wire.</exception>
    public SigningKey(ReadOnlySpan<byte> secret)
    {
        if (secret.Length != Length)
            throw new ArgumentException($"A signing key has {Length} bytes, not {secret.Length}.", nameof(secret));
        if (!secret.ContainsAnyExcept((byte)0))
            throw new ArgumentException("A signing key of zeros means that signing is off.", nameof(secret));
        _secret = secret.ToArray();
    }

    /// <summary>A new random key.</summary>
    public static SigningKey Create()
    {
        Span<byte> secret = stackalloc byte[Length];
        RandomNumberGenerator.Fill(secret);
        var key = new SigningKey(secret);
        CryptographicOperations.ZeroMemory(secret);
        return key;
    }

    /// <summary>The secret, for SETUP_SIGNING over a link that is itself secure and for a vault.</summary>
    public ReadOnlySpan<byte> Secret => _secret;

    /// <summary>The 48-bit signature over key, header, payload, checksum, link id and timestamp.</summary>
    /// <param name="signed">The frame up to and with the timestamp: everything but the signature itself.</param>
    /// <param name="signature">Six bytes.</param>
    internal void Sign(ReadOnlySpan<byte> signed, Span<byte> signature)
    {
        // One contiguous hash: for 84 bytes the incremental interface costs more than the copy.
        Span<byte> input = stackalloc byte[Length + MavlinkFrame.MaxLength];
        _secret.CopyTo(input);
        signed.CopyTo(input[Length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input[..(Length + signed.Length)], hash);
        hash[..FrameSignature.TagLength].CopyTo(signature);
    }
}
