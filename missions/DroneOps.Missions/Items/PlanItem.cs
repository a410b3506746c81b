using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using Altitude = DroneOps.Mavlink.Altitude;

namespace DroneOps.Missions.Items;

/// <summary>One item of a mission, a fence or a rally plan, as MAVLink carries it, without its number and its receiver.</summary>
/// <param name="Command">What to do.</param>
/// <param name="Frame">What <see cref="X"/>, <see cref="Y"/> and <see cref="Z"/> mean.</param>
public readonly record struct PlanItem(MavCmd Command, MavFrame Frame)
{
    /// <summary>First parameter, in the command's unit; not a number where it is left to the autopilot.</summary>
    public float Param1 { get; init; }

    /// <summary>Second parameter; see <see cref="Param1"/>.</summary>
    public float Param2 { get; init; }

    /// <summary>Third parameter; see <see cref="Param1"/>.</summary>
    public float Param3 { get; init; }

    /// <summary>Fourth parameter; see <see cref="Param1"/>.</summary>
    public float Param4 { get; init; }

    /// <summary>Fifth parameter: in a global frame the latitude in 1e-7 degree; in <see cref="MavFrame.Mission"/> the plain number.</summary>
    public int X { get; init; }

    /// <summary>Sixth parameter: in a global frame the longitude in 1e-7 degree; in <see cref="MavFrame.Mission"/> the plain number.</summary>
    public int Y { get; init; }

    /// <summary>Seventh parameter: in a global frame the height in metres above the frame's datum.</summary>
    public float Z { get; init; }

    /// <summary>Whether the autopilot goes on to the next item by itself.</summary>
    public bool AutoContinue { get; init; } = true;

    /// <summary>Whether <see cref="X"/> and <see cref="Y"/> are a latitude and a longitude in 1e-7 degree.</summary>
    public bool HasGlobalFrame => IsGlobal(Frame);

    /// <summary>The position, WGS-84, or null when the frame is not global or none is given (INT32_MAX). Commands that use no
    /// position carry (0, 0).</summary>
    public GeoPoint? Position => HasGlobalFrame && X != int.MaxValue && Y != int.MaxValue ? GeoPoint.FromE7(X, Y) : null;

    /// <summary>The height with its datum, or null when the frame is not global.</summary>
    public Altitude? Altitude => Frame switch
    {
        MavFrame.Global or MavFrame.GlobalInt => DroneOps.Mavlink.Altitude.Amsl(Z),
        MavFrame.GlobalRelativeAlt or MavFrame.GlobalRelativeAltInt => DroneOps.Mavlink.Altitude.Relative(Z),
        MavFrame.GlobalTerrainAlt or MavFrame.GlobalTerrainAltInt => DroneOps.Mavlink.Altitude.Agl(Z),
        _ => null,
    };

    /// <summary>Whether a frame's x and y are a latitude and a longitude.</summary>
    public static bool IsGlobal(MavFrame frame) => frame is MavFrame.Global or MavFrame.GlobalInt or MavFrame.GlobalRelativeAlt
        or MavFrame.GlobalRelativeAltInt or MavFrame.GlobalTerrainAlt or MavFrame.GlobalTerrainAltInt;

    /// <summary>The message that carries the item.</summary>
    /// <param name="targetSystem">The receiver's system id.</param>
    /// <param name="targetComponent">The receiver's component id.</param>
    /// <param name="seq">Its number in the upload, from 0.</param>
    /// <param name="type">Mission, fence or rally.</param>
    public MissionItemInt ToWire(byte targetSystem, byte targetComponent, ushort seq, MavMissionType type) => new()
    {
        TargetSystem = targetSystem,
        TargetComponent = targetComponent,
        Seq = seq,
        Frame = Frame,
        Command = Command,
        Current = 0,
        Autocontinue = AutoContinue ? (byte)1 : (byte)0,
        Param1 = Param1,
        Param2 = Param2,
        Param3 = Param3,
        Param4 = Param4,
        X = X,
        Y = Y,
        Z = Z,
        MissionType = type,
    };

    /// <summary>The item a message carries.</summary>
    public static PlanItem FromWire(in MissionItemInt message) => new(message.Command, message.Frame)
    {
        Param1 = message.Param1,
        Param2 = message.Param2,
        Param3 = message.Param3,
        Param4 = message.Param4,
        X = message.X,
        Y = message.Y,
        Z = message.Z,
        AutoContinue = message.Autocontinue != 0,
    };

    internal static PlanItem At(MavCmd command, MavFrame frame, GeoPoint position, double z) =>
        new(command, frame) { X = position.LatitudeE7, Y = position.LongitudeE7, Z = (float)z };
}
