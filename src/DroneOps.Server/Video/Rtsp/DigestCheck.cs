using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using DroneOps.Server.Accounts;

namespace DroneOps.Server.Video.Rtsp;

/// <summary>Who a viewer says that it is (Digest, RFC 2617, 3.2, without <c>qop</c>, which cameras' viewers do not know).</summary>
/// <param name="UserName">The name of a token.</param>
/// <param name="Nonce">The number that the answer was made for.</param>
/// <param name="Uri">The address that it was made for.</param>
/// <param name="Response">The proof.</param>
internal sealed partial record DigestCheck(string UserName, string Nonce, string Uri, string Response)
{
    private const int LongestHeader = 2048;

    /// <summary>Reads the header <c>Authorization</c>; null when it is something else.</summary>
    public static DigestCheck? Parse(string? header)
    {
        if (header is null || header.Length > LongestHeader || !header.StartsWith("Digest ", StringComparison.OrdinalIgnoreCase))
            return null;
        Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);
        foreach (Match pair in Pair().Matches(header, "Digest ".Length))
            values.TryAdd(pair.Groups["name"].Value, pair.Groups["quoted"] is { Success: true } quoted ? quoted.Value : pair.Groups["plain"].Value);
        return values.GetValueOrDefault("username") is { } user && values.GetValueOrDefault("nonce") is { } nonce && values.GetValueOrDefault("uri") is { } uri && values.GetValueOrDefault("response") is { } response
            && values.GetValueOrDefault("realm") == ApiToken.DigestRealm
                ? new(user, nonce, uri, response)
                : null;
    }

    /// <summary>Whether it was made for this request and with the secret of which <paramref name="key"/> is the hash.</summary>
    public bool Proves(byte[] key, string nonce, RtspRequest request)
    {
        // The address may differ in what follows the stream: some viewers prove the one they opened and ask for its track.
        if (Nonce != nonce || RtspRequest.PathOf(Uri)?.Split('/', '?')[0] != request.StreamId)
            return false;
        var expected = Hash($"{Convert.ToHexStringLower(key)}:{nonce}:{Hash($"{request.Method}:{Uri}")}");
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(Response.ToLowerInvariant()));
    }

#pragma warning disable CA5351 // Viewers of RTSP know no other; with a secret of 256 random bits nothing is found out from it.
    private static string Hash(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351

    [GeneratedRegex("""\G\s*(?<name>[A-Za-z]+)\s*=\s*(?:"(?<quoted>[^"]*)"|(?<plain>[^\s,"]*))\s*(?:,|$)""", RegexOptions.CultureInvariant)]
    private static partial Regex Pair();
}
