using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Telemetry;

/// <summary>Where a vehicle was at a moment and how it was doing: one position message with what else was known then.</summary>
/// <remarks>Whole numbers in the wire's own units: nothing is rounded on the way in (but loss), and a row is small. Its key is the vehicle
/// and the time, so a second copy of a point is no second point.</remarks>
internal sealed class TelemetryPoint
{
    /// <summary>When the message was received, UTC, in whole microseconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The fleet's own number of the vehicle.</summary>
    public required int Vehicle { get; init; }

    /// <summary>WGS-84, 1e-7 degree, east positive.</summary>
    public required int LonE7 { get; init; }

    /// <summary>WGS-84, 1e-7 degree, north positive.</summary>
    public required int LatE7 { get; init; }

    /// <summary>Millimetres above mean sea level.</summary>
    public required int AltitudeAmslMm { get; init; }

    /// <summary>Millimetres above home.</summary>
    public required int AltitudeAboveHomeMm { get; init; }

    /// <summary>Where the nose points, hundredths of a degree clockwise from true north; null where the vehicle does not know.</summary>
    public required int? HeadingCdeg { get; init; }

    /// <summary>Over ground, centimetres a second; 32767 and above is 32767.</summary>
    public required short GroundSpeedCms { get; init; }

    /// <summary>Up positive, centimetres a second.</summary>
    public required short ClimbCms { get; init; }

    /// <summary>Charge left, 0..100; null where not told, or told too long ago.</summary>
    public required short? BatteryPercent { get; init; }

    /// <summary>Frames lost on the link in the recent past, tenths of a percent; null where not known.</summary>
    public required short? LinkLossPermille { get; init; }

    /// <summary>Motors may turn.</summary>
    public required bool Armed { get; init; }

    /// <summary>Off the ground; null where the vehicle has not said.</summary>
    public required bool? InAir { get; init; }

    /// <summary>The mode in the autopilot's own words; null before it was told.</summary>
    public required string? Mode { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<TelemetryPoint>
    {
        /// <summary>The table's name, for the statements that are written by hand.</summary>
        public const string Name = "telemetry_points";

        public void Configure(EntityTypeBuilder<TelemetryPoint> builder)
        {
            builder.ToTable(Name);

            // No foreign key to the vehicles: its check for each row would cost more than the row.
            builder.HasKey(point => new { point.Vehicle, point.At });
            builder.HasClusteredKey();

            // The eight bytes first: PostgreSQL aligns, and would else leave a hole in every row.
            builder.Property(point => point.At).HasColumnOrder(0);
            builder.Property(point => point.Vehicle).HasColumnOrder(1).ValueGeneratedNever();
        }
    }
}
