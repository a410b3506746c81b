using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Migrations;
using NetTopologySuite.Geometries;
using SQLitePCL;

namespace DroneOps.Server.Storage.Sqlite;

/// <summary>The embedded store: one file in WAL mode, every commit on the disk before it is acknowledged.</summary>
internal sealed class SqliteFleetDb(DbContextOptions<SqliteFleetDb> options) : FleetDb(options)
{
    public override bool HasSpatialSql => false;

    public static void Configure(DbContextOptionsBuilder builder, string file) => builder
        .UseSqlite($"Data Source={file};Foreign Keys=True;Default Timeout=10")
        .UseSnakeCaseNamingConvention()
        .ReplaceService<IMigrationsSqlGenerator, ClusteredTables>()
        .AddInterceptors(new Pragmas());

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<Columns.UtcMicroseconds>();
        configurationBuilder.Properties<Geometry>().HaveConversion<Columns.Wkb>();
    }

    protected override void IndexLocated(ModelBuilder modelBuilder, Type entity) =>
        modelBuilder.Entity(entity).HasIndex(nameof(Located.West), nameof(Located.East));

    /// <summary>Per connection: <c>synchronous=FULL</c> because a decision that was acknowledged must survive the
    /// mains switch (WAL alone defaults to NORMAL in many builds), and a wait instead of SQLITE_BUSY.</summary>
    private sealed class Pragmas : DbConnectionInterceptor
    {
        private const string Sql = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=10000;";

        // They hold as long as the handle, which the provider's pool hands out again and again.
        private readonly ConditionalWeakTable<sqlite3, Pragmas> _told = [];

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            if (IsTold(connection))
                return;
            using var command = connection.CreateCommand();
            command.CommandText = Sql;
            command.ExecuteNonQuery();
            Note(connection);
        }

        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            if (IsTold(connection))
                return;
            await using var command = connection.CreateCommand();
            command.CommandText = Sql;
            await command.ExecuteNonQueryAsync(cancellationToken);
            Note(connection);
        }

        private bool IsTold(DbConnection connection) => _told.TryGetValue(HandleOf(connection), out _);

        private void Note(DbConnection connection) => _told.AddOrUpdate(HandleOf(connection), this);

        private static sqlite3 HandleOf(DbConnection connection) => ((SqliteConnection)connection).Handle!;
    }

    /// <summary>For <c>dotnet ef</c>.</summary>
    private sealed class DesignTime : IDesignTimeDbContextFactory<SqliteFleetDb>
    {
        public SqliteFleetDb CreateDbContext(string[] args)
        {
            var builder = new DbContextOptionsBuilder<SqliteFleetDb>();
            Configure(builder, "design-time.db");
            return new SqliteFleetDb(builder.Options);
        }
    }
}
