namespace DroneOps.Server.Sorties.Import;

/// <summary>Something about one field of a flight in a file: why it is refused, or what was left out of it.</summary>
/// <param name="Field">As the report and <c>docs/api.md</c> call it.</param>
/// <param name="Why">For a person.</param>
internal sealed record ImportRemark(string Field, string Why);

/// <summary>A flight as a reader found it.</summary>
/// <param name="Row">Where: the line of a table, the number of a track, the number of a flight in a recording.</param>
/// <param name="Flight">Null when it is refused; the remarks then say why.</param>
internal sealed record ReadFlight(int Row, HistoricFlight? Flight, IReadOnlyList<ImportRemark> Remarks)
{
    public static ReadFlight Refused(int row, string field, string why) => new(row, null, [new(field, why)]);
}

/// <summary>A flight from before this service or from where its links did not reach, as its file tells it.</summary>
internal sealed record HistoricFlight
{
    /// <summary>What the other system calls it; null where it has no number.</summary>
    public string? Number { get; init; }

    /// <summary>What the file calls the drone.</summary>
    public required string Vehicle { get; init; }

    public string? HardwareId { get; init; }

    public int SystemId { get; init; }

    public string? Firmware { get; init; }

    public string? BatterySerial { get; init; }

    public string? Unit { get; init; }

    public string? Pilot { get; init; }

    public string? Purpose { get; init; }

    public string? AuthorisedBy { get; init; }

    /// <summary>What it was flown for, in the words of the file.</summary>
    public string? Task { get; init; }

    /// <summary>Where it took off, where that is told without a track.</summary>
    public TrackPoint? Place { get; init; }

    /// <summary>Its clocks and figures.</summary>
    public required SortieDraft Draft { get; init; }

    public IReadOnlyList<TrackPoint> Track { get; init; } = [];

    /// <summary>Its landing; the readers refuse what has none.</summary>
    public DateTimeOffset LandedAt => Draft.LandedAt ?? Draft.LastHeardAt;
}

/// <summary>What a flight's clocks must hold to, whatever file it comes from. Pure.</summary>
internal static class FlightTimes
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What is wrong with them; null when nothing is.</summary>
    public static ImportRemark? Wrong(DateTimeOffset takeoff, DateTimeOffset landed, DateTimeOffset now) =>
        takeoff > now + Ahead ? new("takeoffAt", "The take-off lies in the future.")
        : takeoff < Earliest ? new("takeoffAt", "The take-off lies before the year 2000.")
        : landed <= takeoff ? new("landedAt", "The landing is not after the take-off.")
        : landed - takeoff > Longest ? new("landedAt", "The flight is longer than 24 hours.")
        : landed > now + Ahead ? new("landedAt", "The landing lies in the future.")
        : null;
}
