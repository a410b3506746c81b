using DroneOps.Server.Airspace;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Units;

/// <summary>A crew as it is kept over a restart.</summary>
internal sealed class UnitRecord : Located
{
    public required string CallSign { get; init; }

    public DateTimeOffset PositionAt { get; set; }

    public double? HeadingDeg { get; set; }

    public double? SpeedMps { get; set; }

    public UnitStatus Status { get; set; }

    public PatrolTier? Tier { get; set; }

    public string? DutyMode { get; set; }

    internal sealed class Table : IEntityTypeConfiguration<UnitRecord>
    {
        public void Configure(EntityTypeBuilder<UnitRecord> builder)
        {
            builder.ToTable("units");
            builder.HasKey(unit => unit.CallSign);
            builder.Property(unit => unit.Status).HasConversion<string>();
            builder.Property(unit => unit.Tier).HasConversion<string>();
        }
    }
}
