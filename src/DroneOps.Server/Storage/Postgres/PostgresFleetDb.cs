using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Storage.Postgres;

/// <summary>The store for larger units and several nodes: PostgreSQL 15 or later with PostGIS.</summary>
internal sealed class PostgresFleetDb(DbContextOptions<PostgresFleetDb> options) : FleetDb(options)
{
    public override bool HasSpatialSql => true;

    public static void Configure(DbContextOptionsBuilder builder, string connectionString) => builder
        .UseNpgsql(connectionString, npgsql => npgsql.UseNetTopologySuite())
        .UseSnakeCaseNamingConvention();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<Columns.UtcOffset>();
        configurationBuilder.Properties<Geometry>().HaveColumnType($"geometry(Geometry,{Wgs84})");
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasPostgresExtension("postgis");
        base.OnModelCreating(modelBuilder);
    }

    protected override void IndexLocated(ModelBuilder modelBuilder, Type entity) =>
        modelBuilder.Entity(entity).HasIndex(nameof(Located.Shape)).HasMethod("gist");

    /// <summary>For <c>dotnet ef</c>.</summary>
    private sealed class DesignTime : IDesignTimeDbContextFactory<PostgresFleetDb>
    {
        public PostgresFleetDb CreateDbContext(string[] args)
        {
            var builder = new DbContextOptionsBuilder<PostgresFleetDb>();
            Configure(builder, "Host=localhost;Database=droneops");
            return new PostgresFleetDb(builder.Options);
        }
    }
}
