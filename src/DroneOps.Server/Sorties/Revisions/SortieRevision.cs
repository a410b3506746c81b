using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Sorties.Revisions;

/// <summary>How records of flights were put together or taken apart.</summary>
internal enum RevisionKind
{
    /// <summary>Two records were one flight.</summary>
    Merge,

    /// <summary>One record was two flights.</summary>
    Split,

    /// <summary>A merge was wrong: its two records stand again.</summary>
    Unmerge,

    /// <summary>A split was wrong: its one record stands again.</summary>
    Unsplit,
}

/// <summary>A person put records of flights together or took one apart. It is added and never changed: what is wrong with it is undone by another. The
/// records that it replaces stay as they were, readable for ever.</summary>
internal sealed class SortieRevision
{
    public required Guid Id { get; init; }

    public required RevisionKind Kind { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Actor { get; init; }

    public required string Reason { get; init; }

    /// <summary>Where a record was divided.</summary>
    public DateTimeOffset? SplitAt { get; init; }

    /// <summary>The number of its entry in the audit log, which is also their order.</summary>
    public long AuditEntry { get; set; }

    /// <summary>The revision that this one undoes.</summary>
    public Guid? Undoes { get; init; }

    public List<RevisionPart> Parts { get; init; } = [];

    public IEnumerable<Guid> Replaced => Parts.Where(part => !part.IsMade).Select(part => part.SortieId);

    public IEnumerable<Guid> Made => Parts.Where(part => part.IsMade).Select(part => part.SortieId);

    /// <summary>All revisions that sorties are bound together by, oldest first, however many steps apart.</summary>
    public static async Task<List<SortieRevision>> BoundToAsync(IEnumerable<Guid> sorties, FleetDb db, CancellationToken cancellation)
    {
        HashSet<Guid> known = [.. sorties];
        while (true)
        {
            List<Guid> asked = [.. known];
            var found = await db.Set<SortieRevision>().AsNoTracking().Where(revision => revision.Parts.Any(part => asked.Contains(part.SortieId))).OrderBy(revision => revision.AuditEntry).ToListAsync(cancellation);
            known.UnionWith(found.SelectMany(revision => revision.Parts).Select(part => part.SortieId));
            if (known.Count == asked.Count)
                return found;
        }
    }

    internal sealed class Table : IEntityTypeConfiguration<SortieRevision>
    {
        public void Configure(EntityTypeBuilder<SortieRevision> builder)
        {
            builder.ToTable("sortie_revisions");
            builder.HasIndex(revision => revision.Undoes).IsUnique();
            builder.Property(revision => revision.Kind).HasConversion<string>();
            builder.Ignore(revision => revision.Replaced);
            builder.Ignore(revision => revision.Made);
            builder.Navigation(revision => revision.Parts).AutoInclude();
        }
    }
}

/// <summary>A sortie that a revision replaced, or that it made or let stand again.</summary>
internal sealed class RevisionPart
{
    public Guid RevisionId { get; init; }

    public required Guid SortieId { get; init; }

    public required bool IsMade { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<RevisionPart>
    {
        public void Configure(EntityTypeBuilder<RevisionPart> builder)
        {
            builder.ToTable("sortie_revision_parts");
            builder.HasKey(part => new { part.RevisionId, part.SortieId });
            builder.HasIndex(part => part.SortieId);
            builder.HasOne<SortieRevision>().WithMany(revision => revision.Parts).HasForeignKey(part => part.RevisionId);
            builder.HasOne<SortieRecord>().WithMany().HasForeignKey(part => part.SortieId);
        }
    }
}
