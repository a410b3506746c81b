using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Airworthiness;

/// <summary>What an airframe brought with it: flown before this service counted. Without a row it brought nothing and is in service since it was registered.</summary>
internal sealed class Airframe : Versioned
{
    /// <summary>The fleet's own id of the vehicle.</summary>
    public required string VehicleId { get; init; }

    public double BroughtHours { get; set; }

    public int BroughtLandings { get; set; }

    /// <summary>From when on calendar limits count.</summary>
    public DateTimeOffset InServiceSince { get; set; }

    internal sealed class Table : IEntityTypeConfiguration<Airframe>
    {
        public void Configure(EntityTypeBuilder<Airframe> builder)
        {
            builder.ToTable("airframes");
            builder.HasKey(airframe => airframe.VehicleId);
        }
    }
}
