using System.Net;
using System.Net.Http.Json;
using DroneOps.Server.Accounts;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;

namespace DroneOps.Server.Tests.Harness;

/// <summary>The stores every server test runs on.</summary>
public enum Store
{
    Sqlite,
    Postgres,
}

/// <summary>The real host, in process: Kestrel on a free port, its own data folder and database, demo accounts, and a
/// clock that only the test moves.</summary>
public sealed class TestServer : IAsyncDisposable
{
    public const string Password = "correct horse battery staple";
    public static readonly DateTimeOffset Begin = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, string?> _settings;
    private readonly Action<WebApplicationBuilder> _configure;
    private readonly bool _ownsFolder;
    private WebApplication? _app;
    private LeftLimiter? _limiter;

    private TestServer(string folder, bool ownsFolder, DateTimeOffset begin, Dictionary<string, string?> settings, Action<WebApplicationBuilder> configure)
    {
        DataFolder = folder;
        Time = new(begin);
        _ownsFolder = ownsFolder;
        _settings = settings;
        _configure = configure;
    }

    public string DataFolder { get; }

    /// <summary>The clock: stands at <see cref="Begin"/>, or where the test wants it, until advanced. A restart keeps it.</summary>
    public VirtualClock Time { get; }

    /// <summary>Whether the disk of the audit log takes no more, its reserve included.</summary>
    public bool IsAuditDiskFull { get; set; }

    public IServiceProvider Services => _app!.Services;

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Starts a server of one's own.</summary>
    /// <param name="settings">Keys below <c>DroneOps:</c>, such as <c>Accounts:Demo</c>.</param>
    public static Task<TestServer> StartAsync(Store store, params (string Key, string Value)[] settings) => StartAsync(store, _ => { }, settings);

    /// <summary>Starts a server whose services the test changes.</summary>
    public static Task<TestServer> StartAsync(Store store, Action<WebApplicationBuilder> configure, params (string Key, string Value)[] settings) =>
        StartAsync(store, Begin, configure, settings);

    /// <summary>Starts a server at another time of day.</summary>
    public static async Task<TestServer> StartAsync(Store store, DateTimeOffset begin, Action<WebApplicationBuilder> configure, params (string Key, string Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("droneops-test-").FullName;
        var all = new Dictionary<string, string?>
        {
            ["DroneOps:Storage:DataFolder"] = folder,
            ["DroneOps:Storage:Provider"] = store.ToString(),
            ["DroneOps:Http:Port"] = "0",
            ["DroneOps:Links:0"] = "udp-listen://127.0.0.1:0",
            ["DroneOps:Logging:Console"] = "false",
            ["DroneOps:Accounts:Demo"] = "true",
            ["DroneOps:Accounts:SignInsPerMinute"] = "100000",
            ["DroneOps:FieldLinks:AttemptsPerMinute"] = "100000",
            [AccountsStart.DemoPasswordVariable] = Password,
        };
        if (store == Store.Postgres)
        {
            all["DroneOps:Storage:ConnectionString"] = await PostgresCluster.NewDatabaseAsync();
        }

        foreach (var (key, value) in settings)
        {
            all[$"DroneOps:{key}"] = value;
        }

        var server = new TestServer(folder, ownsFolder: true, begin, all, configure);
        await server.StartAsync();
        return server;
    }

    /// <summary>A client without identity.</summary>
    public HttpClient Anonymous() => With(new());

    /// <summary>A browser of a demo account (admin, pilot, dispatcher, auditor), with its antiforgery token.</summary>
    public Task<HttpClient> SignInAsync(string userName) => SignInAsync(userName, new());

    /// <summary>The same, with cookies that something else than this client shows too.</summary>
    public async Task<HttpClient> SignInAsync(string userName, CookieContainer cookies)
    {
        var client = With(cookies);
        var answer = await client.PostAsJsonAsync("/api/v1/session", new { userName, password = Password });
        var session = await answer.ReadAsync<SessionView>(HttpStatusCode.OK);
        client.DefaultRequestHeaders.Add(AntiforgeryCheck.Header, session.AntiforgeryToken);
        return client;
    }

    /// <summary>A machine with a token of that role.</summary>
    public async Task<HttpClient> TokenAsync(string role)
    {
        using var admin = await SignInAsync(Roles.Admin);
        var answer = await admin.PostAsJsonAsync("/api/v1/tokens", new { name = $"test-{Guid.NewGuid():N}", role });
        var token = await answer.ReadAsync<CreateToken.Answer>(HttpStatusCode.Created);
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token.Token);
        return client;
    }

    /// <summary>Stops the server and starts it again on what it left.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Stops the server; its folder stays until the test ends.</summary>
    public async Task StopAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            try
            {
                await app.StopAsync();
            }
            finally
            {
                // One that does not stop in its time must not write on while its folder is deleted.
                await app.DisposeAsync();
                await _limiter!.EndAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_ownsFolder)
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(DataFolder, recursive: true);
        }
    }

    private HttpClient With(CookieContainer cookies) => new(new SocketsHttpHandler { CookieContainer = cookies }) { BaseAddress = Address };

    private void WriteAudit(FileStream file, ReadOnlySpan<byte> lines)
    {
        if (IsAuditDiskFull)
            throw new IOException("No space left on device", 28);
        file.Write(lines);
    }

    private async Task StartAsync()
    {
        _limiter = new();
        var app = DroneOpsHost.Build(_settings, builder =>
        {
            builder.Services.AddSingleton<Microsoft.AspNetCore.Hosting.IStartupFilter>(_limiter);
            builder.Services.AddSingleton<TimeProvider>(Time);
            builder.Services.AddSingleton<AuditWrite>(WriteAudit);
            // Passwords are slow to check on purpose; here five are checked for every server.
            builder.Services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = 1);
            // Figures are kept for 300 ms after somebody asked; the next test wants its own.
            builder.Services.Configure<PrometheusAspNetCoreOptions>(figures => figures.ScrapeResponseCacheDurationMilliseconds = 0);
            _configure(builder);
        });
        try
        {
            await app.StartAsync();
        }
        catch
        {
            // One that did not start cannot be stopped, and why it did not is what the test should say.
            await app.DisposeAsync();
            throw;
        }

        _app = app;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }
}
