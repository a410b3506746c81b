using System.Text.Json;
using DroneOps.Mavlink;
using DroneOps.Vehicles;

namespace DroneOps.Server.Fleet;

/// <summary>Commands and their outcomes as the audit log keeps them: by the names that the API uses for them, so that what was asked for and what was
/// ordered can be laid side by side, and that an auditor reads no names of the program.</summary>
internal static class CommandWords
{
    /// <summary>The name the API uses for a command.</summary>
    public static string NameOf(VehicleCommand command) => JsonNamingPolicy.CamelCase.ConvertName(command.GetType().Name);

    /// <summary>The name the API uses for an outcome.</summary>
    public static string NameOf(CommandOutcome outcome) => outcome switch
    {
        CommandOutcome.Accepted => "accepted",
        CommandOutcome.InProgress => "inProgress",
        CommandOutcome.Rejected => "rejected",
        CommandOutcome.NotSent => "notSent",
        _ => "unknown",
    };

    /// <summary>What a command was given with: degrees of WGS-84, metres with their datum, metres per second. Null where its name says all.</summary>
    public static object? ParametersOf(VehicleCommand command) => command switch
    {
        VehicleCommand.Takeoff(var height) => new { altitude = Of(height) },
        VehicleCommand.GoTo(var target, var height) => new { lat = target.LatitudeDeg, lon = target.LongitudeDeg, altitude = Of(height) },
        VehicleCommand.SetMode(var mode) => new { mode },
        VehicleCommand.SetSpeed(var speedMps) => new { speedMps },
        VehicleCommand.Orbit(var centre, var height, var radiusM, var speedMps) => new { lat = centre?.LatitudeDeg, lon = centre?.LongitudeDeg, altitude = Of(height), radiusM, speedMps },
        VehicleCommand.PointCameraAt(var target, var height) => new { lat = target.LatitudeDeg, lon = target.LongitudeDeg, altitude = Of(height) },
        VehicleCommand.PointCamera(var pitchDeg, var yawDeg) => new { pitchDeg, yawDeg },
        VehicleCommand.SetRelay(var relay, var on) => new { relay, on },
        VehicleCommand.SetServo(var servo, var pulseUs) => new { servo, pulseUs },
        VehicleCommand.SetHome(var home, var height) => new { lat = home.LatitudeDeg, lon = home.LongitudeDeg, altitude = Of(height) },
        VehicleCommand.EnableFence(var enable) => new { enable },
        VehicleCommand.RequestMessage(var messageId) => new { messageId },
        VehicleCommand.SetMessageInterval(var messageId, var rateHz) => new { messageId, rateHz },
        _ => null,
    };

    /// <summary>How a command ended, with what the autopilot said.</summary>
    public static object DetailsOf(string id, CommandOutcome outcome) => outcome switch
    {
        CommandOutcome.Rejected refused => new { id, outcome = NameOf(outcome), refused.Step, result = refused.Result.ToString(), refused.Reason, resultParam2 = refused.ResultParam2 == 0 ? (int?)null : refused.ResultParam2 },
        CommandOutcome.Unknown open => new { id, outcome = NameOf(outcome), open.Step, open.EffectSeen, open.Note },
        CommandOutcome.NotSent kept => new { id, outcome = NameOf(outcome), kept.Reason, kept.Note },
        CommandOutcome.InProgress running => new { id, outcome = NameOf(outcome), running.ProgressPercent },
        _ => new { id, outcome = NameOf(outcome) },
    };

    private static object Of(Altitude altitude) => new { metres = altitude.Metres, altitude.Datum };
}
