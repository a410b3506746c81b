using System.Diagnostics;
using System.Globalization;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.EndToEnd.Tests;

/// <summary>The service and the simulator as processes, MAVLink over UDP between them and a data folder of their own; all of it is gone when disposed.</summary>
internal sealed class RunningPrograms : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly List<Process> _processes = [];

    private RunningPrograms(int http) => Address = new Uri($"http://127.0.0.1:{http}/");

    public Uri Address { get; }

    public string Data { get; } = Directory.CreateTempSubdirectory("droneops-e2e-").FullName;

    /// <summary>Starts both and waits until every vehicle has been heard.</summary>
    public static async Task<RunningPrograms> StartAsync(string[] server, string[] simulator, params string[] vehicles)
    {
        var (http, udp) = (FreePorts.Take(), FreePorts.Take());
        var programs = new RunningPrograms(http);
        try
        {
            var service = programs.Run("droneops.dll", ["serve", "--demo", "--data", programs.Data, "--port", Text(http), "--set", $"Links:0=udp-listen://127.0.0.1:{udp}", .. server]);
            await service.LineAsync("listens on", Patience);
            programs.Run("droneops-sim.dll", ["--to", $"udp://127.0.0.1:{udp}", "--fast-boot", .. simulator]);
            foreach (var vehicle in vehicles)
                await service.LineAsync($"{vehicle} is here", Patience);
            return programs;
        }
        catch
        {
            await programs.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited)
                process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(Data, recursive: true);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private Started Run(string program, string[] arguments)
    {
        var started = Started.Run(program, arguments);
        _processes.Add(started.Process);
        return started;
    }
}
