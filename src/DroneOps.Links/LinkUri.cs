using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace DroneOps.Links;

/// <summary>How a link reaches its other side.</summary>
public enum LinkKind
{
    /// <summary>One UDP socket that vehicles send to: udp-listen://ADDRESS:PORT.</summary>
    UdpListen,

    /// <summary>UDP to one fixed other side: udp://HOST:PORT.</summary>
    Udp,

    /// <summary>A TCP port that vehicles connect to: tcp-listen://ADDRESS:PORT.</summary>
    TcpListen,

    /// <summary>A TCP connection that we make: tcp://HOST:PORT.</summary>
    Tcp,

    /// <summary>A serial port: serial:///dev/ttyUSB0?baud=57600.</summary>
    Serial,

    /// <summary>A pair of queues in this process: memory://NAME.</summary>
    Memory,
}

/// <summary>Where a link leads, as an operator writes it. After the address come options: <c>network</c> (which
/// vehicles' ids belong together), <c>priority</c> (0 is preferred), <c>group</c> (parallel links to one place), and
/// <c>baud</c> and <c>flow</c> (<c>none</c> or <c>rtscts</c>) of a serial port.</summary>
/// <param name="Kind">The transport.</param>
/// <param name="Target">Host or local address, device path, or memory name.</param>
/// <param name="Port">UDP or TCP port, 1..65535, or 0 when listening on any free one; 0 where there is none.</param>
/// <param name="Network">Name of the network.</param>
/// <param name="Priority">0 first, 255 last.</param>
/// <param name="Group">Name of a group of parallel links, or null.</param>
/// <param name="Baud">Bits per second of a serial port.</param>
/// <param name="HardwareFlowControl">Whether a serial port uses RTS and CTS.</param>
public sealed record LinkUri(
    LinkKind Kind, string Target, int Port, string Network, byte Priority, string? Group, int Baud, bool HardwareFlowControl)
{
    private const string DefaultNetwork = "default";
    private const int DefaultBaud = 57600;
    private const byte DefaultPriority = 100;
    private const int LongestText = 4096;
    private const int LongestPlace = 512;
    private const int LongestName = 64;

    private static readonly Dictionary<string, LinkKind> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["udp-listen"] = LinkKind.UdpListen,
        ["udp"] = LinkKind.Udp,
        ["tcp-listen"] = LinkKind.TcpListen,
        ["tcp"] = LinkKind.Tcp,
        ["serial"] = LinkKind.Serial,
        ["memory"] = LinkKind.Memory,
    };

    /// <summary>Reads a link's address.</summary>
    /// <exception cref="FormatException">It is not one; the message says what is wrong with it.</exception>
    public static LinkUri Parse(string text) =>
        TryParse(text, out var uri, out var error) ? uri : throw new FormatException(error);

    /// <summary>Reads a link's address.</summary>
    /// <param name="text">For example <c>udp-listen://0.0.0.0:14550?network=city</c>.</param>
    /// <param name="uri">The address.</param>
    /// <param name="error">One sentence for the operator.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out LinkUri? uri, [NotNullWhen(false)] out string? error)
    {
        uri = null;
        if (string.IsNullOrWhiteSpace(text) || text.Length > LongestText)
            return Fail(out error, "A link needs an address such as udp-listen://0.0.0.0:14550.");
        var colon = text.IndexOf("://", StringComparison.Ordinal);
        if (colon < 0)
            return Fail(out error, $"The link '{text}' has no '://'; an address looks like udp-listen://0.0.0.0:14550.");
        if (!Kinds.TryGetValue(text[..colon], out var kind))
            return Fail(out error, $"The link '{text}' starts with '{text[..colon]}'; known are {string.Join(", ", Kinds.Keys)}.");

        var rest = text[(colon + 3)..];
        var query = rest.IndexOf('?', StringComparison.Ordinal);
        var place = query < 0 ? rest : rest[..query];
        if (place.Length > LongestPlace)
            return Fail(out error, $"The link '{text[..64]}...' is longer than any address.");
        var draft = new LinkUri(kind, place, 0, DefaultNetwork, DefaultPriority, null, DefaultBaud, false);
        draft = kind switch
        {
            LinkKind.Serial => ReadDevice(draft, place, out error),
            LinkKind.Memory => ReadName(draft, place, out error),
            _ => ReadEndPoint(draft, place, out error),
        };
        if (error is not null)
        {
            error = $"The link '{text}': {error}";
            return false;
        }

        var options = query < 0 ? [] : rest[(query + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries);
        foreach (var option in options)
        {
            draft = ReadOption(draft, option, out error);
            if (error is not null)
            {
                error = $"The link '{text}': {error}";
                return false;
            }
        }

        uri = draft;
        error = null;
        return true;
    }

    /// <summary>The address in its shortest full form; reading it back gives an equal value.</summary>
    public override string ToString()
    {
        var scheme = Kinds.First(pair => pair.Value == Kind).Key;
        var place = Kind switch
        {
            LinkKind.Serial or LinkKind.Memory => Target,
            _ when Target.Contains(':', StringComparison.Ordinal) => string.Create(CultureInfo.InvariantCulture, $"[{Target}]:{Port}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{Target}:{Port}"),
        };
        List<string> options = [];
        if (Network != DefaultNetwork)
            options.Add("network=" + Uri.EscapeDataString(Network));
        if (Priority != DefaultPriority)
            options.Add(string.Create(CultureInfo.InvariantCulture, $"priority={Priority}"));
        if (Group is not null)
            options.Add("group=" + Uri.EscapeDataString(Group));
        if (Kind == LinkKind.Serial)
            options.Add(string.Create(CultureInfo.InvariantCulture, $"baud={Baud}"));
        if (HardwareFlowControl)
            options.Add("flow=rtscts");
        return $"{scheme}://{place}{(options.Count == 0 ? "" : "?" + string.Join('&', options))}";
    }

    private static LinkUri ReadDevice(LinkUri draft, string place, out string? error)
    {
        error = place.Length == 0 || place == "/" ? "a serial link names a device, as in serial:///dev/ttyUSB0?baud=57600." : null;
        return draft;
    }

    private static LinkUri ReadName(LinkUri draft, string place, out string? error)
    {
        error = place.Length == 0 ? "a memory link has a name, as in memory://simulator." : null;
        return draft;
    }

    private static LinkUri ReadEndPoint(LinkUri draft, string place, out string? error)
    {
        place = place.TrimEnd('/');
        var colon = place.LastIndexOf(':');
        var listens = draft.Kind is LinkKind.UdpListen or LinkKind.TcpListen;
        if (colon < 0 || colon < place.LastIndexOf(']'))
        {
            error = "the port is missing, as in udp-listen://0.0.0.0:14550.";
            return draft;
        }

        var host = place[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
            host = host[1..^1];
        else if (host.Contains(':', StringComparison.Ordinal))
        {
            error = "an IPv6 address stands in square brackets, as in udp://[::1]:14550.";
            return draft;
        }

        if (host.Length == 0 && listens)
            host = "0.0.0.0";
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            error = host.Length == 0 ? "the host is missing." : $"'{host}' is not a host name or an address.";
            return draft;
        }

        if (!ushort.TryParse(place[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || (port == 0 && !listens))
        {
            error = $"'{place[(colon + 1)..]}' is not a port; ports are 1 to 65535.";
            return draft;
        }

        error = null;
        return draft with { Target = host, Port = port };
    }

    private static LinkUri ReadOption(LinkUri draft, string option, out string? error)
    {
        var equals = option.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? option : option[..equals];
        var value = equals < 0 ? "" : Uri.UnescapeDataString(option[(equals + 1)..]);
        error = null;
        switch (name)
        {
            case "network" when value.Length is > 0 and <= LongestName:
                return draft with { Network = value };
            case "group" when value.Length is > 0 and <= LongestName:
                return draft with { Group = value };
            case "priority" when byte.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var priority):
                return draft with { Priority = priority };
            case "baud" when draft.Kind == LinkKind.Serial
                && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var baud) && baud is >= 1200 and <= 12_000_000:
                return draft with { Baud = baud };
            case "flow" when draft.Kind == LinkKind.Serial && value is "none" or "rtscts":
                return draft with { HardwareFlowControl = value == "rtscts" };
            case "baud" or "flow" when draft.Kind != LinkKind.Serial:
                error = $"'{name}' belongs to serial links.";
                return draft;
            case "network" or "group" or "priority" or "baud" or "flow":
                error = $"'{value}' is no value for '{name}'.";
                return draft;
            default:
                error = $"the option '{name}' is unknown; known are network, priority, group, baud and flow.";
                return draft;
        }
    }

    private static bool Fail(out string error, string message)
    {
        error = message;
        return false;
    }
}
