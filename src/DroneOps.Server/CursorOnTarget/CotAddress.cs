using System.Diagnostics.CodeAnalysis;

namespace DroneOps.Server.CursorOnTarget;

/// <summary>Where a stream of events leads.</summary>
/// <param name="IsTls">Whether it is encrypted and its ends prove who they are.</param>
/// <param name="Host">A name or an address.</param>
/// <param name="Port">0 is any free port, for a listener.</param>
internal sealed record CotAddress(bool IsTls, string Host, int Port)
{
    /// <summary>Reads <c>tcp://HOST:PORT</c> or <c>tls://HOST:PORT</c>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out CotAddress? address)
    {
        address = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("tcp" or "tls") || uri.Host.Length == 0)
            return false;
        if (uri.Port < 0 || uri.PathAndQuery.Trim('/').Length > 0 || uri.UserInfo.Length > 0)
            return false;
        address = new(uri.Scheme == "tls", uri.DnsSafeHost, uri.Port);
        return true;
    }

    /// <summary>Reads an address that the check of the options has passed.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static CotAddress Parse(string text) => TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not tcp://HOST:PORT or tls://HOST:PORT.");

    public override string ToString() => $"{(IsTls ? "tls" : "tcp")}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";
}
