using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Sorties;

/// <summary>A turn in a sortie: from then on it was flown for something else, as when a call takes a drone off its patrol. What it was launched
/// for stands in the sortie itself.</summary>
internal sealed record SortieTurn
{
    public Guid SortieId { get; init; }

    /// <summary>1 for the first of its sortie.</summary>
    public required int Number { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string? Purpose { get; init; }

    public required string? AuthorisedBy { get; init; }

    public required string? TaskKind { get; init; }

    public required string? TaskId { get; init; }

    public required string? TaskLabel { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<SortieTurn>
    {
        public void Configure(EntityTypeBuilder<SortieTurn> builder)
        {
            builder.ToTable("sortie_turns");
            builder.HasKey(turn => new { turn.SortieId, turn.Number });
            builder.HasIndex(turn => turn.TaskId);
            builder.HasOne<SortieRecord>().WithMany(sortie => sortie.Turns).HasForeignKey(turn => turn.SortieId);
        }
    }
}
