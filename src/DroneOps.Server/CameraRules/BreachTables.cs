using DroneOps.Missions;
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

    /// <summary>What the camera was to do. A no-record zone goes before the leg, and only on a leg at the scene is it a breach not to be recorded.</summary>
    public CameraDuty Duty => Zone is not null ? CameraDuty.NoRecord : Kind == BreachKind.NotRecordedAtScene ? CameraDuty.Scene : CameraDuty.Transit;

    internal sealed class Table : IEntityTypeConfiguration<BreachRecord>
    {
        public void Configure(EntityTypeBuilder<BreachRecord> builder)
        {
            builder.ToTable("camera_breaches");
            builder.Property(row => row.Kind).HasConversion<string>();
            builder.Ignore(row => row.Duty);
            builder.HasIndex(row => row.At);
        }
    }
}
