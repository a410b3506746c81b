using System.Globalization;
using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles.Autopilots;

/// <summary>How one make of autopilot names its modes and wants its commands. Stateless and shared.</summary>
internal abstract partial class Autopilot
{
    /// <summary>Item 0 of a mission is home (all ArduPilots).</summary>
    public virtual bool HomeIsItemZero => false;

    /// <summary>An estimator status can be expected.</summary>
    public virtual bool TellsEstimator => IsArduPilot;

    /// <summary>EKF_STATUS_REPORT bit 0x400 means "not started", and TIMESYNC counts from boot.</summary>
    public virtual bool IsArduPilot => false;

    /// <summary>Whether a message makes sense to ask for.</summary>
    public virtual bool Streams(uint messageId) =>
        IsArduPilot ? messageId is not (EstimatorStatus.MsgId or WindCov.MsgId) : messageId is not (EkfStatusReport.MsgId or Wind.MsgId);

    /// <summary>The autopilot that a heartbeat speaks of.</summary>
    public static Autopilot Of(MavAutopilot autopilot, MavType type) => autopilot switch
    {
        MavAutopilot.Ardupilotmega when IsMultirotor(type) => ArduCopter.Instance,
        MavAutopilot.Ardupilotmega when IsPlane(type) => ArduPlane.Instance,
        MavAutopilot.Ardupilotmega => Generic.ArduPilot,
        MavAutopilot.Px4 => Px4.Instance,
        _ => Generic.Instance,
    };

    /// <summary>The mode's name; a number the table does not have becomes "MODE n".</summary>
    public virtual string ModeName(uint customMode) =>
        Modes?.NameOf(customMode) ?? "MODE " + customMode.ToString(CultureInfo.InvariantCulture);

    /// <summary>What a mode is to whoever tells the vehicle where to be; null where that is not known.</summary>
    public virtual ModeUse? UseOf(uint customMode) => null;

    /// <summary>The names a person can choose from; empty where none are known.</summary>
    public IReadOnlyList<string> ModeNames => Modes?.Names ?? [];

    /// <summary>The named modes; null where no mode has a known name.</summary>
    protected abstract ModeTable? Modes { get; }

    private static bool IsMultirotor(MavType type) => type is MavType.Quadrotor or MavType.Coaxial or MavType.Helicopter
        or MavType.Hexarotor or MavType.Octorotor or MavType.Tricopter or MavType.Dodecarotor or MavType.Decarotor
        or MavType.GenericMultirotor;

    private static bool IsPlane(MavType type) =>
        type is MavType.FixedWing or (>= MavType.VtolTailsitterDuorotor and <= MavType.VtolReserved5);
}
