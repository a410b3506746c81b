using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Airworthiness;

/// <summary>Something wrong with a drone, as a pilot or a technician found it. One that grounds it does so until another person releases it.</summary>
internal sealed class Defect : Versioned
{
    public required Guid Id { get; init; }

    public required string VehicleId { get; init; }

    public required string Text { get; init; }

    /// <summary>Whether the vehicle must not fly with it.</summary>
    public required bool Grounds { get; init; }

    /// <summary>The flight on which it was found.</summary>
    public required Guid? SortieId { get; init; }

    public required string ReportedBy { get; init; }

    public required DateTimeOffset ReportedAt { get; init; }

    public DateTimeOffset? ReleasedAt { get; set; }

    public string? ReleasedBy { get; set; }

    /// <summary>What was done about it, or why it may fly with it.</summary>
    public string? Release { get; set; }

    internal sealed class Table : IEntityTypeConfiguration<Defect>
    {
        public void Configure(EntityTypeBuilder<Defect> builder)
        {
            builder.ToTable("defects");
            builder.HasIndex(defect => new { defect.VehicleId, defect.ReportedAt });
            builder.HasIndex(defect => defect.ReleasedAt);
        }
    }
}

/// <summary>A defect as the API shows it.</summary>
/// <param name="State">open or released.</param>
internal sealed record DefectView(
    Guid Id, string VehicleId, string Text, bool Grounds, Guid? SortieId, string ReportedBy, DateTimeOffset ReportedAt, string State, DateTimeOffset? ReleasedAt, string? ReleasedBy, string? Release)
{
    public static DefectView Of(Defect row) => new(
        row.Id, row.VehicleId, row.Text, row.Grounds, row.SortieId, row.ReportedBy, row.ReportedAt, row.ReleasedAt is null ? "open" : "released", row.ReleasedAt, row.ReleasedBy, row.Release);
}
