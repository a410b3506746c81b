using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Response;

/// <summary>How quick one day was, kept: counted after the city's midnight, and again when something of the day is corrected later.</summary>
internal sealed class ResponseDay
{
    /// <summary>The city's day, as 20260501.</summary>
    public required int Day { get; init; }

    /// <summary>When it was counted.</summary>
    public DateTimeOffset CountedAt { get; set; }

    public required Figures Figures { get; set; }

    internal sealed class Table : IEntityTypeConfiguration<ResponseDay>
    {
        public void Configure(EntityTypeBuilder<ResponseDay> builder)
        {
            builder.ToTable("response_days");
            builder.HasKey(row => row.Day);
            builder.Property(row => row.Day).ValueGeneratedNever();
            builder.Property(row => row.Figures).HasJson();
        }
    }
}
