using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Fleet;

/// <summary>A vehicle of the fleet as the registry keeps it. Its identity is the hardware's own id, once that is known; network and
/// system id are only its address.</summary>
internal sealed class VehicleRecord : Versioned
{
    /// <summary>The fleet's own id, counted from 1; in the API a string.</summary>
    public int Number { get; init; }

    /// <summary>Call sign.</summary>
    public required string Name { get; set; }

    /// <summary>AUTOPILOT_VERSION.uid2 or uid in hex; null until it was told.</summary>
    public string? HardwareId { get; set; }

    /// <summary>The network it was last heard in.</summary>
    public required string Network { get; set; }

    /// <summary>The system id it last used there.</summary>
    public required byte SystemId { get; set; }

    /// <summary>The dock it belongs to.</summary>
    public string? DockId { get; set; }

    /// <summary>Why it must not fly; empty when it may.</summary>
    public List<Grounding> Groundings { get; set; } = [];

    /// <summary>The police unit that it belongs to and whose hours it flies; null until somebody has entered it.</summary>
    public string? Unit { get; set; }

    /// <summary>When it was first heard.</summary>
    public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>Sets the reasons of one who grounds; those of others stay.</summary>
    public void Ground(string by, IEnumerable<string> reasons) => Groundings = [.. Groundings.Where(grounding => grounding.By != by), .. reasons.Select(reason => new Grounding(by, reason))];

    internal sealed class Table : IEntityTypeConfiguration<VehicleRecord>
    {
        public void Configure(EntityTypeBuilder<VehicleRecord> builder)
        {
            builder.ToTable("vehicles");
            builder.HasKey(vehicle => vehicle.Number);
            builder.Property(vehicle => vehicle.Number).ValueGeneratedNever();
            builder.HasIndex(vehicle => vehicle.HardwareId);
            builder.Property(vehicle => vehicle.Groundings).HasJson();
        }
    }
}

/// <summary>One reason why a vehicle must not fly. It flies again when none is left.</summary>
/// <param name="By">Who put it up and alone takes it away: <see cref="Hand"/>, or the part of the service that watches over something.</param>
/// <param name="Reason">For a person.</param>
internal sealed record Grounding(string By, string Reason)
{
    /// <summary>An administrator, with <c>PATCH /vehicles/{id}</c>.</summary>
    public const string Hand = "hand";
}
