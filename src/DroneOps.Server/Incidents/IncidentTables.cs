using DroneOps.Mavlink;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Incidents;

/// <summary>Where an incident stands.</summary>
internal enum IncidentState
{
    Open,
    Dispatched,
    OnScene,
    Recalled,
    Closed,
}

/// <summary>How an incident came into the book.</summary>
internal enum IncidentSource
{
    /// <summary>Somebody reported it while it happened.</summary>
    Report,

    /// <summary>It came with the history of another system. It is over, and no drone is ever sent to it.</summary>
    Import,
}

/// <summary>What came of an incident.</summary>
internal sealed record OutcomeCounts(int EvidenceCollected, int ArrestCases, int ArrestSuspects, int DisasterRelief, int PersonsRescued)
{
    public static OutcomeCounts None { get; } = new(0, 0, 0, 0, 0);
}

/// <summary>A call for service.</summary>
internal sealed partial class IncidentRecord : Located
{
    public required Guid Id { get; init; }

    /// <summary>The dispatch system's number; unique, so that a second post of it changes nothing.</summary>
    public string? ExternalNumber { get; init; }

    public required string Type { get; init; }

    /// <summary>1 is the most urgent, 4 the least.</summary>
    public required int Priority { get; set; }

    public required string Summary { get; init; }

    public string? Address { get; set; }

    public required DateTimeOffset ReportedAt { get; init; }

    public required string ReportedBy { get; init; }

    public IncidentState State { get; set; }

    /// <summary>Whether it gets a drone by itself.</summary>
    public bool IsAutomatic { get; set; }

    /// <summary>What it waits for: why it has no drone yet, or why none will relieve the one it has. Null when nothing is missing or nobody asked.</summary>
    public string? WaitsFor { get; set; }

    public List<StageEntry> Stages { get; set; } = [];

    public OutcomeCounts Outcomes { get; set; } = OutcomeCounts.None;

    public string? Note { get; set; }

    public IncidentSource Source { get; init; }

    /// <summary>What whoever works it should know.</summary>
    public List<IncidentWarning> Warnings { get; set; } = [];

    /// <summary>What the crews at it have told, in its order.</summary>
    public List<CrewReport> CrewReports { get; set; } = [];

    /// <summary>Where it was before it moved, the first place first.</summary>
    public List<FormerPlace> FormerPlaces { get; set; } = [];

    /// <summary>The calls that were found to be this one.</summary>
    public List<MergedCall> Merged { get; set; } = [];

    /// <summary>The incident that this one was merged into; null unless it was.</summary>
    public MergeLink? MergedInto { get; set; }

    public GeoPoint Scene => new(Shape.Coordinate.Y, Shape.Coordinate.X);

    /// <summary>When a step was reached, as far as is known now; null while it was not.</summary>
    public DateTimeOffset? ReachedAt(IncidentStage stage) => Stages.Find(entry => entry.Stage == stage)?.InForce;

    internal sealed class Table : IEntityTypeConfiguration<IncidentRecord>
    {
        public void Configure(EntityTypeBuilder<IncidentRecord> builder)
        {
            builder.ToTable("incidents");
            builder.HasIndex(incident => incident.ExternalNumber).IsUnique();
            builder.HasIndex(incident => incident.ReportedAt);
            builder.Property(incident => incident.State).HasConversion<string>();
            builder.Property(incident => incident.Stages).HasJson();
            builder.Property(incident => incident.Outcomes).HasJson();
            builder.Property(incident => incident.Drones).HasJson();
            builder.Property(incident => incident.Source).HasConversion<string>();
            builder.Property(incident => incident.Warnings).HasJson();
            builder.Property(incident => incident.CrewReports).HasJson();
            builder.Property(incident => incident.FormerPlaces).HasJson();
            builder.Property(incident => incident.Merged).HasJson();
            builder.Property(incident => incident.MergedInto).HasJson();
            builder.Ignore(incident => incident.Scene);
            builder.Ignore(incident => incident.Working);
        }
    }
}
