using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Patrols;

/// <summary>Where an occurrence of a patrol stands.</summary>
internal enum OccurrenceState
{
    Planned,
    Starting,
    Flying,
    Done,
    Missed,
    Interrupted,
}

/// <summary>A patrol: a route, its times, and the drones that may fly it.</summary>
internal sealed class PatrolRecord : Versioned
{
    public required Guid Id { get; init; }

    public required string Name { get; set; }

    public required string RouteId { get; set; }

    /// <summary>The drones that may fly it; empty for any.</summary>
    public required List<string> VehicleIds { get; set; }

    /// <summary>How many of them may fly it at the same time.</summary>
    public required int VehicleCount { get; set; }

    /// <summary>Null for a patrol that is only started by hand.</summary>
    public Schedule? Schedule { get; set; }

    public required bool Enabled { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }

    /// <summary>Who saved it last, and so stands for its flights.</summary>
    public string ApprovedBy { get; set; } = Actors.System;

    internal sealed class Table : IEntityTypeConfiguration<PatrolRecord>
    {
        public void Configure(EntityTypeBuilder<PatrolRecord> builder)
        {
            builder.ToTable("patrols");
            builder.Property(patrol => patrol.VehicleIds).HasJson();
            builder.Property(patrol => patrol.Schedule).HasJson();
            builder.Property(patrol => patrol.ApprovedBy).HasDefaultValue(Actors.System);
        }
    }
}

/// <summary>One flight of a patrol: planned, flown, or why not.</summary>
internal sealed class OccurrenceRecord
{
    /// <summary>Made of the patrol and the time, so that the same one is never written twice; a hand-started one has its own.</summary>
    public required string Id { get; init; }

    public required Guid PatrolId { get; init; }

    public required string PatrolName { get; init; }

    public required DateTimeOffset PlannedAt { get; init; }

    public required OccurrenceState State { get; set; }

    public required string RequestedBy { get; init; }

    public string? VehicleId { get; set; }

    public string? Reason { get; set; }

    public long? RouteVersion { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Whether it is over.</summary>
    public bool IsOver => State is OccurrenceState.Done or OccurrenceState.Missed or OccurrenceState.Interrupted;

    /// <summary>The id of a scheduled occurrence.</summary>
    public static string IdOf(Guid patrol, DateTimeOffset at) => $"{patrol:n}-{at.ToUniversalTime():yyyyMMdd'T'HHmm}";

    internal sealed class Table : IEntityTypeConfiguration<OccurrenceRecord>
    {
        public void Configure(EntityTypeBuilder<OccurrenceRecord> builder)
        {
            builder.ToTable("patrol_occurrences");
            builder.HasIndex(occurrence => occurrence.PlannedAt);
            builder.Property(occurrence => occurrence.State).HasConversion<string>();
            builder.Ignore(occurrence => occurrence.IsOver);
        }
    }
}
