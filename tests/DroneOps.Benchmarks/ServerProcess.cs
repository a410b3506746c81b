using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Benchmarks;

/// <summary>The real program in a process of its own, with a data folder that goes with it: its processor time and memory are its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>Everybody's.</summary>
    public const string Password = "a benchmark has no secrets";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly string _data;
    private readonly bool _ownsFolder;
    private readonly IReadOnlyList<string> _settings;
    private Process _process;

    private ServerProcess(Process process, string data, bool ownsFolder, int port, int linkPort, IReadOnlyList<string> settings)
    {
        (_process, _data, _ownsFolder, LinkPort, _settings) = (process, data, ownsFolder, linkPort, settings);
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
    }

    /// <summary>Where its console and API are.</summary>
    public Uri Address { get; }

    /// <summary>The UDP port its link listens on.</summary>
    public int LinkPort { get; }

    /// <summary>From the start of the process to the first good answer of /healthz/ready.</summary>
    public TimeSpan StartedIn { get; private set; }

    /// <summary>Processor time used so far.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory now, bytes.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    /// <param name="folder">An existing data folder to keep; null makes one that is deleted afterwards.</param>
    /// <param name="settings">Further settings, as after <c>--set</c>.</param>
    public static async Task<ServerProcess> StartAsync(string? folder, CancellationToken cancellationToken, params IReadOnlyList<string> settings)
    {
        var (port, linkPort) = (FreePorts.Take(), FreePorts.Take());
        var data = folder ?? Directory.CreateTempSubdirectory("droneops-bench-").FullName;
        var began = TimeProvider.System.GetTimestamp();
        ServerProcess server = new(Launch(data, port, linkPort, settings), data, folder is null, port, linkPort, settings);
        try
        {
            await server.ReadyAsync(began, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops it as an administrator would, and starts it again on its folder and ports.</summary>
    /// <returns>How long nobody listened.</returns>
    public async Task<TimeSpan> RestartAsync(CancellationToken cancellationToken)
    {
        await StopAsync();
        var began = TimeProvider.System.GetTimestamp();
        _process.Dispose();
        _process = Launch(_data, Address.Port, LinkPort, _settings);
        await ReadyAsync(began, cancellationToken);
        return StartedIn;
    }

    /// <summary>Ends it as a power cut would: kill -9, at once.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Starts it again and kills it after a while, ready or not.</summary>
    public async Task StartAndKillAsync(TimeSpan after, CancellationToken cancellationToken)
    {
        _process.Dispose();
        _process = Launch(_data, Address.Port, LinkPort, _settings);
        using PeriodicTimer moment = new(TimeSpan.FromMilliseconds(Math.Max(1, after.TotalMilliseconds)), TimeProvider.System);
        await moment.WaitForNextTickAsync(cancellationToken);
        await KillAsync(cancellationToken);
    }

    /// <summary>Asks as somebody with a token.</summary>
    public async Task<JsonElement> GetAsync(string token, string path, CancellationToken cancellationToken)
    {
        using HttpClient http = new() { BaseAddress = Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        return await ReadAsync(answer, cancellationToken);
    }

    /// <summary>Makes a token with which a machine may listen to the feed.</summary>
    public async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        using var admin = await SignInAsync("admin", cancellationToken);
        using var made = await admin.PostAsJsonAsync("/api/v1/tokens", new { name = $"bench-{Guid.NewGuid():N}", role = "integration" }, cancellationToken);
        return (await ReadAsync(made, cancellationToken)).GetProperty("token").GetString()!;
    }

    /// <summary>Signs in as a person of the demonstration.</summary>
    public async Task<HttpClient> SignInAsync(string name, CancellationToken cancellationToken)
    {
        HttpClient person = new(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = Address };
        try
        {
            using var signedIn = await person.PostAsJsonAsync("/api/v1/session", new { userName = name, password = Password }, cancellationToken);
            var session = await ReadAsync(signedIn, cancellationToken);
            person.DefaultRequestHeaders.Add("X-XSRF-TOKEN", session.GetProperty("antiforgeryToken").GetString());
            return person;
        }
        catch
        {
            person.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
        if (_ownsFolder)
            Directory.Delete(_data, recursive: true);
    }

    private static Process Launch(string data, int port, int linkPort, IReadOnlyList<string> settings)
    {
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "droneops"),
            ["serve", "--demo", "--data", data, "--port", Text(port), "--set", $"Links:0=udp-listen://127.0.0.1:{Text(linkPort)}", "--set", "Logging:Console=false", .. settings.SelectMany(setting => (string[])["--set", setting])])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["DRONEOPS_DEMO_PASSWORD"] = Password;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    private async Task StopAsync()
    {
        if (_process.HasExited)
            return;
        Signal(_process.Id);
        using CancellationTokenSource enough = new(TimeSpan.FromSeconds(30), TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(enough.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private async Task ReadyAsync(long began, CancellationToken cancellationToken)
    {
        using HttpClient http = new() { BaseAddress = Address };
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        while (TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"The server ended with code {_process.ExitCode}.");
            try
            {
                using var answer = await http.GetAsync(new Uri("/healthz/ready", UriKind.Relative), cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    StartedIn = TimeProvider.System.GetElapsedTime(began);
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await pause.WaitForNextTickAsync(cancellationToken);
        }

        throw new TimeoutException("The server did not become ready.");
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    private static void Signal(int process)
    {
        using var kill = Process.Start("kill", ["-TERM", Text(process)]);
        kill.WaitForExit();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
