using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using DroneOps.Links;

namespace DroneOps.FirmwareBridge;

/// <summary>What a bridge is told on its command line.</summary>
/// <param name="Vehicles">Links to the autopilot and whatever else speaks on board.</param>
/// <param name="Servers">Links to the ground; all of them get every frame, and the server drops the repeats.</param>
/// <param name="StatusEvery">Time between status lines; zero for none.</param>
/// <param name="WritesJson">Whether a status line is a JSON object.</param>
internal sealed record BridgeOptions(IReadOnlyList<LinkUri> Vehicles, IReadOnlyList<LinkUri> Servers, TimeSpan StatusEvery, bool WritesJson)
{
    public const string Usage = """
        usage: droneops-bridge --vehicle LINK... --server LINK... [--status SECONDS] [--json]

          --vehicle LINK     the autopilot: serial:///dev/ttyACM0?baud=57600, udp-listen://127.0.0.1:14551, tcp://HOST:PORT
          --server LINK      the ground: udp://HOST:14550 or tcp://HOST:PORT; may be given several times
          --status SECONDS   time between status lines on standard output, 0 for none; 10 if not given
          --json             status lines as JSON objects
          --version, --help

        Frames are passed on both ways exactly as they came. Exit code 0: told to stop; 2: bad usage.
        """;

    // Uplinks lead to one place: what the ground says on one must not be told back to it on another.
    private const string UplinkGroup = "uplink";

    public static bool TryParse(IReadOnlyList<string> arguments, [NotNullWhen(true)] out BridgeOptions? options, [NotNullWhen(false)] out string? error)
    {
        options = null;
        List<LinkUri> vehicles = [];
        List<LinkUri> servers = [];
        var status = TimeSpan.FromSeconds(10);
        var json = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "--json")
            {
                json = true;
                continue;
            }

            if (arguments[i] is not ("--vehicle" or "--server" or "--status"))
            {
                error = $"'{arguments[i]}' is no option.";
                return false;
            }

            if (i + 1 == arguments.Count)
            {
                error = $"{arguments[i]} needs a value.";
                return false;
            }

            var value = arguments[++i];
            if (arguments[i - 1] == "--status")
            {
                if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > 86400)
                {
                    error = $"'{value}' is no number of seconds.";
                    return false;
                }

                status = TimeSpan.FromSeconds(seconds);
                continue;
            }

            if (!LinkUri.TryParse(value, out var link, out error))
                return false;
            if (arguments[i - 1] == "--vehicle")
                vehicles.Add(link);
            else
                servers.Add(link with { Group = link.Group ?? UplinkGroup });
        }

        if (vehicles.Count == 0 || servers.Count == 0)
        {
            error = vehicles.Count == 0 ? "A bridge needs a --vehicle." : "A bridge needs a --server.";
            return false;
        }

        if (vehicles.Concat(servers).Select(link => link.Network).Distinct(StringComparer.Ordinal).Count() > 1)
        {
            error = "All links of a bridge are in one network.";
            return false;
        }

        options = new(vehicles, servers, status, json);
        error = null;
        return true;
    }
}
