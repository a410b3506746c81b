using System.Globalization;

namespace DroneOps.Server.Video.Rtsp;

/// <summary>The way by which a viewer wants its packets.</summary>
/// <param name="IsInterleaved">In RTSP's own connection, else as datagrams.</param>
/// <param name="First">The channel, or the viewer's port, of the pictures.</param>
/// <param name="Second">The channel or port of the reports.</param>
internal sealed record RtspTransport(bool IsInterleaved, int First, int Second)
{
    private const int LongestList = 16;

    /// <summary>The first way in the header (RFC 2326, 12.39) that we can go; null when there is none. Where the packets are to be sent is not
    /// asked: they go to who asks and to nobody else.</summary>
    public static RtspTransport? Choose(string? header) => header?.Split(',', LongestList).Select(Parse).FirstOrDefault(way => way is not null);

    private static RtspTransport? Parse(string text)
    {
        var parts = text.Split(';', StringSplitOptions.TrimEntries);
        if (parts.Contains("multicast", StringComparer.OrdinalIgnoreCase) || parts.Any(part => part.StartsWith("mode=", StringComparison.OrdinalIgnoreCase) && !part[5..].Trim('"').Equals("play", StringComparison.OrdinalIgnoreCase)))
            return null;
        return parts[0].ToUpperInvariant() switch
        {
            "RTP/AVP/TCP" => Value(parts, "interleaved") is { } channels ? Pair(channels, 1, byte.MaxValue) is var (first, second) ? new(true, first, second) : null : new(true, 0, 1),
            "RTP/AVP" or "RTP/AVP/UDP" => Value(parts, "client_port") is { } ports && Pair(ports, 2, ushort.MaxValue) is var (first, second) && first >= 1024 ? new(false, first, second) : null,
            _ => null,
        };
    }

    private static string? Value(string[] parts, string name) => parts.FirstOrDefault(part => part.StartsWith(name + "=", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..];

    // "4588-4589", or the first alone.
    private static (int First, int Second)? Pair(string text, int least, int most)
    {
        var ends = text.Split('-');
        return ends.Length <= 2
            && int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(ends.Length == 2 ? ends[1] : (first + 1).ToString(CultureInfo.InvariantCulture), NumberStyles.None, CultureInfo.InvariantCulture, out var second)
            && first >= least - 1 && first <= most && second <= most && second != first && second >= least - 1
                ? (first, second)
                : null;
    }
}
