using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Fleet;

/// <summary>The assignment of a vehicle as it outlives a restart: a drone in the air keeps its task.</summary>
internal sealed class AssignmentRecord
{
    public required string VehicleId { get; init; }

    public required Assignment Assignment { get; set; }

    public required DateTimeOffset TakenAt { get; set; }

    internal sealed class Table : IEntityTypeConfiguration<AssignmentRecord>
    {
        public void Configure(EntityTypeBuilder<AssignmentRecord> builder)
        {
            builder.ToTable("assignments");
            builder.HasKey(row => row.VehicleId);
            builder.Property(row => row.Assignment).HasJson();
        }
    }
}
