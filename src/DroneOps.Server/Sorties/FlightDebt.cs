using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Sorties;

/// <summary>How a flight came to take off without a purpose.</summary>
internal enum DebtCause
{
    /// <summary>A person launched it in an emergency.</summary>
    Emergency,

    /// <summary>Not this service: a remote control, another ground station, or one that was in the air before the service heard it.</summary>
    Elsewhere,
}

/// <summary>What a flight owes: its purpose and by whose leave it was made. Settled once, and never deleted.</summary>
internal sealed class FlightDebt : Versioned
{
    public Guid SortieId { get; init; }

    public required DebtCause Cause { get; init; }

    /// <summary>Who launched it, or had control when it took off; null where nobody is known.</summary>
    public required string? Person { get; init; }

    /// <summary>When it took off.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>When it must be settled; null until it has landed.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>When it was found to be overdue; stays when it is settled later.</summary>
    public DateTimeOffset? OverdueAt { get; set; }

    public DateTimeOffset? SettledAt { get; set; }

    public string? SettledBy { get; set; }

    /// <summary>Why it flew without, in the words of who settled it.</summary>
    public string? Reason { get; set; }

    /// <summary>open, overdue or settled.</summary>
    public string State => SettledAt is not null ? "settled" : OverdueAt is not null ? "overdue" : "open";

    internal sealed class Table : IEntityTypeConfiguration<FlightDebt>
    {
        public void Configure(EntityTypeBuilder<FlightDebt> builder)
        {
            builder.ToTable("flight_debts");
            builder.HasKey(debt => debt.SortieId);
            builder.HasIndex(debt => debt.SettledAt);
            builder.HasIndex(debt => debt.OpenedAt);
            builder.Property(debt => debt.Cause).HasConversion<string>();
            builder.Ignore(debt => debt.State);
            builder.HasOne<SortieRecord>().WithOne(sortie => sortie.Debt).HasForeignKey<FlightDebt>(debt => debt.SortieId);
        }
    }
}
