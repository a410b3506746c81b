using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Fleet;

/// <summary>A vehicle of the fleet as the registry keeps it. Its identity is the hardware's own id, once that is known; network and
/// system id are only its address.</summary>
internal sealed class VehicleRecord : Versioned
{
    /// <summary>The fleet's own id, counted from 1; in the API a string.</summary>
    public int Number { get; init; }

    /// <summary>Call sign.</summary>
    public required string Name { get; set; }

    /// <summary>AUTOPILOT_VERSION.uid2 or uid in hex; null until it was told.</summary>
    public string? HardwareId { get; set; }

    /// <summary>The network it was last heard in.</summary>
    public required string Network { get; set; }

    /// <summary>The system id it last used there.</summary>
    public required byte SystemId { get; set; }

    /// <summary>The dock it belongs to.</summary>
    public string? DockId { get; set; }

    /// <summary>Why it must not fly; null when it may.</summary>
    public string? GroundedFor { get; set; }

    /// <summary>When it was first heard.</summary>
    public required DateTimeOffset RegisteredAt { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<VehicleRecord>
    {
        public void Configure(EntityTypeBuilder<VehicleRecord> builder)
        {
            builder.ToTable("vehicles");
            builder.HasKey(vehicle => vehicle.Number);
            builder.Property(vehicle => vehicle.Number).ValueGeneratedNever();
            builder.HasIndex(vehicle => vehicle.HardwareId);
        }
    }
}
