using System.Buffers.Binary;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Incidents;

/// <summary>An incident's times, and what they are counted by, in one narrow row: a report over a year reads a hundred thousand of them, and the
/// incidents themselves, with their texts and histories, would take seconds. <see cref="IncidentBook"/> writes it with the incident, in the same
/// transaction.</summary>
internal sealed class IncidentTimes
{
    public const long NotReached = long.MinValue;

    /// <summary>The incident's.</summary>
    public required Guid Id { get; init; }

    public required DateTimeOffset ReportedAt { get; init; }

    /// <summary>When something of it changed last: a kept figure that is older is counted again.</summary>
    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>The city's day, as 20260501: stores group by it without knowing time zones.</summary>
    public required int Day { get; init; }

    /// <summary>The city's hour.</summary>
    public required int Hour { get; init; }

    public required string Type { get; set; }

    public required int Priority { get; set; }

    public double Longitude { get; set; }

    public double Latitude { get; set; }

    /// <summary>The grid that holds the place as grids are drawn now, or null.</summary>
    public string? GridId { get; set; }

    /// <summary>The key site that the place is at, or null.</summary>
    public string? KeySiteId { get; set; }

    /// <summary>Twelve times in the order of <see cref="IncidentStage"/>, each in Unix milliseconds, little-endian, or <see cref="NotReached"/>:
    /// one value instead of twelve columns, which cost more to read than everything that is done with them.</summary>
    public byte[] Axis { get; set; } = [];

    /// <summary>The time in force of a step, Unix milliseconds, or <see cref="NotReached"/>.</summary>
    public static long At(ReadOnlySpan<byte> axis, IncidentStage stage) => BinaryPrimitives.ReadInt64LittleEndian(axis[((int)stage * sizeof(long))..]);

    /// <summary>The times of an axis, packed; none of a merged call, whose steps count with the incident that it became.</summary>
    public static byte[] Pack(IncidentRecord incident)
    {
        var stages = Enum.GetValues<IncidentStage>();
        var axis = new byte[stages.Length * sizeof(long)];
        foreach (var stage in stages)
            BinaryPrimitives.WriteInt64LittleEndian(axis.AsSpan((int)stage * sizeof(long)), (incident.MergedInto is null ? incident.ReachedAt(stage) : null)?.ToUnixTimeMilliseconds() ?? NotReached);
        return axis;
    }

    /// <summary>Puts the incident's row into the same saving as the incident.</summary>
    public static async Task KeepAsync(FleetDb db, IncidentRecord incident, AirspaceSnapshot drawn, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await db.Set<IncidentTimes>().FindAsync([incident.Id], cancellation) is { } row)
            row.Take(incident, drawn, now);
        else
            db.Add(Of(incident, drawn, now));
    }

    /// <summary>The row of an incident.</summary>
    public static IncidentTimes Of(IncidentRecord incident, AirspaceSnapshot drawn, DateTimeOffset now)
    {
        var day = CityTime.DayOf(incident.ReportedAt);
        var row = new IncidentTimes
        {
            Id = incident.Id,
            ReportedAt = incident.ReportedAt,
            Day = DayNumber(day),
            Hour = CityTime.HourOf(incident.ReportedAt),
            Type = incident.Type,
            Priority = incident.Priority,
        };
        row.Take(incident, drawn, now);
        return row;
    }

    /// <summary>2026-05-01 as 20260501.</summary>
    public static int DayNumber(DateOnly day) => (((day.Year * 100) + day.Month) * 100) + day.Day;

    /// <summary>Takes what of the incident may have changed.</summary>
    private void Take(IncidentRecord incident, AirspaceSnapshot drawn, DateTimeOffset now)
    {
        ChangedAt = now;
        (Type, Priority) = (incident.Type, incident.Priority);
        (Longitude, Latitude) = (incident.Scene.LongitudeDeg, incident.Scene.LatitudeDeg);
        (GridId, KeySiteId) = PlaceNames.Of(drawn, Longitude, Latitude);
        Axis = Pack(incident);
    }

    internal sealed class Table : IEntityTypeConfiguration<IncidentTimes>
    {
        public void Configure(EntityTypeBuilder<IncidentTimes> builder)
        {
            builder.ToTable("incident_times");
            builder.Property(row => row.Id).ValueGeneratedNever();
            builder.HasIndex(row => row.ReportedAt);
            builder.HasIndex(row => new { row.Day, row.ChangedAt });
        }
    }
}
