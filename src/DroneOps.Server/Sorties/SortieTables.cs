using DroneOps.Server.Fleet;
using DroneOps.Server.Sorties.Import;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Sorties;

/// <summary>A sortie as it is kept. Its place is the line it flew.</summary>
internal sealed class SortieRecord : Located
{
    public required Guid Id { get; init; }

    public required string VehicleId { get; init; }

    public required string VehicleName { get; init; }

    public required string? HardwareId { get; init; }

    public required string? Firmware { get; init; }

    public required int SystemId { get; init; }

    /// <summary>Who commanded: the holder of the lease, or the actor on whose behalf the task flew.</summary>
    public required string? Pilot { get; set; }

    public required string? Purpose { get; set; }

    /// <summary>By whose leave it was launched: a person or the number of an approval.</summary>
    public string? AuthorisedBy { get; set; }

    /// <summary>The kind of task: patrol, incident, manual.</summary>
    public required string? TaskKind { get; set; }

    /// <summary>The occurrence's or incident's id.</summary>
    public required string? TaskId { get; set; }

    public required string? TaskLabel { get; set; }

    public required string? DockId { get; init; }

    /// <summary>The pack's own serial number; null where the vehicle did not tell it.</summary>
    public string? BatterySerial { get; set; }

    /// <summary>How often the pack had been charged, as it counted itself; null where it did not tell.</summary>
    public int? BatteryCycles { get; set; }

    /// <summary>What was left of the pack's capacity, percent; null where it did not tell.</summary>
    public int? BatteryHealthPercent { get; set; }

    /// <summary>The police unit that the vehicle belonged to when it took off.</summary>
    public string? Unit { get; set; }

    public DateTimeOffset? ArmedAt { get; set; }

    public required DateTimeOffset TakeoffAt { get; set; }

    public required ClockSource TakeoffSource { get; set; }

    public DateTimeOffset? LandedAt { get; set; }

    public ClockSource LandingSource { get; set; }

    public DateTimeOffset? DisarmedAt { get; set; }

    /// <summary>The last moment that is known: where both clocks stand while it flies.</summary>
    public DateTimeOffset LastHeardAt { get; set; }

    public double AirborneS { get; set; }

    public double ArmedS { get; set; }

    public double DistanceM { get; set; }

    public double? MaxAltitudeAboveHomeM { get; set; }

    public double? MaxAltitudeAmslM { get; set; }

    public double MaxSpeedMps { get; set; }

    public int? BatteryStartPercent { get; set; }

    public int? BatteryEndPercent { get; set; }

    public List<ModeEntry> Modes { get; set; } = [];

    public List<LinkGap> Gaps { get; set; } = [];

    public List<string> Failsafes { get; set; } = [];

    /// <summary>Between which moments arming, take-off, landing and disarming lie.</summary>
    public SortieBounds Bounds { get; set; } = SortieBounds.None;

    /// <summary>Where it was given another purpose in flight. Purpose, authorisation and task above are those it was launched for.</summary>
    public List<SortieTurn> Turns { get; } = [];

    /// <summary>What it owes or owed; null where it took off with a purpose.</summary>
    public FlightDebt? Debt { get; set; }

    /// <summary>Which fields people have corrected; their first values are with the corrections.</summary>
    public List<string> Corrected { get; set; } = [];

    /// <summary>Flown for less than the hop limit: kept, counted, and marked.</summary>
    public bool IsHop { get; set; }

    public bool IsClosed { get; set; }

    /// <summary>When it was closed because nothing was heard of the vehicle any more; null where its end was seen, or a person has said it. Such a sortie
    /// goes on when the vehicle is heard again.</summary>
    public DateTimeOffset? GivenUpAt { get; set; }

    /// <summary>The file that it was taken from; null where this service recorded it.</summary>
    public SortieImport? Import { get; set; }

    public Guid? ImportId { get; set; }

    /// <summary>What it is known by when its file is imported again.</summary>
    public string? ImportKey { get; init; }

    /// <summary>Where in the file it stands.</summary>
    public int? ImportRow { get; init; }

    /// <summary>The revision that put another record in its place; null while it stands. What is replaced is not in any list or sum.</summary>
    public Guid? ReplacedBy { get; set; }

    /// <summary>How far the airborne clock may be off, seconds; null where that is not bounded.</summary>
    public double? AirborneWithinS => LandedAt is { } landed ? SortieBounds.WithinS(TakeoffAt, Bounds.Takeoff, landed, Bounds.Landing) : null;

    /// <summary>How far the armed clock may be off, seconds; null where that is not bounded.</summary>
    public double? ArmedWithinS => ArmedAt is { } armed && DisarmedAt is { } disarmed ? SortieBounds.WithinS(armed, Bounds.Armed, disarmed, Bounds.Disarmed) : null;

    /// <summary>The kind of a task as it is kept.</summary>
    public static string KindOf(Assignment task) => KindOf(task.Kind);

    /// <summary>The kind of a task as it is kept.</summary>
    public static string KindOf(AssignmentKind kind) => kind.ToString().ToLowerInvariant();

    internal sealed class Table : IEntityTypeConfiguration<SortieRecord>
    {
        public void Configure(EntityTypeBuilder<SortieRecord> builder)
        {
            builder.ToTable("sorties");
            builder.HasIndex(sortie => sortie.TakeoffAt);
            builder.HasIndex(sortie => sortie.GivenUpAt);
            builder.HasIndex(sortie => new { sortie.VehicleId, sortie.TakeoffAt });
            builder.HasQueryFilter(sortie => sortie.ReplacedBy == null);
            builder.HasIndex(sortie => sortie.ImportKey).IsUnique();
            builder.HasOne(sortie => sortie.Import).WithMany().HasForeignKey(sortie => sortie.ImportId);
            builder.Navigation(sortie => sortie.Import).AutoInclude();
            builder.Property(sortie => sortie.Modes).HasJson();
            builder.Property(sortie => sortie.Gaps).HasJson();
            builder.Property(sortie => sortie.Failsafes).HasJson();
            builder.Property(sortie => sortie.Bounds).HasJson();
            builder.Property(sortie => sortie.Corrected).HasJson();
            builder.Ignore(sortie => sortie.AirborneWithinS);
            builder.Ignore(sortie => sortie.ArmedWithinS);
            builder.Navigation(sortie => sortie.Turns).AutoInclude();
            builder.Navigation(sortie => sortie.Debt).AutoInclude();
            builder.Property(sortie => sortie.TakeoffSource).HasConversion<string>();
            builder.Property(sortie => sortie.LandingSource).HasConversion<string>();
        }
    }
}

/// <summary>A piece of a sortie's track, about ten seconds long: what a kill can lose of it.</summary>
internal sealed class TrackPiece
{
    /// <summary>How long one is: searches by time and figures by place are as fine as this.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    private List<TrackPoint> _points = [];

    public required Guid SortieId { get; init; }

    public required int Number { get; init; }

    public required List<TrackPoint> Points
    {
        get => _points;
        init => (_points, Leg) = (value, TrackLeg.Of(value));
    }

    /// <summary>Where it lies; written with it, and read apart from it.</summary>
    public TrackLeg? Leg { get; private set; }

    /// <summary>Cuts a whole track into pieces. Each leg reaches to the next piece, since the points of a track from elsewhere may lie seconds apart.</summary>
    public static IEnumerable<TrackPiece> Cut(Guid sortie, IReadOnlyList<TrackPoint> track)
    {
        var (begin, number) = (0, 0);
        for (var i = 1; i <= track.Count; i++)
        {
            var isAfterGap = i < track.Count && track[i].At - track[i - 1].At > TrackLeg.LongestStep;
            if (i < track.Count && !isAfterGap && track[i].At - track[begin].At < Length)
                continue;
            List<TrackPoint> points = [.. track.Skip(begin).Take(i - begin)];
            yield return new TrackPiece { SortieId = sortie, Number = number++, Points = points, Leg = TrackLeg.Of(points, isAfterGap ? null : track.ElementAtOrDefault(i)) };
            begin = i;
        }
    }

    internal sealed class Table : IEntityTypeConfiguration<TrackPiece>
    {
        public void Configure(EntityTypeBuilder<TrackPiece> builder)
        {
            builder.ToTable("sortie_tracks");
            builder.HasKey(piece => new { piece.SortieId, piece.Number });
            builder.Property(piece => piece.Points).HasJson();
            builder.HasOne<SortieRecord>().WithMany().HasForeignKey(piece => piece.SortieId);
        }
    }
}

/// <summary>A correction: the first value stays readable for ever.</summary>
internal sealed class SortieCorrection
{
    public required Guid Id { get; init; }

    public required Guid SortieId { get; init; }

    /// <summary>1 for the first of its sortie: two may have been made at one time.</summary>
    public required int Number { get; init; }

    public required string Field { get; init; }

    public required string? OldValue { get; init; }

    public required string? NewValue { get; init; }

    public required string Reason { get; init; }

    public required string Actor { get; init; }

    public required DateTimeOffset At { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<SortieCorrection>
    {
        public void Configure(EntityTypeBuilder<SortieCorrection> builder)
        {
            builder.ToTable("sortie_corrections");
            builder.HasIndex(correction => new { correction.SortieId, correction.Number }).IsUnique();
            builder.HasOne<SortieRecord>().WithMany().HasForeignKey(correction => correction.SortieId);
        }
    }
}
