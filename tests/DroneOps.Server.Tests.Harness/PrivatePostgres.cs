using System.Diagnostics;
using Npgsql;

namespace DroneOps.Server.Tests.Harness;

/// <summary>A PostgreSQL of one's own, on a Unix socket in a temporary folder: for the tests, and for benchmarks, which share this file.
/// Owner: whoever started it; gone when it is disposed.</summary>
internal sealed class PrivatePostgres : IAsyncDisposable
{
    private readonly string _programs;
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"droneops-pg-{Environment.ProcessId}");

    private PrivatePostgres(string programs)
    {
        _programs = programs;
    }

    /// <summary>Makes a cluster and starts it.</summary>
    /// <param name="settings">The server's settings, as <c>name=value</c>.</param>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or does not start.</exception>
    public static async Task<PrivatePostgres> StartAsync(params string[] settings)
    {
        var programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin")).LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
            : null;
        var postgres = new PrivatePostgres(programs ?? throw new InvalidOperationException("PostgreSQL is not installed: apt install postgresql-15 postgresql-15-postgis-3 (./dev test does)."));
        Directory.CreateDirectory(postgres._folder);
        if (Environment.UserName == "root")
        {
            // PostgreSQL refuses to run as root.
            await StartProcessAsync("chown", ["postgres", postgres._folder]);
        }

        await postgres.RunAsync("initdb", "-D", postgres.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8");
        string[] all = ["listen_addresses=''", $"unix_socket_directories='{postgres._folder}'", .. settings];
        await postgres.RunAsync("pg_ctl", "start", "-w", "-D", postgres.Data, "-l", Path.Combine(postgres._folder, "log"), "-o", string.Join(' ', all.Select(setting => $"-c {setting}")));
        return postgres;
    }

    /// <summary>How to connect to a database of it.</summary>
    /// <remarks>The pool of a server outlives it, and every test has a database of its own: connections that nobody uses any more are closed
    /// soon, or a few hundred tests have all that the cluster gives.</remarks>
    public string ConnectionString(string database) =>
        $"Host={_folder};Username=postgres;Database={database};Timeout=60;Command Timeout=60;Connection Idle Lifetime=5;Connection Pruning Interval=1";

    /// <summary>Runs a statement on a connection of its own.</summary>
    public async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await RunAsync("pg_ctl", "stop", "-D", Data, "-m", "immediate");
        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private Task RunAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs, program);
        return Environment.UserName == "root"
            ? StartProcessAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", path, .. arguments])
            : StartProcessAsync(path, arguments);
    }

    private static async Task StartProcessAsync(string program, IEnumerable<string> arguments)
    {
        // Output goes to no pipe: the postmaster would inherit it and keep it open.
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = "/", RedirectStandardInput = true };
        start.Environment["PGOPTIONS"] = "";
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }
}
