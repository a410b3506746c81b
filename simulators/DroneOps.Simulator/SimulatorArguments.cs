using System.Globalization;
using System.Net;
using DroneOps.Simulator.Camera;
using DroneOps.Simulator.Scenarios;

namespace DroneOps.Simulator;

/// <summary>The command line, parsed.</summary>
/// <param name="Options">What to simulate.</param>
/// <param name="WantsHelp">Only the help text is wanted.</param>
internal sealed partial record SimulatorArguments(SimulatorOptions Options, bool WantsHelp)
{
    public const string Help = """
        droneops-sim: ArduCopter-like vehicles on MAVLink 2 over UDP

        droneops-sim [--count N] [--to udp://HOST:PORT] [--home LAT,LON[,ALT[,HEADING]]] [--speedup X] [--seed N]
                     [--fast-boot] [--scenario FILE] [--cameras N|all] [--video udp://HOST:PORT] [--thermal udp://HOST:PORT]
                     [--video-size WxH] [--video-rate N] [--video-kbps N] [--camera-map FOLDER]

          --count N       number of vehicles, 1..254 (default 3); system ids count from 1
          --to URI        where they send, each from its own port (default udp://127.0.0.1:14550)
          --home PLACE    WGS-84 degrees, ground in metres above sea level, nose in degrees; can be given several times
                          (default the three demonstration docks of Zhangzhou)
          --speedup X     vehicle seconds per second, 0.1..100 (default 1)
          --seed N        the same seed gives the same flights (default 1)
          --fast-boot     ready within 3 s instead of 42 s
          --scenario FILE JSON: count, homes or docks, wind, dock, parameters, faults; the options above override it
          --cameras N     how many vehicles have a camera that sends H.264 with ST 0601 metadata as MPEG-TS over UDP: a number, or
                          all (default none, or all when --video is given); needs ffmpeg
          --video URI     where the pictures go; the port is this one and the system id (default udp://127.0.0.1:5600)
          --thermal URI   sends each camera's warmth picture as well, to this port and the system id
          --video-size WxH  pixels, even numbers up to 1920x1080 (default 1280x720)
          --video-rate N  pictures a second, 1..60 (default 25)
          --video-kbps N  kilobits a second, 100..20000 (default 3000)
          --camera-map FOLDER  base map to look down on, GeoJSON layers as in missions/library/basemap (default the sample city)
          --version, --help

        Exit codes: 0 ended by Ctrl-C, 1 failed while running, 2 wrong option or scenario.
        """;

    /// <exception cref="ScenarioException">An option or the scenario is wrong; the message is one line.</exception>
    public static SimulatorArguments Parse(IReadOnlyList<string> arguments)
    {
        var scenario = new Scenario();
        var homes = new List<ScenarioHome>();
        int? count = null;
        var fastBoot = false;
        var to = "udp://127.0.0.1:14550";
        var speedup = 1.0;
        var seed = 1ul;
        CameraOptions? cameras = null;
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, inline) = Split(arguments[i]);
            string Value() => inline ?? (++i < arguments.Count ? arguments[i] : throw new ScenarioException($"{name} needs a value"));
            switch (name)
            {
                case "--help" or "-h":
                    return new(new(scenario, seed, speedup, null, null), WantsHelp: true);
                case "--count":
                    count = int.TryParse(Value(), CultureInfo.InvariantCulture, out var n) ? n : throw Wrong(name, "a number of vehicles");
                    break;
                case "--to":
                    to = Value();
                    break;
                case "--home":
                    homes.Add(ParseHome(Value(), homes.Count + 1));
                    break;
                case "--speedup":
                    speedup = double.TryParse(Value(), CultureInfo.InvariantCulture, out var x) && x is >= 0.1 and <= 100
                        ? x
                        : throw Wrong(name, "0.1..100");
                    break;
                case "--seed":
                    seed = ulong.TryParse(Value(), CultureInfo.InvariantCulture, out var s) ? s : throw Wrong(name, "a whole number");
                    break;
                case "--fast-boot":
                    fastBoot = true;
                    break;
                case "--scenario":
                    scenario = Scenario.Read(Value());
                    break;
                case "--cameras" or "--video" or "--thermal" or "--video-size" or "--video-rate" or "--video-kbps" or "--camera-map":
                    cameras = With(cameras ?? NoCameras, name, Value());
                    break;
                default:
                    throw new ScenarioException($"unknown option {arguments[i]} (--help lists them)");
            }
        }

        scenario = scenario with
        {
            Count = count ?? scenario.Count,
            Homes = homes.Count > 0 ? homes : scenario.Homes,
            FastBoot = fastBoot || scenario.FastBoot,
        };
        scenario.Check();
        return new(new(scenario, seed, speedup, ParseUdp("--to", to), null) { Cameras = cameras }, WantsHelp: false);
    }

    private static ScenarioException Wrong(string option, string wanted) => new($"{option} wants {wanted}");

    private static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }

    private static ScenarioHome ParseHome(string text, int number)
    {
        var fields = text.Split(',');
        var numbers = new double[fields.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            if (!double.TryParse(fields[i], CultureInfo.InvariantCulture, out numbers[i]))
                throw Wrong("--home", "LAT,LON[,ALT[,HEADING]]");
        }

        if (numbers.Length is < 2 or > 4)
            throw Wrong("--home", "LAT,LON[,ALT[,HEADING]]");
        return new($"home {number}", numbers[0], numbers[1], numbers.Length > 2 ? numbers[2] : 10, numbers.Length > 3 ? numbers[3] : 0);
    }

    private static IPEndPoint ParseUdp(string option, string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme != "udp" || uri.Port <= 0)
            throw Wrong(option, "udp://HOST:PORT");
        if (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address))
            return new(address, uri.Port);
        try
        {
            return new(Dns.GetHostAddresses(uri.Host)[0], uri.Port);
        }
        catch (System.Net.Sockets.SocketException)
        {
            throw new ScenarioException($"{option}: no address for host {uri.Host}");
        }
    }
}
