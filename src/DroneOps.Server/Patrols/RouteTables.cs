using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Patrols;

/// <summary>A route of the library in its newest version; the row's version is the route's.</summary>
internal sealed class RouteRecord : Versioned
{
    public required string Id { get; init; }

    public required string Name { get; set; }

    public required RouteBody Body { get; set; }

    /// <summary>The line it makes from the nearest dock: longitude, latitude.</summary>
    public required double[][] Line { get; set; }

    public required double LengthM { get; set; }

    public required double DurationS { get; set; }

    public required double EnergyPercent { get; set; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public required string UpdatedBy { get; set; }

    internal sealed class Table : IEntityTypeConfiguration<RouteRecord>
    {
        public void Configure(EntityTypeBuilder<RouteRecord> builder)
        {
            builder.ToTable("routes");
            builder.Property(route => route.Body).HasJson();
            builder.Property(route => route.Line).HasJson();
        }
    }
}

/// <summary>A route as it once stood. Written with every change and never changed: what was flown stays readable.</summary>
internal sealed class RouteVersionRecord
{
    public required string RouteId { get; init; }

    public required long Number { get; init; }

    public required string Name { get; init; }

    public required RouteBody Body { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<RouteVersionRecord>
    {
        public void Configure(EntityTypeBuilder<RouteVersionRecord> builder)
        {
            builder.ToTable("route_versions");
            builder.HasKey(version => new { version.RouteId, version.Number });
            builder.Property(version => version.Body).HasJson();
        }
    }
}
