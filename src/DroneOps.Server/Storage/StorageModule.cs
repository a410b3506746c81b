using DroneOps.Server.Storage.Postgres;
using DroneOps.Server.Storage.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Storage;

/// <summary>The data folder and the database. A scoped <see cref="FleetDb"/> for requests, an
/// <see cref="IDbContextFactory{TContext}"/> of <see cref="FleetDb"/> for everything that lives longer.</summary>
internal static class StorageModule
{
    public static void AddStorage(this WebApplicationBuilder builder)
    {
        var options = builder.AddArea<StorageOptions>("Storage");
        var folder = DataFolder.Take(options.DataFolder);
        builder.Services.AddSingleton(_ => folder);
        if (options.Provider == StorageProvider.Sqlite)
        {
            AddStore<SqliteFleetDb>(builder.Services, context => SqliteFleetDb.Configure(context, folder.DatabaseFile));
        }
        else
        {
            AddStore<PostgresFleetDb>(builder.Services, context => PostgresFleetDb.Configure(context, options.ConnectionString ?? ""));
        }

        // First among the hosted services, and in the "starting" phase: whoever starts later finds its tables.
        builder.Services.AddHostedService<StorageStart>();
    }

    /// <summary>A context without a host, for command-line tools that work beside a running server.</summary>
    public static FleetDb Open(StorageOptions options)
    {
        if (options.Provider == StorageProvider.Sqlite)
        {
            var sqlite = new DbContextOptionsBuilder<SqliteFleetDb>();
            SqliteFleetDb.Configure(sqlite, DataFolder.DatabaseFileIn(Path.GetFullPath(options.DataFolder)));
            return new SqliteFleetDb(sqlite.Options);
        }

        var postgres = new DbContextOptionsBuilder<PostgresFleetDb>();
        PostgresFleetDb.Configure(postgres, options.ConnectionString ?? "");
        return new PostgresFleetDb(postgres.Options);
    }

    private static void AddStore<TStore>(IServiceCollection services, Action<DbContextOptionsBuilder> configure)
        where TStore : FleetDb
    {
        services.AddPooledDbContextFactory<TStore>(configure);
        services.AddScoped<FleetDb>(provider => provider.GetRequiredService<TStore>());
        services.AddSingleton<IDbContextFactory<FleetDb>, StoreFactory<TStore>>();
    }

    private sealed class StoreFactory<TStore>(IDbContextFactory<TStore> stores) : IDbContextFactory<FleetDb>
        where TStore : FleetDb
    {
        public FleetDb CreateDbContext() => stores.CreateDbContext();
    }
}
