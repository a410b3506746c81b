using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Airworthiness;

/// <summary>Work that comes due again and again: after so many hours, landings or days, whichever is first.</summary>
internal sealed class MaintenancePlan : Versioned
{
    public required Guid Id { get; init; }

    public required string Name { get; set; }

    /// <summary>The vehicle it is for; null for every one.</summary>
    public required string? VehicleId { get; set; }

    public double? EveryHours { get; set; }

    public int? EveryLandings { get; set; }

    public int? EveryDays { get; set; }

    /// <summary>Percent of a limit from which on it is told that it comes due.</summary>
    public int WarnPercent { get; set; }

    /// <summary>Whether a vehicle must not fly while it is due.</summary>
    public bool Grounds { get; set; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Set when it is not to be followed any more. Never deleted: the work that was done speaks of it.</summary>
    public DateTimeOffset? RetiredAt { get; set; }

    internal sealed class Table : IEntityTypeConfiguration<MaintenancePlan>
    {
        public void Configure(EntityTypeBuilder<MaintenancePlan> builder) => builder.ToTable("maintenance_plans");
    }
}
