using DroneOps.Server.Sorties.Import;

namespace DroneOps.Server.Sorties;

/// <summary>A sortie as the API shows it. Seconds, metres; times UTC. Purpose, authorisation and task are those it was launched for; the spans have them all.</summary>
internal sealed record SortieView(
    Guid Id, string VehicleId, string VehicleName, int SystemId, string? HardwareId, string? Firmware, string? Pilot, string? Purpose, string? AuthorisedBy, string? TaskKind, string? TaskId, string? TaskLabel, string? DockId, string? Unit, string? BatterySerial, int? BatteryCycles, int? BatteryHealthPercent,
    string State, DateTimeOffset? ArmedAt, DateTimeOffset TakeoffAt, ClockSource TakeoffSource, DateTimeOffset? LandedAt, ClockSource? LandingSource, DateTimeOffset? DisarmedAt,
    double AirborneS, double? AirborneWithinS, double ArmedS, double? ArmedWithinS, SortieBounds Bounds, double DistanceM, double? MaxAltitudeAboveHomeM, double? MaxAltitudeAmslM, double MaxSpeedMps, int? BatteryStartPercent, int? BatteryEndPercent, bool Hop,
    IReadOnlyList<ModeEntry> Modes, IReadOnlyList<LinkGap> LinkGaps, IReadOnlyList<string> Failsafes, IReadOnlyList<string> Corrected,
    IReadOnlyList<PurposeSpan> Spans, SortieView.DebtView? Debt, SortieView.ImportView? Imported, bool Replaced, DateTimeOffset? GivenUpAt)
{
    /// <summary>How it passed the place that was searched for; null where none was.</summary>
    public SortiePass? Pass { get; init; }

    public static SortieView Of(SortieRecord row) => new(
        row.Id, row.VehicleId, row.VehicleName, row.SystemId, row.HardwareId, row.Firmware, row.Pilot, row.Purpose, row.AuthorisedBy, row.TaskKind, row.TaskId, row.TaskLabel, row.DockId, row.Unit, row.BatterySerial, row.BatteryCycles, row.BatteryHealthPercent,
        row.IsClosed ? "closed" : row.LandedAt is null ? "flying" : "landed",
        row.ArmedAt, row.TakeoffAt, row.TakeoffSource, row.LandedAt, row.LandedAt is null ? null : row.LandingSource, row.DisarmedAt,
        row.AirborneS, row.AirborneWithinS, row.ArmedS, row.ArmedWithinS, row.Bounds, row.DistanceM, row.MaxAltitudeAboveHomeM, row.MaxAltitudeAmslM, row.MaxSpeedMps, row.BatteryStartPercent, row.BatteryEndPercent, row.IsHop,
        row.Modes, row.Gaps, row.Failsafes, row.Corrected,
        PurposeSpan.Of(row),
        row.Debt is { } debt ? new(debt.State, debt.Cause, debt.Person, debt.DueAt, debt.OverdueAt, debt.SettledAt, debt.SettledBy, debt.Reason) : null,
        row.Import is { } import ? new(import.Id, import.FileName, import.Sha256, import.Format, row.ImportRow, import.Actor, import.At) : null,
        row.ReplacedBy is not null, row.GivenUpAt);

    /// <summary>The purpose and authorisation that a flight owes, or owed.</summary>
    /// <param name="State">open, overdue or settled.</param>
    /// <param name="Person">Who answers for it; null where nobody is known.</param>
    internal sealed record DebtView(
        string State, DebtCause Cause, string? Person, DateTimeOffset? DueAt, DateTimeOffset? OverdueAt, DateTimeOffset? SettledAt, string? SettledBy, string? Reason);

    /// <summary>Where a sortie is from that this service did not record.</summary>
    /// <param name="File">The name of the file, which is kept.</param>
    /// <param name="Row">Its line, its track or its flight in it.</param>
    internal sealed record ImportView(Guid Id, string File, string Sha256, FlightFormat Format, int? Row, string By, DateTimeOffset At);
}
