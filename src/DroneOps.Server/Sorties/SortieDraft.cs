using DroneOps.Mavlink;

namespace DroneOps.Server.Sorties;

/// <summary>How a clock was started or stopped, and so how far it is to be believed.</summary>
internal enum ClockSource
{
    /// <summary>EXTENDED_SYS_STATE.landed_state.</summary>
    LandedState,

    /// <summary>FLIGHT_INFORMATION take-off and landing times.</summary>
    FlightInformation,

    /// <summary>Concluded from height and climb.</summary>
    Inferred,

    /// <summary>The vehicle was in the air when it was first heard: the true take-off was earlier.</summary>
    FirstSeen,

    /// <summary>The link was lost or the service down: the last that is known.</summary>
    LastKnown,

    /// <summary>Told by a file that was imported: nothing here saw it.</summary>
    Imported,

    /// <summary>Said by a person: in a correction, or where a record was divided in two.</summary>
    Entered,
}

/// <summary>Between which moments something happened; null where nothing bounds it on that side.</summary>
internal sealed record EdgeBounds(DateTimeOffset? NotBefore, DateTimeOffset? NotAfter)
{
    /// <summary>Nothing is known of it.</summary>
    public static readonly EdgeBounds None = new(null, null);
}

/// <summary>How sure the four moments of a sortie are.</summary>
internal sealed record SortieBounds(EdgeBounds Armed, EdgeBounds Takeoff, EdgeBounds Landing, EdgeBounds Disarmed)
{
    /// <summary>Nothing is known of any.</summary>
    public static readonly SortieBounds None = new(EdgeBounds.None, EdgeBounds.None, EdgeBounds.None, EdgeBounds.None);

    /// <summary>How far a clock that ran from one moment to another may be off.</summary>
    /// <returns>Seconds; null where it is not bounded.</returns>
    public static double? WithinS(DateTimeOffset from, EdgeBounds fromBounds, DateTimeOffset to, EdgeBounds toBounds)
    {
        if (fromBounds is not { NotBefore: { } earliestFrom, NotAfter: { } latestFrom } || toBounds is not { NotBefore: { } earliestTo, NotAfter: { } latestTo })
            return null;
        var longer = (from - earliestFrom) + (latestTo - to);
        var shorter = (latestFrom - from) + (to - earliestTo);
        return Math.Round(Math.Max(Math.Max(longer.TotalSeconds, shorter.TotalSeconds), 0), 3);
    }
}

/// <summary>One point of a track: WGS-84 degrees, metres, metres per second.</summary>
internal sealed record TrackPoint(DateTimeOffset At, double Lon, double Lat, double AltitudeAmslM, double AltitudeAboveHomeM, double SpeedMps);

/// <summary>A change of mode in a flight.</summary>
internal sealed record ModeEntry(DateTimeOffset At, string Mode);

/// <summary>A time in which nothing was heard.</summary>
internal sealed record LinkGap(DateTimeOffset From, DateTimeOffset? To);

/// <summary>A sortie as it grows: one take-off to one landing. Armed and airborne clocks stand side by side, since maintenance counts the
/// one and the flight log the other.</summary>
internal sealed class SortieDraft
{
    public required DateTimeOffset TakeoffAt { get; set; }

    public required ClockSource TakeoffSource { get; init; }

    public DateTimeOffset? ArmedAt { get; set; }

    public DateTimeOffset? LandedAt { get; set; }

    public ClockSource LandingSource { get; set; }

    public DateTimeOffset? DisarmedAt { get; set; }

    public double DistanceM { get; set; }

    public double? MaxAltitudeAboveHomeM { get; set; }

    public double? MaxAltitudeAmslM { get; set; }

    public double MaxSpeedMps { get; set; }

    public int? BatteryStartPercent { get; set; }

    public int? BatteryEndPercent { get; set; }

    public List<ModeEntry> Modes { get; init; } = [];

    public List<LinkGap> Gaps { get; init; } = [];

    /// <summary>Between which moments its four moments lie.</summary>
    public SortieBounds Bounds { get; set; } = SortieBounds.None;

    public List<string> Failsafes { get; init; } = [];

    public List<SortieTurn> Turns { get; init; } = [];

    public GeoPoint? LastPoint { get; set; }

    public DateTimeOffset LastHeardAt { get; set; }

    /// <summary>Seconds from take-off to landing, or to the last that was heard.</summary>
    public double AirborneS => Math.Max(0, ((LandedAt ?? LastHeardAt) - TakeoffAt).TotalSeconds);

    /// <summary>Seconds from arming (or the landing before) to disarming, or to the last that was heard.</summary>
    public double ArmedS => Math.Max(0, ((DisarmedAt ?? LastHeardAt) - (ArmedAt ?? TakeoffAt)).TotalSeconds);

    public bool IsClosed => LandedAt is not null && DisarmedAt is not null;

    /// <summary>A sortie as the last run of the service left it.</summary>
    public static SortieDraft Of(SortieRecord row) => new()
    {
        TakeoffAt = row.TakeoffAt,
        TakeoffSource = row.TakeoffSource,
        ArmedAt = row.ArmedAt,
        LandedAt = row.LandedAt,
        LandingSource = row.LandingSource,
        DistanceM = row.DistanceM,
        MaxAltitudeAboveHomeM = row.MaxAltitudeAboveHomeM,
        MaxAltitudeAmslM = row.MaxAltitudeAmslM,
        MaxSpeedMps = row.MaxSpeedMps,
        BatteryStartPercent = row.BatteryStartPercent,
        BatteryEndPercent = row.BatteryEndPercent,
        Modes = [.. row.Modes],
        Gaps = [.. row.Gaps],
        Failsafes = [.. row.Failsafes],
        Turns = [.. row.Turns.OrderBy(turn => turn.Number)],
        Bounds = row.Bounds,
        LastHeardAt = row.LastHeardAt,
    };

    /// <summary>Writes what is known so far into the record.</summary>
    /// <param name="hopS">A flight shorter than this many seconds is a hop.</param>
    public void WriteTo(SortieRecord row, double hopS)
    {
        row.ArmedAt = ArmedAt;
        row.LandedAt = LandedAt;
        row.LandingSource = LandingSource;
        row.DisarmedAt = DisarmedAt;
        row.LastHeardAt = LastHeardAt;
        row.AirborneS = AirborneS;
        row.ArmedS = ArmedS;
        row.DistanceM = DistanceM;
        row.MaxAltitudeAboveHomeM = MaxAltitudeAboveHomeM;
        row.MaxAltitudeAmslM = MaxAltitudeAmslM;
        row.MaxSpeedMps = MaxSpeedMps;
        row.BatteryStartPercent = BatteryStartPercent;
        row.BatteryEndPercent = BatteryEndPercent;
        row.Modes = [.. Modes];
        row.Gaps = [.. Gaps];
        row.Bounds = Bounds;
        row.Failsafes = [.. Failsafes];
        row.Turns.AddRange(Turns.Skip(row.Turns.Count).Select(turn => turn with { SortieId = row.Id }));
        row.IsClosed = IsClosed;
        row.IsHop = LandedAt is not null && AirborneS < hopS;
    }
}
