using System.Text;
using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles;

/// <summary>What a vehicle is. The system id can be given to any vehicle; the hardware id tells this one from all others.</summary>
/// <param name="Autopilot">The autopilot's make.</param>
/// <param name="Type">The airframe.</param>
/// <param name="HardwareId">AUTOPILOT_VERSION.uid2 as 36 hex digits (or uid as 16, where uid2 is empty); null until it came.</param>
/// <param name="Firmware">For example "4.7.0-dev (2598e9d4)"; null until it came.</param>
/// <param name="Capabilities">What the autopilot says it can do; 0 until it came.</param>
public sealed record VehicleIdentity(
    MavAutopilot Autopilot, MavType Type, string? HardwareId, string? Firmware, MavProtocolCapability Capabilities)
{
    /// <summary>The modes that can be set by name; empty where the autopilot's are not known.</summary>
    public IReadOnlyList<string> Modes => Autopilots.Autopilot.Of(Autopilot, Type).ModeNames;

    internal static string? HardwareIdOf(in AutopilotVersion version)
    {
        if (version.Uid2.ContainsAnyExcept((byte)0))
            return Convert.ToHexStringLower(version.Uid2);
        return version.Uid == 0 ? null : version.Uid.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
    }

    internal static string? FirmwareOf(in AutopilotVersion version)
    {
        if (version.FlightSwVersion == 0)
            return null;
        var kind = (FirmwareVersionType)(version.FlightSwVersion & 0xff) switch
        {
            FirmwareVersionType.Dev => "-dev",
            FirmwareVersionType.Alpha => "-alpha",
            FirmwareVersionType.Beta => "-beta",
            FirmwareVersionType.Rc => "-rc",
            _ => "",
        };
        var text = $"{version.FlightSwVersion >> 24}.{(version.FlightSwVersion >> 16) & 0xff}.{(version.FlightSwVersion >> 8) & 0xff}{kind}";
        // ArduPilot puts the start of the git hash there as text, PX4 as bytes.
        var custom = version.FlightCustomVersion;
        if (!custom.ContainsAnyExcept((byte)0))
            return text;
        var hash = custom.ContainsAnyExceptInRange((byte)'0', (byte)'z') ? Convert.ToHexStringLower(custom) : Encoding.ASCII.GetString(custom);
        return $"{text} ({hash})";
    }
}
