using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles.Protocols;

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

    public override ModeUse? UseOf(uint customMode) => (PlaneMode)customMode switch
    {
        PlaneMode.Guided => ModeUse.Guided,
        PlaneMode.Loiter => ModeUse.Held,
        _ => ModeUse.Other,
    };

    /// <summary>A VTOL takes off as a copter does; a plane arms in TAKEOFF and climbs to TKOFF_ALT, whatever the height asked for.</summary>
    protected override CommandPlan PlanTakeoff(VehicleCommand.Takeoff takeoff, VehicleState state) => IsVtol(state)
        ? CommandPlan.Of(ModeFirst((uint)PlaneMode.Guided), ArmStep, Step("take off", MavCmd.NavTakeoff, p7: (float)takeoff.Height.Metres))
        : CommandPlan.Of(ModeFirst((uint)PlaneMode.Takeoff), ArmStep);

    /// <summary>A VTOL lands where it is; a plane needs an approach: AUTOLAND, or on older firmware the landing of its mission.</summary>
    protected override CommandPlan PlanLand(VehicleState state) => IsVtol(state)
        ? CommandPlan.Of(ModeStep((uint)PlaneMode.Qland))
        : CommandPlan.Of(ModeStep((uint)PlaneMode.Autoland) with { Otherwise = Step("land", MavCmd.DoLandStart) });

    protected override CommandPlan PlanReturn() =>
        CommandPlan.Of(Step("return", MavCmd.NavReturnToLaunch) with { Effect = Effect.OfMode((uint)PlaneMode.Rtl) });

    /// <summary>A plane holds by circling.</summary>
    protected override CommandPlan PlanHold() => CommandPlan.Of(ModeStep((uint)PlaneMode.Loiter));

    protected override CommandPlan PlanStart(VehicleState state) => CommandPlan.Of(
        FirstItemFirst(state), ArmStep, Step("start the mission", MavCmd.MissionStart) with { Effect = Effect.OfMode((uint)PlaneMode.Auto), NeedsEffect = true });

    /// <summary>Planes do not know DO_PAUSE_CONTINUE: a pause is a hold, and AUTO goes on.</summary>
    protected override CommandPlan PlanPause() => PlanHold();

    protected override CommandPlan PlanContinue(VehicleState state) => CommandPlan.Of(ModeStep((uint)PlaneMode.Auto));

    private static bool IsVtol(VehicleState state) =>
        state.Identity?.Type is >= MavType.VtolTailsitterDuorotor and <= MavType.VtolReserved5;
}
