using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles;

namespace DroneOps.Server.Fleet;

/// <summary>A vehicle as the API and the feed show it. Null is "not known"; what is known but old is marked in <see cref="Stale"/>.</summary>
internal sealed record VehicleView(
    string Id,
    string Name,
    string Network,
    int SystemId,
    string? Autopilot,
    string? VehicleType,
    string? HardwareId,
    string? Firmware,
    string? DockId,
    string? Unit,
    bool Grounded,
    string? GroundedFor,
    bool Armed,
    bool? InAir,
    string? Mode,
    IReadOnlyList<string> Modes,
    PositionView? Position,
    AttitudeView? Attitude,
    double? GroundSpeedMps,
    double? ClimbMps,
    double? HeadingDeg,
    BatteryView? Battery,
    GpsView? Gps,
    LinkView Link,
    HomeView? Home,
    AssignmentView? Assignment,
    ControlView? Control,
    StaleView Stale,
    ProgressView? MissionProgress,
    ReadyView Ready,
    IReadOnlyList<string> AlertTexts,
    DateTimeOffset UpdatedAt)
{
    /// <summary>The view of a vehicle of the board.</summary>
    public static VehicleView Of(FleetVehicle vehicle)
    {
        var s = vehicle.Snapshot;
        var position = s.Position?.Value;
        var air = s.Air?.Value;
        return new(
            vehicle.Id,
            vehicle.Name,
            s.Key.Network,
            s.Key.SystemId,
            s.Identity is { } identity ? AutopilotName(identity.Autopilot) : null,
            s.Identity is { } kind ? Words(kind.Type.ToString()) : null,
            s.Identity?.HardwareId,
            s.Identity?.Firmware,
            vehicle.DockId,
            vehicle.Unit,
            vehicle.IsGrounded,
            vehicle.GroundedFor,
            s.Armed,
            s.InAir,
            s.Mode,
            s.Identity?.Modes ?? [],
            position is { } p ? new(p.Point.LongitudeDeg, p.Point.LatitudeDeg, p.Amsl.Metres, p.AboveHome.Metres) : null,
            s.Attitude is { Value: var a } ? new(Hundredths(a.RollDeg), Hundredths(a.PitchDeg), Hundredths(a.YawDeg)) : null,
            Hundredths(air?.GroundSpeedMps ?? position?.Velocity.GroundSpeedMps),
            Hundredths(position?.Velocity.ClimbMps ?? air?.ClimbMps),
            Hundredths(position?.HeadingDeg ?? air?.HeadingDeg),
            s.Battery is { Value: var b } ? new(b.RemainingPercent, b.VoltageV, Hundredths(b.CurrentA), b.Level, s.BatteryFullWh is { } full ? Math.Round(full, 1) : null) : null,
            s.Gps is { Value: var g } ? new(Words(g.Fix.ToString()), g.Satellites) : null,
            LinkOf(vehicle),
            s.Home is { Value: var h } ? new(h.Point.LongitudeDeg, h.Point.LatitudeDeg, h.Amsl.Metres) : null,
            vehicle.Assignment is { } task ? new(task.Kind, task.Id, task.Label, task.Purpose) : null,
            vehicle.Control is { } lease ? new(lease.Holder, lease.ExpiresAt, lease.OfferedTo) : null,
            new(IsStale(s.Position), IsStale(s.Attitude), IsStale(s.Battery), IsStale(s.Gps)),
            s.Mission is { Value: var m } ? new(m.PlanIndex, m.Total, Words(m.State.ToString())) : null,
            ReadyOf(s),
            vehicle.AlertTexts,
            s.At);
    }

    private static LinkView LinkOf(FleetVehicle vehicle)
    {
        var s = vehicle.Snapshot;
        var age = s.HeartbeatAt is { } heard ? Math.Max(0, (s.At - heard).TotalSeconds) : (double?)null;
        var state = s.Link switch
        {
            VehicleLinkState.Up when age > LateAfterS => "late",
            VehicleLinkState.Up => "up",
            _ => "lost",
        };
        return new(state, Hundredths(age), Hundredths(vehicle.LossPercent), vehicle.IsSigned);
    }

    private static ReadyView ReadyOf(VehicleSnapshot s) => new(
        s.Readiness.IsReady,
        [.. Enum.GetValues<ReadinessIssues>().Where(issue => issue != ReadinessIssues.None && s.Readiness.Issues.HasFlag(issue)).Select(issue => Words(issue.ToString()))],
        s.Failsafes is { } report ? [.. report.Issues.Select(issue => Words(issue.Finding.ToString()))] : []);

    /// <summary>Two heartbeats missed: not lost yet, but worth a look.</summary>
    private const double LateAfterS = 2.2;

    /// <summary>Computed digits beyond what was measured are not news: they would travel ten times a second to every client.</summary>
    private static double Hundredths(double value) => Math.Round(value, 2);

    private static double? Hundredths(double? value) => value is { } known ? Hundredths(known) : null;

    private static bool IsStale<T>(Reading<T>? reading)
        where T : struct => reading is not { IsStale: false };

    private static string AutopilotName(MavAutopilot autopilot) => autopilot switch
    {
        MavAutopilot.Ardupilotmega => "ArduPilot",
        MavAutopilot.Px4 => "PX4",
        _ => autopilot.ToString(),
    };

    private static string Words(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}

/// <summary>WGS-84, metres.</summary>
internal sealed record PositionView(double Lon, double Lat, double AltitudeAmslM, double AltitudeAboveHomeM);

/// <summary>Degrees; pitch up and right wing down positive.</summary>
internal sealed record AttitudeView(double RollDeg, double PitchDeg, double YawDeg);

/// <summary>Charge, voltage and current; null is not told.</summary>
internal sealed record BatteryView(int? Percent, double? VoltageV, double? CurrentA, BatteryLevel Level, double? FullWh);

/// <summary>Kind of fix and satellites in use.</summary>
internal sealed record GpsView(string Fix, int? Satellites);

/// <summary>up, late (two heartbeats missed) or lost; seconds since the last heartbeat; loss of the recent past in percent; whether what comes by it
/// must be signed.</summary>
internal sealed record LinkView(string State, double? AgeS, double? LossPercent, bool Signed);

/// <summary>Where it returns to.</summary>
internal sealed record HomeView(double Lon, double Lat, double AltitudeAmslM);

/// <summary>What it is flown for.</summary>
internal sealed record AssignmentView(AssignmentKind Kind, string Id, string Label, string Purpose);

/// <summary>Who commands it.</summary>
internal sealed record ControlView(string Holder, DateTimeOffset ExpiresAt, string? OfferedTo);

/// <summary>Which groups of values are older than their limit, or were never heard.</summary>
internal sealed record StaleView(bool Position, bool Attitude, bool Battery, bool Gps);

/// <summary>The plan's item that is being flown, of how many.</summary>
internal sealed record ProgressView(int Current, int? Total, string State);

/// <summary>Whether it may be sent off, what stands in the way, and which failsafes are off.</summary>
internal sealed record ReadyView(bool Armable, IReadOnlyList<string> Reasons, IReadOnlyList<string> Failsafes);
