using System.Reflection;
using System.Runtime.InteropServices;
using DroneOps.FirmwareBridge;
using DroneOps.Links;
using DroneOps.Mavlink;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

if (args is ["--version"])
{
    Console.WriteLine($"droneops-bridge {Assembly.GetExecutingAssembly().GetName().Version?.ToString(3)}");
    return 0;
}

if (args is ["--help"] or ["-h"])
{
    Console.WriteLine(BridgeOptions.Usage);
    return 0;
}

if (!BridgeOptions.TryParse(args, out var options, out var error))
{
    Console.Error.WriteLine($"droneops-bridge: {error} See --help.");
    return 2;
}

// The status goes to standard output, the log to standard error, so that either can be piped.
using var logging = LoggerFactory.Create(builder => builder
    .AddSimpleConsole(console => console.SingleLine = true)
    .Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
using CancellationTokenSource ending = new();
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);

LinkTransports transports = new(MessageCatalog.Default, TimeProvider.System);
await using Bridge bridge = new(options, transports, Random.Shared, logging);
await bridge.RunAsync(Console.Out, ending.Token);
return 0;

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    ending.Cancel();
}
