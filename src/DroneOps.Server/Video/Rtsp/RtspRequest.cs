using System.Diagnostics.CodeAnalysis;

namespace DroneOps.Server.Video.Rtsp;

/// <summary>One request of a viewer (RFC 2326, 6).</summary>
/// <param name="Method">What is wanted, in capital letters.</param>
/// <param name="Uri">Of what, as it was written.</param>
/// <param name="Sequence">Its number (CSeq), which the answer repeats.</param>
/// <param name="Headers">The headers by their names, whatever their case; of one that comes twice the first.</param>
internal sealed record RtspRequest(string Method, string Uri, int Sequence, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The stream's id in the address: the first part of its path.</summary>
    public string StreamId => PathOf(Uri) is { } path && path.IndexOfAny('/', '?') is var end ? end < 0 ? path : path[..end] : "";

    /// <summary>A header, or null.</summary>
    public string? this[string header] => Headers.GetValueOrDefault(header);

    /// <summary>What follows the server in an address; of <c>*</c> and of what is none, null.</summary>
    public static string? PathOf(string uri)
    {
        var server = uri.IndexOf("://", StringComparison.Ordinal);
        if (server < 0)
            return null;
        var path = uri.IndexOf('/', server + 3);
        return path < 0 ? null : uri[(path + 1)..];
    }

    /// <summary>The address without the query and what may come behind it, for links in answers.</summary>
    public bool TryGetBase([NotNullWhen(true)] out string? address)
    {
        var end = Uri.IndexOf('?', StringComparison.Ordinal);
        address = PathOf(Uri) is null ? null : (end < 0 ? Uri : Uri[..end]).TrimEnd('/') + "/";
        return address is not null;
    }
}
