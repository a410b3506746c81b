using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles.Autopilots;

/// <summary>ArduPilot on a plane or a VTOL plane.</summary>
internal sealed class ArduPlane : Autopilot
{
    public static readonly ArduPlane Instance = new();

    private static readonly ModeTable Table = new(
        ((uint)PlaneMode.Manual, "MANUAL"), ((uint)PlaneMode.Circle, "CIRCLE"), ((uint)PlaneMode.Stabilize, "STABILIZE"),
        ((uint)PlaneMode.Training, "TRAINING"), ((uint)PlaneMode.Acro, "ACRO"), ((uint)PlaneMode.FlyByWireA, "FBWA"),
        ((uint)PlaneMode.FlyByWireB, "FBWB"), ((uint)PlaneMode.Cruise, "CRUISE"), ((uint)PlaneMode.Autotune, "AUTOTUNE"),
        ((uint)PlaneMode.Auto, "AUTO"), ((uint)PlaneMode.Rtl, "RTL"), ((uint)PlaneMode.Loiter, "LOITER"),
        ((uint)PlaneMode.Takeoff, "TAKEOFF"), ((uint)PlaneMode.AvoidAdsb, "AVOID_ADSB"), ((uint)PlaneMode.Guided, "GUIDED"),
        ((uint)PlaneMode.Initializing, "INITIALISING"), ((uint)PlaneMode.Qstabilize, "QSTABILIZE"),
        ((uint)PlaneMode.Qhover, "QHOVER"), ((uint)PlaneMode.Qloiter, "QLOITER"), ((uint)PlaneMode.Qland, "QLAND"),
        ((uint)PlaneMode.Qrtl, "QRTL"), ((uint)PlaneMode.Qautotune, "QAUTOTUNE"), ((uint)PlaneMode.Qacro, "QACRO"),
        ((uint)PlaneMode.Thermal, "THERMAL"), ((uint)PlaneMode.LoiterAltQland, "LOITER_ALT_QLAND"),
        ((uint)PlaneMode.Autoland, "AUTOLAND"));

    public override bool HomeIsItemZero => true;

    public override bool IsArduPilot => true;

    protected override ModeTable Modes => Table;
}
