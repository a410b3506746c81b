using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.CameraRules;

/// <summary>A time in which a camera did not do its duty.</summary>
internal sealed class BreachRecord
{
    public required Guid Id { get; init; }

    public required string VehicleId { get; init; }

    public required string StreamId { get; init; }

    public required BreachKind Kind { get; init; }

    /// <summary>When it began, before the grace.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When it was over; null while it goes on.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The item of the mission that was flown to; null outside of one.</summary>
    public int? Item { get; init; }

    /// <summary>The no-record zone that the vehicle was in.</summary>
    public string? Zone { get; init; }

    /// <summary>What the vehicle was flown for, as people call it.</summary>
    public string? Task { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<BreachRecord>
    {
        public void Configure(EntityTypeBuilder<BreachRecord> builder)
        {
            builder.ToTable("camera_breaches");
            builder.Property(row => row.Kind).HasConversion<string>();
            builder.HasIndex(row => row.At);
        }
    }
}
