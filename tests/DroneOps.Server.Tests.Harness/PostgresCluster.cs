using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Tests.Harness;

/// <summary>A private PostgreSQL + PostGIS for one test run. Without the programs the tests fail and say what to install; they are never
/// skipped.</summary>
public sealed class PostgresCluster : IAsyncLifetime
{
    private const string Template = "fleet_template";
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static PrivatePostgres? _postgres;
    private static int _databases;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_postgres is not null)
            await _postgres.DisposeAsync();
    }

    /// <summary>A new database with the newest tables in it.</summary>
    /// <returns>Its connection string.</returns>
    public static async Task<string> NewDatabaseAsync()
    {
        await Gate.WaitAsync();
        try
        {
            _postgres ??= await StartAsync();
            var name = $"fleet_{++_databases}";
            await _postgres.ExecuteAsync("postgres", $"CREATE DATABASE {name} TEMPLATE {Template}");
            return _postgres.ConnectionString(name) + ";Maximum Pool Size=20";
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task<PrivatePostgres> StartAsync()
    {
        var postgres = await PrivatePostgres.StartAsync("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200");
        await postgres.ExecuteAsync("postgres", $"CREATE DATABASE {Template}");
        await using var db = StorageModule.Open(new StorageOptions { Provider = StorageProvider.Postgres, ConnectionString = postgres.ConnectionString(Template) + ";Pooling=false" });
        await db.Database.MigrateAsync();
        return postgres;
    }
}
