using System.CommandLine;
using System.Net.Http.Headers;
using DroneOps.Server.Cli;

namespace DroneOps.Server.Audit.Witnessing;

/// <summary><c>droneops witness</c>: run by another authority, on its own machine, with its own key. It signs each checkpoint of the log that
/// has only grown since the one before, hands the signature to the server, and keeps the proof when the log was rewritten.</summary>
internal static class WitnessCommand
{
    public static Command Create()
    {
        var server = new Option<Uri>("--server") { Description = "The service, e.g. https://droneops.example", HelpName = "URL", Required = true };
        var token = new Option<string>("--token-file") { Description = "A file with an API token of the role auditor", HelpName = "FILE", Required = true };
        var logKey = new Option<string>("--log-key") { Description = "The log's public key, handed over in person (GET /api/v1/audit/publicKey shows it)", HelpName = "FILE", Required = true };
        var folder = new Option<string>("--folder") { Description = "Where the witness keeps its own key and what it has signed", HelpName = "DIR", Required = true };
        var name = new Option<string>("--name") { Description = "The witness's name on the notes", HelpName = "NAME", Required = true };
        var every = new Option<int>("--every") { Description = "Seconds between two looks (default: 10)", HelpName = "N", DefaultValueFactory = _ => 10 };
        var once = new Option<bool>("--once") { Description = "Look once and end" };
        var command = new Command("witness", "Cosign the audit log of a server as long as it only grows") { server, token, logKey, folder, name, every, once };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var http = Client(parsed.GetRequiredValue(server), AuditKeys.Text(parsed.GetRequiredValue(token)));
            using var key = AuditKeys.ReadPublic(parsed.GetRequiredValue(logKey));
            using var desk = WitnessDesk.Open(parsed.GetRequiredValue(folder), parsed.GetRequiredValue(name), key, TimeProvider.System);
            var pause = TimeSpan.FromSeconds(Math.Max(1, parsed.GetValue(every)));
            Console.WriteLine($"Witness {desk.Name}, {desk.Signed} entries signed so far. Its public key, for the server: {desk.PublicKeyFile}");
            while (true)
            {
                var look = await desk.LookAsync(http, cancellation);
                Console.WriteLine($"{TimeProvider.System.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'} {look.Sentence}");
                if (look.IsFork)
                {
                    return Terminal.Wrong;
                }

                if (parsed.GetValue(once))
                {
                    return look.IsSigned ? Terminal.Ok : Terminal.Wrong;
                }

                try
                {
                    await Task.Delay(pause, TimeProvider.System, cancellation);
                }
                catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
                {
                    return Terminal.Ok;
                }
            }
        });
        return command;
    }

    private static HttpClient Client(Uri server, string token)
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(30), MaxResponseContentBufferSize = 1 << 20 };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Trim());
        return http;
    }
}
