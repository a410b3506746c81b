using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DroneOps.Server.Webhooks;

/// <summary>A receiver's secret and the signatures made with it (Standard Webhooks 1.0, symmetric): <c>v1,</c> and the base64 of
/// HMAC-SHA256 over <c>id.timestamp.body</c>.</summary>
internal sealed class SigningSecret
{
    private const string Prefix = "whsec_";
    private const int Length = 32;

    private readonly byte[] _key;

    private SigningSecret(byte[] key) => _key = key;

    /// <summary>The form that people copy.</summary>
    public string Text => Prefix + Convert.ToBase64String(_key);

    /// <summary>A new random secret.</summary>
    public static SigningSecret New() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>Reads the form that people copy.</summary>
    /// <exception cref="FormatException">It is not that form.</exception>
    public static SigningSecret Parse(string text) => text.StartsWith(Prefix, StringComparison.Ordinal)
        ? new(Convert.FromBase64String(text[Prefix.Length..]))
        : throw new FormatException("A webhook secret begins with whsec_.");

    /// <summary>The signature of a delivery.</summary>
    /// <param name="id"><c>webhook-id</c>.</param>
    /// <param name="timestamp"><c>webhook-timestamp</c>, Unix seconds.</param>
    /// <param name="body">The body as it is sent.</param>
    public string Sign(string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        hash.AppendData(body);
        return "v1," + Convert.ToBase64String(hash.GetHashAndReset());
    }
}
