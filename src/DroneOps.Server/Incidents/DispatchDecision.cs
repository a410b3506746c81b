using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Incidents;

/// <summary>Why a drone was sent: who was considered at that instant, and what its way was expected to cost. Written once, never changed.</summary>
internal sealed class DispatchDecision
{
    public required Guid Id { get; init; }

    public required Guid IncidentId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Actor { get; init; }

    /// <summary>The drone that was sent.</summary>
    public required string VehicleId { get; init; }

    /// <summary>Straight line to the place, metres.</summary>
    public required double StraightM { get; init; }

    /// <summary>Seconds of climbing to the height over the scene.</summary>
    public required double ClimbS { get; init; }

    /// <summary>Seconds that the way around the zones costs against the straight line.</summary>
    public required double DetourS { get; init; }

    /// <summary>The fleet as it was ranked.</summary>
    public required List<ConsideredDrone> Considered { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<DispatchDecision>
    {
        public void Configure(EntityTypeBuilder<DispatchDecision> builder)
        {
            builder.ToTable("dispatch_decisions");
            builder.HasIndex(decision => decision.IncidentId);
            builder.Property(decision => decision.Considered).HasJson();
        }
    }
}

/// <summary>A drone that was considered: with its expected time, or with the reason why it was not offered.</summary>
internal sealed record ConsideredDrone(string VehicleId, string Name, int? Rank, double? EtaS, double? EtaP90S, string? Excluded);
