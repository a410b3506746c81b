using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Incidents;

/// <summary>What an outcome is; its count is of cases, cases, missions and people, in this order.</summary>
internal enum OutcomeKind
{
    EvidenceCollected,
    ArrestSupport,
    DisasterRelief,
    PersonsRescued,
}

/// <summary>How far an outcome is to be believed.</summary>
internal enum OutcomeState
{
    /// <summary>One person says so.</summary>
    Entered,

    /// <summary>A second person agrees.</summary>
    Confirmed,

    /// <summary>A second person does not.</summary>
    Rejected,

    /// <summary>It came with the history of another system.</summary>
    Imported,
}

/// <summary>A correction, with what stood there before it.</summary>
internal sealed record OutcomeCorrection(int Count, int Suspects, string Reason, string Actor, DateTimeOffset At);

/// <summary>What came of an incident or of flights: entered by one person, and counted once a second one has confirmed it.</summary>
internal sealed class OutcomeRecord : Versioned
{
    public required Guid Id { get; init; }

    public required OutcomeKind Kind { get; init; }

    public Guid? IncidentId { get; init; }

    /// <summary>The flights it came of, where somebody named them; those of its incident come on top.</summary>
    public List<Guid> SortieIds { get; init; } = [];

    public required DateTimeOffset OccurredAt { get; init; }

    public required int Count { get; set; }

    /// <summary>Of arrests only.</summary>
    public int Suspects { get; set; }

    public string? Summary { get; init; }

    public required string EnteredBy { get; init; }

    public required DateTimeOffset EnteredAt { get; init; }

    public required OutcomeState State { get; set; }

    /// <summary>Who confirmed or rejected it.</summary>
    public string? DecidedBy { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>Why, in the words of who decided.</summary>
    public string? Why { get; set; }

    /// <summary>The oldest first: its counts are the first ones that were entered.</summary>
    public List<OutcomeCorrection> Corrections { get; set; } = [];

    /// <summary>Who said what stands there now: another one must confirm it.</summary>
    public string SaidBy => Corrections is [.., var last] ? last.Actor : EnteredBy;

    internal sealed class Table : IEntityTypeConfiguration<OutcomeRecord>
    {
        public void Configure(EntityTypeBuilder<OutcomeRecord> builder)
        {
            builder.ToTable("outcomes");
            builder.HasIndex(outcome => outcome.OccurredAt);
            builder.HasIndex(outcome => outcome.IncidentId);
            builder.Property(outcome => outcome.Kind).HasConversion<string>();
            builder.Property(outcome => outcome.State).HasConversion<string>();
            builder.Property(outcome => outcome.SortieIds).HasJson();
            builder.Property(outcome => outcome.Corrections).HasJson();
            builder.Ignore(outcome => outcome.SaidBy);
        }
    }
}

/// <summary>Outcomes that come with an incident: with its closing, or with its import.</summary>
internal static class IncidentOutcomes
{
    /// <summary>Puts them into the same saving as the change that closes the incident, besides those that were entered by hand before; no other change
    /// does, so that they are there once.</summary>
    public static void Keep(FleetDb db, IncidentRecord incident, string actor, DateTimeOffset now)
    {
        if (incident.State == IncidentState.Closed && db.Entry(incident).Property(row => row.State).OriginalValue != IncidentState.Closed)
            db.AddRange(Of(incident, actor, now));
    }

    /// <summary>One for each kind that was counted.</summary>
    public static IEnumerable<OutcomeRecord> Of(IncidentRecord incident, string actor, DateTimeOffset now)
    {
        var counts = incident.Outcomes;
        (OutcomeKind Kind, int Count, int Suspects)[] all =
        [
            (OutcomeKind.EvidenceCollected, counts.EvidenceCollected, 0), (OutcomeKind.ArrestSupport, counts.ArrestCases, counts.ArrestSuspects),
            (OutcomeKind.DisasterRelief, counts.DisasterRelief, 0), (OutcomeKind.PersonsRescued, counts.PersonsRescued, 0),
        ];
        return all.Where(one => one.Count > 0 || one.Suspects > 0).Select(one => new OutcomeRecord
        {
            Id = Guid.CreateVersion7(now),
            Kind = one.Kind,
            IncidentId = incident.Id,
            OccurredAt = incident.ReportedAt,
            Count = one.Count,
            Suspects = one.Suspects,
            EnteredBy = actor,
            EnteredAt = now,
            State = incident.Source == IncidentSource.Import ? OutcomeState.Imported : OutcomeState.Entered,
        });
    }
}
