using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles.Protocols;

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

    public override ModeUse? UseOf(uint customMode) => (CopterMode)customMode switch
    {
        CopterMode.Guided => ModeUse.Guided,
        CopterMode.Brake => ModeUse.Held,
        _ => ModeUse.Other,
    };

    /// <summary>NAV_TAKEOFF fails without a word unless the vehicle is in GUIDED and armed.</summary>
    protected override CommandPlan PlanTakeoff(VehicleCommand.Takeoff takeoff, VehicleState state) => CommandPlan.Of(
        ModeFirst((uint)CopterMode.Guided), ArmStep, Step("take off", MavCmd.NavTakeoff, p7: (float)takeoff.Height.Metres));

    protected override CommandPlan PlanLand(VehicleState state) =>
        CommandPlan.Of(Step("land", MavCmd.NavLand) with { Effect = Effect.OfMode((uint)CopterMode.Land) });

    protected override CommandPlan PlanReturn() =>
        CommandPlan.Of(Step("return", MavCmd.NavReturnToLaunch) with { Effect = Effect.OfMode((uint)CopterMode.Rtl) });

    /// <summary>BRAKE, or where that is refused GUIDED, which hovers. Never LOITER: without a transmitter its throttle stick is at the
    /// bottom, and it sinks and lands.</summary>
    protected override CommandPlan PlanHold() =>
        CommandPlan.Of(ModeStep((uint)CopterMode.Brake) with { Otherwise = ModeStep((uint)CopterMode.Guided) });

    /// <summary>MISSION_START is accepted while disarmed and then starts nothing; AUTO cannot be armed in by default. So: armed in GUIDED
    /// first, seen in the heartbeat, and only then started. It takes off by itself.</summary>
    protected override CommandPlan PlanStart(VehicleState state)
    {
        var start = Step("start the mission", MavCmd.MissionStart) with { Effect = Effect.OfMode((uint)CopterMode.Auto), NeedsEffect = true };
        return state.Armed && !state.MotorTest
            ? CommandPlan.Of(FirstItemFirst(state), start)
            : CommandPlan.Of(ModeFirst((uint)CopterMode.Guided), FirstItemFirst(state), ArmStep, start);
    }

    /// <summary>In AUTO the pause ends; after a hold or a diversion, AUTO goes on where the mission was left.</summary>
    protected override CommandPlan PlanContinue(VehicleState state)
    {
        if (state.CustomMode == (uint)CopterMode.Auto)
            return base.PlanContinue(state);
        return state.Armed && state.InAir != false
            ? CommandPlan.Of(ModeStep((uint)CopterMode.Auto))
            : CommandPlan.Refuse(NotSentReason.WrongState, "the vehicle is not in the air: start the mission instead");
    }
}
