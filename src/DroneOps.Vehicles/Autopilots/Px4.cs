using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles.Protocols;

namespace DroneOps.Vehicles.Autopilots;

/// <summary>PX4. Its custom_mode carries a main mode in bits 16..23 and, for AUTO, a sub mode in bits 24..31.</summary>
internal sealed class Px4 : Autopilot
{
    public static readonly Px4 Instance = new();

    private const uint Auto = 4;
    private static readonly uint Takeoff = Number(Auto, 2);
    private static readonly uint Loiter = Number(Auto, 3);
    private static readonly uint Mission = Number(Auto, 4);
    private static readonly uint Return = Number(Auto, 5);
    private static readonly uint Land = Number(Auto, 6);

    private static readonly ModeTable Table = new(
        (Number(1), "MANUAL"), (Number(2), "ALTCTL"), (Number(3), "POSCTL"), (Number(5), "ACRO"), (Number(6), "OFFBOARD"),
        (Number(7), "STABILIZED"), (Number(8), "RATTITUDE"), (Number(10), "TERMINATION"), (Number(3, 1), "ORBIT"),
        (Number(Auto, 1), "AUTO.READY"), (Takeoff, "AUTO.TAKEOFF"), (Loiter, "AUTO.LOITER"),
        (Mission, "AUTO.MISSION"), (Return, "AUTO.RTL"), (Land, "AUTO.LAND"),
        (Number(Auto, 8), "AUTO.FOLLOW_TARGET"), (Number(Auto, 9), "AUTO.PRECLAND"), (Number(Auto, 10), "AUTO.VTOL_TAKEOFF"));

    public override bool TellsEstimator => true;

    protected override ModeTable Modes => Table;

    /// <summary>A PX4 goes where it is told in the mode in which it holds.</summary>
    public override ModeUse? UseOf(uint customMode) => customMode == Loiter ? ModeUse.Guided : ModeUse.Other;

    /// <summary>PX4 takes main and sub mode in parameters of their own.</summary>
    protected override CommandStep ModeStep(uint mode) =>
        Step(
            "set mode " + ModeName(mode),
            MavCmd.DoSetMode,
            p1: (float)MavModeFlag.CustomModeEnabled,
            p2: (mode >> 16) & 0xff,
            p3: mode >> 24) with
        { Effect = Effect.OfMode(mode) };

    /// <summary>PX4 wants the height above sea level, takes the command while disarmed and climbs once armed. A coordinate that is
    /// not a number means "here".</summary>
    protected override CommandPlan PlanTakeoff(VehicleCommand.Takeoff takeoff, VehicleState state)
    {
        if (state.Home is not { } home)
            return CommandPlan.Refuse(NotSentReason.WrongState, "home's height is not known");
        var amsl = (float)(home.Value.Amsl.Metres + takeoff.Height.Metres);
        return CommandPlan.Of(
            Step("take off", MavCmd.NavTakeoff, p4: float.NaN, p5: float.NaN, p6: float.NaN, p7: amsl) with
            {
                Effect = Effect.OfMode(Takeoff),
                NeedsEffect = true,
            },
            ArmStep);
    }

    protected override CommandPlan PlanLand(VehicleState state) => CommandPlan.Of(ModeStep(Land));

    protected override CommandPlan PlanReturn() => CommandPlan.Of(ModeStep(Return));

    protected override CommandPlan PlanHold() => CommandPlan.Of(ModeStep(Loiter));

    protected override CommandPlan PlanGoTo(VehicleCommand.GoTo command, VehicleState state)
    {
        if (CheckPlace(command.Target, command.Height) is { } refused)
            return refused;
        if (command.Height.Datum == AltitudeDatum.Amsl)
            return CommandPlan.Of(Reposition(command.Target, command.Height));
        // PX4 reads the height of DO_REPOSITION as above sea level, whatever the frame says.
        return state.Home is { } home
            ? CommandPlan.Of(Reposition(command.Target, Altitude.Amsl(home.Value.Amsl.Metres + command.Height.Metres)))
            : CommandPlan.Refuse(NotSentReason.WrongState, "home's height is not known");
    }

    protected override CommandPlan PlanStart(VehicleState state) => CommandPlan.Of(ModeFirst(Mission), ArmStep);

    protected override CommandPlan PlanPause() => PlanHold();

    protected override CommandPlan PlanContinue(VehicleState state) => CommandPlan.Of(ModeStep(Mission));

    private static uint Number(uint main, uint sub = 0) => (main << 16) | (sub << 24);
}
