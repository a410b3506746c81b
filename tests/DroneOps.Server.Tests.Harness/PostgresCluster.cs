using System.Diagnostics;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace DroneOps.Server.Tests.Harness;

/// <summary>A private PostgreSQL + PostGIS for one test run, on a Unix socket in a temporary folder. Without the
/// programs the tests fail and say what to install; they are never skipped.</summary>
public sealed class PostgresCluster : IAsyncLifetime
{
    private const string Template = "fleet_template";
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), $"droneops-pg-{Environment.ProcessId}");
    private static string? _programs;
    private static int _databases;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_programs is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await RunAsync("pg_ctl", "stop", "-D", Path.Combine(Folder, "data"), "-m", "immediate");
            Directory.Delete(Folder, recursive: true);
        }
    }

    /// <summary>A new database with the newest tables in it.</summary>
    /// <returns>Its connection string.</returns>
    public static async Task<string> NewDatabaseAsync()
    {
        await Gate.WaitAsync();
        try
        {
            if (_programs is null)
            {
                await StartAsync();
            }

            var name = $"fleet_{++_databases}";
            await ExecuteAsync("postgres", $"CREATE DATABASE {name} TEMPLATE {Template}");
            return ConnectionString(name) + ";Maximum Pool Size=20";
        }
        finally
        {
            Gate.Release();
        }
    }

    private static string ConnectionString(string database) => $"Host={Folder};Username=postgres;Database={database};Timeout=60;Command Timeout=60";

    private static async Task StartAsync()
    {
        _programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin")).LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
            : null;
        Assert.True(_programs is not null, "PostgreSQL is not installed. The tests need it: apt install postgresql-15 postgresql-15-postgis-3 (./dev test does).");
        Directory.CreateDirectory(Folder);
        if (Environment.UserName == "root")
        {
            // PostgreSQL refuses to run as root.
            await StartProcessAsync("chown", ["postgres", Folder]);
        }

        await RunAsync("initdb", "-D", Path.Combine(Folder, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8");
        await RunAsync("pg_ctl", "start", "-w", "-D", Path.Combine(Folder, "data"), "-l", Path.Combine(Folder, "log"), "-o", $"-c listen_addresses='' -c unix_socket_directories='{Folder}' -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200");
        await ExecuteAsync("postgres", $"CREATE DATABASE {Template}");
        await using var db = StorageModule.Open(new StorageOptions { Provider = StorageProvider.Postgres, ConnectionString = ConnectionString(Template) + ";Pooling=false" });
        await db.Database.MigrateAsync();
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static Task RunAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs!, program);
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
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}.");
    }
}
