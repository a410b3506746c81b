using System.CommandLine;
using DroneOps.Server.Cli;

namespace DroneOps.Server;

/// <summary><c>droneops serve</c>: the service itself.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var data = CommonOptions.Data();
        var set = CommonOptions.Set();
        var port = new Option<int?>("--port") { Description = "The port of the console and the API (default: 8110)", HelpName = "N" };
        var demo = new Option<bool>("--demo") { Description = "Make the demo accounts admin, pilot, dispatcher and auditor" };
        var command = new Command("serve", "Run the service") { data, port, demo, set };
        command.SetAction(async (parsed, cancellation) =>
        {
            var settings = CommonOptions.Settings(parsed, set, data);
            settings.Put("Http:Port", parsed.GetValue(port));
            if (parsed.GetValue(demo))
            {
                settings[$"{OptionAreas.Root}:Accounts:Demo"] = bool.TrueString;
            }

            await using var app = DroneOpsHost.Build(settings, _ => { });
            await app.StartAsync(cancellation);
            await app.WaitForShutdownAsync(cancellation);
            return Terminal.Ok;
        });
        return command;
    }
}
