using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Airworthiness;

/// <summary>A counter that a piece of work set back, with what it stood at before.</summary>
internal sealed record CounterReset(Guid PlanId, string Plan, double Hours, int Landings, double Days);

/// <summary>Maintenance that was done: who, what, when, and the counters before it. It is never changed; a wrong one is withdrawn and stays readable.</summary>
internal sealed class MaintenanceWork : Versioned
{
    public required Guid Id { get; init; }

    public required string VehicleId { get; init; }

    public required DateTimeOffset DoneAt { get; init; }

    /// <summary>Who did it, in words: technicians need no account.</summary>
    public required string DoneBy { get; init; }

    public required string Text { get; init; }

    public required List<CounterReset> Resets { get; init; }

    /// <summary>What the airframe had flown in its life when it was entered.</summary>
    public required double TotalHours { get; init; }

    public required int TotalLandings { get; init; }

    public required string EnteredBy { get; init; }

    public required DateTimeOffset EnteredAt { get; init; }

    public DateTimeOffset? WithdrawnAt { get; set; }

    public string? WithdrawnBy { get; set; }

    public string? WithdrawnFor { get; set; }

    internal sealed class Table : IEntityTypeConfiguration<MaintenanceWork>
    {
        public void Configure(EntityTypeBuilder<MaintenanceWork> builder)
        {
            builder.ToTable("maintenance_works");
            builder.HasIndex(work => new { work.VehicleId, work.DoneAt });
            builder.Property(work => work.Resets).HasJson();
        }
    }
}
