using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace DroneOps.Server.Video;

/// <summary>How pictures travel to us.</summary>
internal enum SourceScheme
{
    /// <summary>MPEG-TS in UDP datagrams that are sent to a port of ours.</summary>
    Udp,

    /// <summary>MPEG-TS in RTP (RFC 2250) that is sent to a port of ours.</summary>
    Rtp,

    /// <summary>Fetched by RTSP.</summary>
    Rtsp,

    /// <summary>Fetched by RTSP over TLS.</summary>
    Rtsps,

    /// <summary>Fetched by SRT.</summary>
    Srt,

    /// <summary>Fetched by RTMP.</summary>
    Rtmp,
}

/// <summary>Where a stream comes from. Only what a camera can be: no files, no lists of other addresses, no credentials.</summary>
/// <param name="Scheme">How.</param>
/// <param name="Host">The host to fetch from; the local address for what is sent to us.</param>
/// <param name="Port">Its port, ours for what is sent to us.</param>
/// <param name="PathAndQuery">The rest, with the slash it begins with, or empty.</param>
/// <param name="From">The only sender that is listened to; null for whoever sends first.</param>
internal sealed record SourceAddress(SourceScheme Scheme, string Host, int Port, string PathAndQuery, IPAddress? From)
{
    private const int LongestUrl = 512;
    private const int RtspPort = 554;
    private const int RtspsPort = 322;
    private const int RtmpPort = 1935;
    private const int Privileged = 1024;

    // Lists of further addresses and descriptions of sessions: what they name was never looked at.
    private static readonly string[] Lists = [".m3u8", ".m3u", ".ffconcat", ".sdp", ".mpd", ".txt", ".pls", ".asx"];

    /// <summary>Whether we go and get it, and do not wait for it.</summary>
    public bool IsFetched => Scheme is not (SourceScheme.Udp or SourceScheme.Rtp);

    /// <summary>Reads an address.</summary>
    /// <param name="fault">What is wrong with it, to be read after the name of the option.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SourceAddress? address, [NotNullWhen(false)] out string? fault)
    {
        address = null;
        fault = Refuse(text, out var uri, out var scheme);
        if (fault is not null)
            return false;
        var isFetched = scheme is not (SourceScheme.Udp or SourceScheme.Rtp);
        var port = uri!.Port > 0 ? uri.Port : DefaultPort(scheme);
        if (port == 0 || (uri.Port == 0))
            fault = $"'{text}' needs a port.";
        else if (isFetched)
            address = new(scheme, uri.DnsSafeHost, port, uri.PathAndQuery == "/" ? "" : uri.PathAndQuery, null);
        else
            return TryParseListening(text!, uri, scheme, out address, out fault);
        return fault is null;
    }

    /// <summary>The address in the form it is written in, with another host in the place of its own.</summary>
    public string With(IPAddress host, string userInfo) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Scheme.ToString().ToLowerInvariant()}://{userInfo}{(host.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{host}]" : host)}:{Port}{PathAndQuery}");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Scheme.ToString().ToLowerInvariant()}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}{PathAndQuery}");

    private static string? Refuse(string? text, out Uri? uri, out SourceScheme scheme)
    {
        scheme = default;
        uri = null;
        if (string.IsNullOrEmpty(text) || text.Length > LongestUrl)
            return $"is missing, or longer than {LongestUrl} characters.";
        if (text.Any(letter => letter is <= ' ' or > '~' or '\'' or '"' or '\\' or '|' or '`'))
            return "has spaces, quotes or characters beyond ASCII; write them as %XX.";
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !text[..colon].All(char.IsAsciiLetter) || !Enum.TryParse(text[..colon], ignoreCase: true, out scheme) || !text.AsSpan(colon).StartsWith("://"))
            return $"'{text}' is not udp://, rtp://, rtsp://, rtsps://, srt:// or rtmp://; files, lists and pages are no cameras.";
        if (!Uri.TryCreate(text, UriKind.Absolute, out uri) || uri.Host.Length == 0 || uri.HostNameType is UriHostNameType.Unknown or UriHostNameType.Basic)
            return $"'{text}' is not an address.";
        if (uri.UserInfo.Length > 0)
            return "has a user name in it; write UserName and SecretFile instead, so that nobody reads the password in a list of processes.";
        if (uri.Fragment.Length > 0)
            return $"'{text}' has a fragment, which no camera knows.";
        var path = uri.AbsolutePath;
        if (Lists.Any(list => path.EndsWith(list, StringComparison.OrdinalIgnoreCase)))
            return $"'{text}' names a list of other addresses; name the stream itself.";
        return scheme == SourceScheme.Srt && uri.Query.Length > 1 ? "of srt:// takes no options; its passphrase is read from SecretFile." : null;
    }

    private static bool TryParseListening(string text, Uri uri, SourceScheme scheme, out SourceAddress? address, out string? fault)
    {
        address = null;
        fault = null;
        IPAddress? from = null;
        if (uri.Query.Length > 1 && !(uri.Query.StartsWith("?from=", StringComparison.Ordinal) && IPAddress.TryParse(uri.Query["?from=".Length..], out from)))
            fault = $"'{text}' may have ?from=ADDRESS after the port, and nothing else.";
        else if (!IPAddress.TryParse(uri.DnsSafeHost, out _))
            fault = $"'{text}' must name an address of this machine, where the camera sends to: 0.0.0.0 is all of them.";
        else if (uri.AbsolutePath.Length > 1)
            fault = $"'{text}' has a path, which datagrams do not have.";
        else if (uri.Port < Privileged)
            fault = $"'{text}' has a port below {Privileged}.";
        else
            address = new(scheme, uri.DnsSafeHost, uri.Port, "", from);
        return fault is null;
    }

    private static int DefaultPort(SourceScheme scheme) => scheme switch
    {
        SourceScheme.Rtsp => RtspPort,
        SourceScheme.Rtsps => RtspsPort,
        SourceScheme.Rtmp => RtmpPort,
        _ => 0,
    };
}
