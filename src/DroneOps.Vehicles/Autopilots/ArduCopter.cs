using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles.Autopilots;

/// <summary>ArduPilot on a multirotor or helicopter.</summary>
internal sealed class ArduCopter : Autopilot
{
    public static readonly ArduCopter Instance = new();

    private static readonly ModeTable Table = new(
        ((uint)CopterMode.Stabilize, "STABILIZE"), ((uint)CopterMode.Acro, "ACRO"), ((uint)CopterMode.AltHold, "ALT_HOLD"),
        ((uint)CopterMode.Auto, "AUTO"), ((uint)CopterMode.Guided, "GUIDED"), ((uint)CopterMode.Loiter, "LOITER"),
        ((uint)CopterMode.Rtl, "RTL"), ((uint)CopterMode.Circle, "CIRCLE"), ((uint)CopterMode.Land, "LAND"),
        ((uint)CopterMode.Drift, "DRIFT"), ((uint)CopterMode.Sport, "SPORT"), ((uint)CopterMode.Flip, "FLIP"),
        ((uint)CopterMode.Autotune, "AUTOTUNE"), ((uint)CopterMode.Poshold, "POSHOLD"), ((uint)CopterMode.Brake, "BRAKE"),
        ((uint)CopterMode.Throw, "THROW"), ((uint)CopterMode.AvoidAdsb, "AVOID_ADSB"),
        ((uint)CopterMode.GuidedNogps, "GUIDED_NOGPS"), ((uint)CopterMode.SmartRtl, "SMART_RTL"),
        ((uint)CopterMode.Flowhold, "FLOWHOLD"), ((uint)CopterMode.Follow, "FOLLOW"), ((uint)CopterMode.Zigzag, "ZIGZAG"),
        ((uint)CopterMode.Systemid, "SYSTEMID"), ((uint)CopterMode.Autorotate, "AUTOROTATE"),
        ((uint)CopterMode.AutoRtl, "AUTO_RTL"), ((uint)CopterMode.Turtle, "TURTLE"));

    public override bool HomeIsItemZero => true;

    public override bool IsArduPilot => true;

    protected override ModeTable Modes => Table;
}
