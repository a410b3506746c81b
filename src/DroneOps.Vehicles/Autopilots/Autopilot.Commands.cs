using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles.Protocols;

namespace DroneOps.Vehicles.Autopilots;

/// <content>Commands, as the common message set has them; each make overrides where it differs.</content>
internal abstract partial class Autopilot
{
    private const float CustomModeFlag = (float)MavModeFlag.CustomModeEnabled;

    /// <summary>The steps of a command for this make, or why there are none.</summary>
    public CommandPlan Plan(VehicleCommand command, VehicleState state) => command switch
    {
        VehicleCommand.Arm => CommandPlan.Of(ArmStep with { OnlyIfMissing = false, NeedsEffect = false }),
        VehicleCommand.Disarm => CommandPlan.Of(Step("disarm", MavCmd.ComponentArmDisarm) with { Effect = new(EffectKind.Disarmed) }),
        VehicleCommand.Takeoff takeoff => CheckTakeoff(takeoff, state) ?? PlanTakeoff(takeoff, state),
        VehicleCommand.Land => PlanLand(state),
        VehicleCommand.ReturnToLaunch => PlanReturn(),
        VehicleCommand.Hold => PlanHold(),
        VehicleCommand.GoTo goTo => PlanGoTo(goTo, state),
        VehicleCommand.SetMode mode => PlanMode(mode),
        VehicleCommand.StartMission => CheckMission(state) ?? PlanStart(state),
        VehicleCommand.PauseMission => PlanPause(),
        VehicleCommand.ContinueMission => CheckMission(state) ?? PlanContinue(state),
        VehicleCommand.SetSpeed speed => PlanSpeed(speed),
        VehicleCommand.Orbit orbit => PlanOrbit(orbit),
        VehicleCommand.PointCameraAt target => PlanTarget(target),
        VehicleCommand.PointCamera aim => PlanAim(aim),
        VehicleCommand.ReleaseCamera => CommandPlan.Of(Step("release the camera", MavCmd.DoSetRoiNone)),
        VehicleCommand.SetRelay relay => CommandPlan.Of(Step("switch a relay", MavCmd.DoSetRelay, p1: relay.Relay, p2: relay.On ? 1 : 0)),
        VehicleCommand.SetServo servo => CommandPlan.Of(Step("set a servo", MavCmd.DoSetServo, p1: servo.Servo, p2: servo.PulseUs)),
        VehicleCommand.SetHome home => PlanHome(home),
        VehicleCommand.EnableFence fence => PlanFence(fence.Enable),
        VehicleCommand.Reboot => state.Armed || state.InAir == true
            ? CommandPlan.Refuse(NotSentReason.WrongState, "the vehicle is armed or in the air")
            : CommandPlan.Of(Step("reboot", MavCmd.PreflightRebootShutdown, p1: 1)),
        VehicleCommand.RequestMessage request => CommandPlan.Of(Step("request a message", MavCmd.RequestMessage, p1: request.MessageId)),
        VehicleCommand.SetMessageInterval interval => PlanInterval(interval),
        _ => CommandPlan.Refuse(NotSentReason.NotSupported, "unknown command"),
    };

    /// <summary>Arms, unless armed, and waits until the heartbeat shows it: on a mission start the acknowledgement says nothing.</summary>
    protected static CommandStep ArmStep { get; } = Step("arm", MavCmd.ComponentArmDisarm, p1: 1) with
    {
        Effect = new(EffectKind.Armed),
        NeedsEffect = true,
        OnlyIfMissing = true,
    };

    /// <summary>One COMMAND_LONG.</summary>
    protected static CommandStep Step(
        string name, MavCmd command, float p1 = 0, float p2 = 0, float p3 = 0, float p4 = 0, float p5 = 0, float p6 = 0, float p7 = 0) =>
        new(name)
        {
            Long = new()
            {
                Command = command,
                Param1 = p1,
                Param2 = p2,
                Param3 = p3,
                Param4 = p4,
                Param5 = p5,
                Param6 = p6,
                Param7 = p7,
            },
        };

    /// <summary>One COMMAND_INT. Coordinates that are not known go out as INT32_MAX: a zero would be a place.</summary>
    protected static CommandStep StepAt(
        string name, MavCmd command, GeoPoint where, in Altitude height, float p1 = 0, float p2 = 0, float p3 = 0, float p4 = 0) =>
        new(name)
        {
            Int = new CommandInt
            {
                Command = command,
                Frame = height.Datum == AltitudeDatum.Amsl ? MavFrame.Global : MavFrame.GlobalRelativeAlt,
                Param1 = p1,
                Param2 = p2,
                Param3 = p3,
                Param4 = p4,
                X = double.IsNaN(where.LatitudeDeg) ? int.MaxValue : where.LatitudeE7,
                Y = double.IsNaN(where.LongitudeDeg) ? int.MaxValue : where.LongitudeE7,
                Z = (float)height.Metres,
            },
        };

    /// <summary>Changes the mode by its number.</summary>
    protected virtual CommandStep ModeStep(uint mode) =>
        Step("set mode " + ModeName(mode), MavCmd.DoSetMode, p1: CustomModeFlag, p2: mode) with { Effect = Effect.OfMode(mode) };

    /// <summary>Changes the mode unless it is the mode already, and waits until the heartbeat shows it.</summary>
    protected CommandStep ModeFirst(uint mode) => ModeStep(mode) with { NeedsEffect = true, OnlyIfMissing = true };

    /// <summary>An ArduPilot keeps its place in the mission over an upload: a mission started in the air would begin in its middle.</summary>
    protected static CommandStep? FirstItemFirst(VehicleState state) => state.Mission is { Value.PlanIndex: > 0 } mission
        ? Step("go to the first item", MavCmd.DoSetMissionCurrent, p1: mission.Value.Sequence - mission.Value.PlanIndex)
        : null;

    protected virtual CommandPlan PlanTakeoff(VehicleCommand.Takeoff takeoff, VehicleState state) =>
        CommandPlan.Of(ArmStep, Step("take off", MavCmd.NavTakeoff, p7: (float)takeoff.Height.Metres));

    protected virtual CommandPlan PlanLand(VehicleState state) => CommandPlan.Of(Step("land", MavCmd.NavLand));

    protected virtual CommandPlan PlanReturn() => CommandPlan.Of(Step("return", MavCmd.NavReturnToLaunch));

    protected virtual CommandPlan PlanHold() => CommandPlan.Of(Step("hold", MavCmd.NavLoiterUnlim));

    protected virtual CommandPlan PlanGoTo(VehicleCommand.GoTo command, VehicleState state) =>
        CheckPlace(command.Target, command.Height) ?? CommandPlan.Of(Reposition(command.Target, command.Height));

    protected virtual CommandPlan PlanStart(VehicleState state) =>
        CommandPlan.Of(ArmStep, Step("start the mission", MavCmd.MissionStart));

    protected virtual CommandPlan PlanPause() => CommandPlan.Of(Step("pause", MavCmd.DoPauseContinue));

    protected virtual CommandPlan PlanContinue(VehicleState state) =>
        CommandPlan.Of(Step("continue", MavCmd.DoPauseContinue, p1: 1));

    protected virtual CommandPlan PlanFence(bool enable) => CommandPlan.Of(
        Step(enable ? "enable the fence" : "disable the fence", MavCmd.DoFenceEnable, p1: enable ? 1 : 0) with
        {
            Effect = new(enable ? EffectKind.FenceOn : EffectKind.FenceOff),
            NeedsEffect = true,
            RefusalMayPass = enable,
        });

    protected static CommandPlan? CheckPlace(GeoPoint place, in Altitude height)
    {
        if (!place.IsValid || !double.IsFinite(height.Metres))
            return CommandPlan.Refuse(NotSentReason.BadValue, "the place or the height is not a number in range");
        return height.Datum is AltitudeDatum.Amsl or AltitudeDatum.Relative
            ? null
            : CommandPlan.Refuse(NotSentReason.BadValue, "the height has to be above home or above sea level");
    }

    /// <summary>DO_REPOSITION: only as COMMAND_INT, and with the flag that changes the mode (ArduPilot denies it otherwise).</summary>
    protected static CommandStep Reposition(GeoPoint target, in Altitude height) =>
        StepAt("go to", MavCmd.DoReposition, target, height, p1: -1, p2: (float)MavDoRepositionFlags.ChangeMode, p4: float.NaN);

    private CommandPlan PlanMode(VehicleCommand.SetMode command)
    {
        if (Modes is not { } modes)
            return CommandPlan.Refuse(NotSentReason.NotSupported, "the modes of this autopilot are not known");
        return modes.TryFind(command.Mode, out var number)
            ? CommandPlan.Of(ModeStep(number))
            : CommandPlan.Refuse(NotSentReason.BadValue, $"this autopilot has no mode {command.Mode}");
    }

    private static CommandPlan? CheckTakeoff(VehicleCommand.Takeoff command, VehicleState state)
    {
        if (command.Height.Datum != AltitudeDatum.Relative || command.Height.Metres is not > 0)
            return CommandPlan.Refuse(NotSentReason.BadValue, "the height has to be above home, and above 0");
        return state.InAir == true
            ? CommandPlan.Refuse(NotSentReason.WrongState, "the vehicle is in the air already")
            : null;
    }

    /// <summary>An autopilot accepts AUTO during a breach and during a battery failsafe and flies on; whoever means that has to set the mode.</summary>
    private static CommandPlan? CheckMission(VehicleState state)
    {
        if (state.Fence is { Value.IsBreached: true })
            return CommandPlan.Refuse(NotSentReason.WrongState, "the vehicle is outside its fence");
        return state.Battery is { Value.Level: >= BatteryLevel.Low }
            ? CommandPlan.Refuse(NotSentReason.WrongState, "the battery is low")
            : null;
    }

    private static CommandPlan PlanSpeed(VehicleCommand.SetSpeed command) => command.MetresPerSecond is > 0 and < 200
        ? CommandPlan.Of(Step("change speed", MavCmd.DoChangeSpeed, p1: (float)SpeedType.Groundspeed, p2: (float)command.MetresPerSecond, p3: -1))
        : CommandPlan.Refuse(NotSentReason.BadValue, "the speed has to be above 0");

    private static CommandPlan PlanOrbit(VehicleCommand.Orbit command) =>
        CheckPlace(command.Centre ?? default, command.Height)
        ?? (double.IsFinite(command.RadiusM) && command.RadiusM != 0
            ? CommandPlan.Of(StepAt(
                "orbit",
                MavCmd.DoOrbit,
                command.Centre ?? new(double.NaN, double.NaN),
                command.Height,
                p1: (float)command.RadiusM,
                p2: command.MetresPerSecond is { } speed ? (float)speed : float.NaN,
                p3: (float)OrbitYawBehaviour.HoldFrontToCircleCenter,
                p4: float.NaN))
            : CommandPlan.Refuse(NotSentReason.BadValue, "the radius must not be 0"));

    private static CommandPlan PlanTarget(VehicleCommand.PointCameraAt command) =>
        CheckPlace(command.Target, command.Height)
        ?? CommandPlan.Of(StepAt("point the camera", MavCmd.DoSetRoiLocation, command.Target, command.Height));

    private static CommandPlan PlanAim(VehicleCommand.PointCamera command) =>
        command.PitchDeg is >= -180 and <= 180 && command.YawDeg is >= -360 and <= 360
            ? CommandPlan.Of(Step(
                "point the camera",
                MavCmd.DoGimbalManagerPitchyaw,
                p1: (float)command.PitchDeg,
                p2: (float)command.YawDeg,
                p3: float.NaN,
                p4: float.NaN))
            : CommandPlan.Refuse(NotSentReason.BadValue, "the angles are out of range");

    private static CommandPlan PlanHome(VehicleCommand.SetHome command) => command.Amsl.Datum != AltitudeDatum.Amsl
        ? CommandPlan.Refuse(NotSentReason.BadValue, "home's height has to be above sea level")
        : CheckPlace(command.Home, command.Amsl) ?? CommandPlan.Of(StepAt("set home", MavCmd.DoSetHome, command.Home, command.Amsl));

    private static CommandPlan PlanInterval(VehicleCommand.SetMessageInterval command)
    {
        if (command.RateHz is not (>= 0 and <= 1000))
            return CommandPlan.Refuse(NotSentReason.BadValue, "the rate has to be 0 to 1000 per second");
        var intervalUs = command.RateHz == 0 ? -1 : 1e6 / command.RateHz;
        return CommandPlan.Of(Step("set a message interval", MavCmd.SetMessageInterval, p1: command.MessageId, p2: (float)intervalUs));
    }
}
