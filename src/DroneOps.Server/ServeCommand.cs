using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using DroneOps.Server.Api;
using DroneOps.Server.Cli;
using DroneOps.Server.Storage;
using Microsoft.Extensions.Options;

namespace DroneOps.Server;

/// <summary><c>droneops serve</c>: the service itself.</summary>
internal static partial class ServeCommand
{
    public static Command Create()
    {
        var data = CommonOptions.Data();
        var set = CommonOptions.Set();
        var port = new Option<int?>("--port") { Description = "The port of the console and the API (default: 8110)", HelpName = "N" };
        var demo = new Option<bool>("--demo") { Description = "Make the demo accounts admin, pilot, dispatcher and auditor, and take the pictures of the demo drones" };
        var command = new Command("serve", "Run the service") { data, port, demo, set };
        command.SetAction(async (parsed, cancellation) =>
        {
            var settings = CommonOptions.Settings(parsed, set, data);
            settings.Put("Http:Port", parsed.GetValue(port));
            if (parsed.GetValue(demo))
            {
                settings[$"{OptionAreas.Root}:Accounts:Demo"] = bool.TrueString;
                settings[$"{OptionAreas.Root}:Video:Demo"] = bool.TrueString;
            }

            await using var app = DroneOpsHost.Build(settings, _ => { });
            RefuseTakenPort(app.Services.GetRequiredService<IOptions<HttpOptions>>().Value);
            await StartAsync(app, cancellation);
            await app.WaitForShutdownAsync(cancellation);
            return Terminal.Ok;
        });
        return command;
    }

    private static async Task StartAsync(WebApplication app, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch
        {
            // What had started must end in order, the audit log above all.
            await app.StopAsync(CancellationToken.None);
            throw;
        }

        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("DroneOps.Server");
        LogListening(logger, typeof(ServeCommand).Assembly.GetName().Version?.ToString(3), string.Join(", ", app.Urls), app.Services.GetRequiredService<DataFolder>().Path);
        if (!File.Exists(Path.Combine(app.Environment.WebRootPath ?? "", "index.html")) && !app.Environment.WebRootFileProvider.GetFileInfo("index.html").Exists)
        {
            LogNoConsole(logger);
        }
    }

    /// <summary>Asked before anything starts: a second server on the port is the commonest mistake, and its answer should be one line.</summary>
    private static void RefuseTakenPort(HttpOptions http)
    {
        using var probe = new TcpListener(IPAddress.Parse(http.Address), http.Port);
        try
        {
            probe.Start();
        }
        catch (SocketException problem)
        {
            throw new StartupException($"Cannot listen on {http.Address}:{http.Port}: {problem.Message}. Choose another port with --port.", problem);
        }
    }

    [LoggerMessage(LogLevel.Information, "DroneOps {Version} listens on {Addresses}; data in {Folder}")]
    private static partial void LogListening(ILogger logger, string? version, string addresses, string folder);

    [LoggerMessage(LogLevel.Warning, "The console is not built: there is no index.html in wwwroot. The API works without it")]
    private static partial void LogNoConsole(ILogger logger);
}
