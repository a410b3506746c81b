using System.Text.Json.Serialization;

namespace DroneOps.Simulator.Faults;

/// <summary>What can go wrong by plan.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FaultKind>))]
internal enum FaultKind
{
    /// <summary>A share of datagrams vanishes, both ways: <see cref="TimedFault.Value"/> 0..1.</summary>
    Loss,

    /// <summary>Datagrams take longer, both ways: seconds.</summary>
    Delay,

    /// <summary>A share arrives twice, both ways: 0..1.</summary>
    Duplicate,

    /// <summary>A share is overtaken, both ways: 0..1.</summary>
    Reorder,

    /// <summary>Nothing passes either way.</summary>
    Silence,

    /// <summary>Nothing reaches the vehicle, its own frames pass.</summary>
    UplinkSilence,

    /// <summary>The autopilot restarts; in the air it falls.</summary>
    Reboot,

    /// <summary>A watchdog reset: clock, sequence numbers and streams restart, the flight goes on.</summary>
    Watchdog,

    /// <summary>The pack is down to a charge: 0..1.</summary>
    LowBattery,

    /// <summary>The satellite receiver is gone.</summary>
    GpsLoss,

    /// <summary>The reported position jumps north: metres.</summary>
    GpsJump,

    /// <summary>Thrust drops to a share: 0..1.</summary>
    EngineFailure,

    /// <summary>The mean wind changes: m/s.</summary>
    Wind,

    /// <summary>The camera's picture stands still while its stream goes on.</summary>
    CameraFreeze,

    /// <summary>The camera's picture is black.</summary>
    CameraBlack,

    /// <summary>A share of the video's datagrams vanishes: 0..1.</summary>
    CameraLoss,

    /// <summary>The camera sends nothing, and connects anew afterwards.</summary>
    CameraSilence,

    /// <summary>The camera changes to so many rows: an even number, 180..1080.</summary>
    CameraResolution,

    /// <summary>A stranger sends another stream to the port of the camera's.</summary>
    CameraSecondSender,

    /// <summary>A parameter changes: <see cref="TimedFault.Parameter"/> and value.</summary>
    Parameter,
}

/// <summary>One fault of a scenario.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="AtSeconds">When it begins, vehicle seconds since the start of the simulation.</param>
/// <param name="ForSeconds">How long it lasts; 0 for ever. Reboot, Watchdog and LowBattery happen once.</param>
/// <param name="Vehicle">Which vehicle, counted from 1; 0 for all.</param>
/// <param name="Value">How much, by kind.</param>
/// <param name="Parameter">The parameter's name, for <see cref="FaultKind.Parameter"/>.</param>
internal sealed record TimedFault(
    FaultKind Kind, double AtSeconds, double ForSeconds = 0, int Vehicle = 0, double Value = 0, string Parameter = "");
