using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;
using DroneOps.Simulator;
using DroneOps.Simulator.Camera;
using DroneOps.Simulator.Scenarios;

if (args is ["--version"])
{
    Console.WriteLine($"droneops-sim {Assembly.GetExecutingAssembly().GetName().Version?.ToString(3)}");
    return 0;
}

SimulatorArguments arguments;
try
{
    arguments = SimulatorArguments.Parse(args);
}
catch (ScenarioException wrong)
{
    Console.Error.WriteLine($"droneops-sim: {wrong.Message}");
    return 2;
}

if (arguments.WantsHelp)
{
    Console.WriteLine(SimulatorArguments.Help);
    return 0;
}

using var end = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    using var fleet = new SimulatedFleet(arguments.Options, TimeProvider.System);
    Console.WriteLine(
        FormattableString.Invariant(
            $"{fleet.Copters.Count} vehicles, system ids {fleet.Copters[0].SystemId}..{fleet.Copters[^1].SystemId}, to {arguments.Options.Ground}, speedup {arguments.Options.Speedup}, seed {arguments.Options.Seed}"));
    var cameras = new FleetCameras(fleet, arguments.Options, TimeProvider.System);
    var running = new List<Task> { fleet.RunAsync(end.Token), cameras.RunAsync(end.Token) };
    while (running.Count > 0)
    {
        // The first that fails ends the others; none ends by itself.
        var ended = await Task.WhenAny(running);
        running.Remove(ended);
        await ended;
    }

    return 0;
}
catch (Exception failure) when (failure is SocketException or ScenarioException)
{
    Console.Error.WriteLine($"droneops-sim: {failure.Message}");
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    end.Cancel();
}
