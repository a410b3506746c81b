using System.Globalization;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Missions.Flight;
using DroneOps.Missions.Geodesy;
using Altitude = DroneOps.Mavlink.Altitude;

namespace DroneOps.Missions.Items;

/// <summary>Whose mission items are wanted. The two autopilots read some of them differently.</summary>
public enum MissionDialect
{
    /// <summary>ArduPilot Copter: parameters that are not used are 0, whole circles are NAV_LOITER_TURNS.</summary>
    ArduPilotCopter,

    /// <summary>PX4 multicopter: yaw left to it is not a number, circles are flown as waypoints.</summary>
    Px4,
}

/// <summary>How the gimbal is told where to point.</summary>
public enum GimbalCommand
{
    /// <summary>DO_MOUNT_CONTROL: understood by both autopilots.</summary>
    MountControl,

    /// <summary>DO_GIMBAL_MANAGER_PITCHYAW: gimbal protocol 2.</summary>
    GimbalManager,

    /// <summary>Nothing: the aircraft has no gimbal.</summary>
    None,
}

/// <summary>What a route is compiled for.</summary>
public sealed record CompileSettings
{
    /// <summary>Launch point and ground; heights above ground or ellipsoid become heights above home with it.</summary>
    public required HeightFrame Heights { get; init; }

    /// <summary>The autopilot.</summary>
    public MissionDialect Dialect { get; init; }

    /// <summary>How the gimbal is told where to point.</summary>
    public GimbalCommand Gimbal { get; init; }

    /// <summary>Whether video recording is started and stopped by the mission.</summary>
    public bool RecordVideo { get; init; } = true;

    /// <summary>Whether heights above ground are left to the autopilot's terrain following (frame 10). Copter then refuses to arm until
    /// a ground station serves it terrain; PX4 does not know the frame.</summary>
    public bool TerrainFrames { get; init; }
}

/// <summary>A route as mission items.</summary>
/// <param name="Items">The items in order, WITHOUT home: for ArduPilot, whose item 0 is home, the uploader puts home in front and item
/// <c>i</c> gets the number <c>i + 1</c>; for PX4 it gets the number <c>i</c>.</param>
/// <param name="LegOfItem">For each item the route's leg it belongs to, or -1 for the take-off and the ending; so progress by item
/// becomes progress by leg.</param>
public sealed record CompiledMission(IReadOnlyList<PlanItem> Items, IReadOnlyList<int> LegOfItem);

/// <summary>Compiles routes to mission items. Pure. Check the route first (<see cref="Checks.RouteCheck"/>): compiling does not
/// judge it.</summary>
public static class MissionCompiler
{
    /// <summary>The most items either autopilot can number.</summary>
    public const int MaxItems = 65_534;

    /// <summary>Compiles a route, or says why it cannot be. Codes: <c>mission.noLegs</c>, <c>mission.position</c>,
    /// <c>mission.height</c> (a datum that cannot be converted), <c>mission.tooManyItems</c>.</summary>
    public static Validated<CompiledMission> Compile(Route route, CompileSettings settings)
    {
        if (route.Legs.Count == 0)
            return Validated<CompiledMission>.Wrong("mission.noLegs", "legs", "The route has no legs.");

        var faults = new List<InputFault>();
        for (var i = 0; i < route.Legs.Count; i++)
        {
            var leg = route.Legs[i];
            if (!leg.To.IsValid || leg.Orbit is { Centre.IsValid: false } || leg.LookAt is { IsValid: false })
                faults.Add(new("mission.position", $"legs[{i}]", "The position is not on the earth."));
            else if (settings.Heights.AboveHomeM(leg.Altitude, leg.To) is null)
                faults.Add(new("mission.height", $"legs[{i}].altitude", string.Create(CultureInfo.InvariantCulture, $"The height {leg.Altitude.Metres} m {leg.Altitude.Datum} cannot be converted to a height above home.")));
        }

        if (faults.Count > 0)
            return new(faults);
        var mission = new Compilation(route, settings).Run();
        return mission.Items.Count <= MaxItems
            ? new(mission)
            : Validated<CompiledMission>.Wrong("mission.tooManyItems", "legs", $"The route needs {mission.Items.Count} items; at most {MaxItems} can be numbered.");
    }

    private sealed class Compilation(Route route, CompileSettings settings)
    {
        // Copter keeps the radius in a byte; above 255 m it keeps tens of metres only.
        private const double LargestLoiterM = 255;
        private const double ArcStepTurns = 1.0 / 24;

        private readonly List<PlanItem> _items = [];
        private readonly List<int> _legs = [];
        private readonly LocalPlane _plane = new(settings.Heights.Home.Position);
        private double _speedMps = double.NaN;
        private double _pitchDeg = double.NaN;
        private bool _isRecording;
        private bool _isLookingAtPlace;
        private int _leg = -1;

        private bool IsPx4 => settings.Dialect == MissionDialect.Px4;

        private float Unset => IsPx4 ? float.NaN : 0;

        public CompiledMission Run()
        {
            // Said before the climb and not at its end: until then a camera looks where the flight before left it.
            Point(route.Legs[0] is { Camera: not CameraDuty.Scene, CameraPitchDeg: { } pitchDeg } ? pitchDeg : 0);
            Takeoff();
            for (_leg = 0; _leg < route.Legs.Count; _leg++)
                Leg(route.Legs[_leg]);
            _leg = -1;
            Ending(route.Legs[^1]);
            return new(_items, _legs);
        }

        private void Takeoff()
        {
            var first = route.Legs[0];
            var height = route.TakeoffHeightM ?? settings.Heights.AboveHomeM(first.Altitude, first.To)!.Value;
            Add(PlanItem.At(MavCmd.NavTakeoff, MavFrame.GlobalRelativeAlt, settings.Heights.Home.Position, height) with { Param4 = Unset });
        }

        private void Leg(RouteLeg leg)
        {
            Speed(leg.SpeedMps ?? route.CruiseSpeedMps);
            Camera(leg);
            if (!StandsThere(leg))
                Waypoint(leg.To, leg, leg.Dwell.TotalSeconds);
            if (leg.Orbit is { } orbit)
                Circle(leg, orbit);
        }

        // A circle as a leg of its own begins where the leg before it ended.
        private bool StandsThere(RouteLeg leg) => _leg > 0 && leg.Orbit is not null && leg.Dwell == TimeSpan.Zero
            && route.Legs[_leg - 1] is { Orbit: null } before && before.To == leg.To && before.Altitude == leg.Altitude;

        private void Speed(double metresPerSecond)
        {
            if (metresPerSecond.Equals(_speedMps))
                return;
            _speedMps = metresPerSecond;

            // 1: ground speed; -1: leave the throttle.
            Add(new(MavCmd.DoChangeSpeed, MavFrame.Mission) { Param1 = 1, Param2 = (float)metresPerSecond, Param3 = -1 });
        }

        private void Camera(RouteLeg leg)
        {
            var records = leg.Camera == CameraDuty.Scene;
            if (_isRecording && !records)
                Record(false);

            // A leg that must not record says so even when nothing was started: someone may have done so by hand.
            else if (leg.Camera == CameraDuty.NoRecord && (_leg == 0 || route.Legs[_leg - 1].Camera != CameraDuty.NoRecord))
                Record(false);
            if (records && leg is { LookAt: { } place, Orbit: null } && settings.Gimbal != GimbalCommand.None)
                LookAt(place);
            else
                Point(leg.CameraPitchDeg ?? (records ? -45 : 0));
            if (!_isRecording && records)
                Record(true);
        }

        private void Record(bool on)
        {
            _isRecording = on;
            if (settings.RecordVideo)
                Add(new(on ? MavCmd.VideoStartCapture : MavCmd.VideoStopCapture, MavFrame.Mission));
        }

        private void Point(double pitchDeg)
        {
            if (_isLookingAtPlace)
                Add(new(MavCmd.DoSetRoiNone, MavFrame.Mission));
            if (pitchDeg.Equals(_pitchDeg) && !_isLookingAtPlace)
                return;
            _isLookingAtPlace = false;
            _pitchDeg = pitchDeg;
            if (settings.Gimbal == GimbalCommand.MountControl)
                Add(new(MavCmd.DoMountControl, MavFrame.Mission) { Param1 = (float)pitchDeg, Z = (float)MavMountMode.MavlinkTargeting });
            else if (settings.Gimbal == GimbalCommand.GimbalManager)
                Add(new(MavCmd.DoGimbalManagerPitchyaw, MavFrame.Mission) { Param1 = (float)pitchDeg, Param3 = Unset, Param4 = Unset });
        }

        private void LookAt(GeoPoint place)
        {
            Add(PlanItem.At(MavCmd.DoSetRoiLocation, MavFrame.GlobalRelativeAlt, place, settings.Heights.GroundM(place)));
            _isLookingAtPlace = true;
        }

        private void Circle(RouteLeg leg, Orbit orbit)
        {
            if (leg.Camera == CameraDuty.Scene && settings.Gimbal != GimbalCommand.None)
                LookAt(orbit.Centre);

            var geometry = OrbitGeometry.Of(_plane, leg, orbit);
            var whole = IsPx4 || orbit.RadiusM > LargestLoiterM ? 0 : Math.Min(255, Math.Floor(orbit.Turns));
            if (whole > 0)
            {
                var (frame, z) = Height(leg.Altitude, leg.To);
                Add(PlanItem.At(MavCmd.NavLoiterTurns, frame, orbit.Centre, z) with
                {
                    Param1 = (float)whole,
                    Param3 = (float)(orbit.Clockwise ? orbit.RadiusM : -orbit.RadiusM),
                });
            }

            var rest = orbit.Turns - whole;
            var steps = (int)Math.Ceiling((rest / ArcStepTurns) - 1e-9);
            for (var i = 1; i <= steps; i++)
                Waypoint(_plane.ToGeo(geometry.At(whole + (rest * i / steps))), leg, 0);
        }

        private void Waypoint(GeoPoint position, RouteLeg leg, double holdSeconds)
        {
            var (frame, z) = Height(leg.Altitude, position);
            Add(PlanItem.At(MavCmd.NavWaypoint, frame, position, z) with
            {
                Param1 = (float)(IsPx4 ? holdSeconds : Math.Ceiling(holdSeconds)),
                Param4 = Unset,
            });
        }

        private void Ending(RouteLeg last)
        {
            if (_isRecording)
                Record(false);
            if (_isLookingAtPlace)
                Point(0);
            var at = last.Orbit is { } orbit ? _plane.ToGeo(OrbitGeometry.Of(_plane, last, orbit).Exit) : last.To;
            switch (route.End)
            {
                case RouteEnd.ReturnToLaunch:
                    Add(new(MavCmd.NavReturnToLaunch, MavFrame.Mission));
                    break;
                case RouteEnd.Land:
                    Add(PlanItem.At(MavCmd.NavLand, MavFrame.GlobalRelativeAlt, at, 0) with { Param4 = Unset });
                    break;
                default:
                    var (frame, z) = Height(last.Altitude, at);
                    Add(PlanItem.At(MavCmd.NavLoiterUnlim, frame, at, z) with { Param4 = Unset });
                    break;
            }
        }

        private (MavFrame Frame, double Z) Height(Altitude altitude, GeoPoint at) => altitude.Datum switch
        {
            AltitudeDatum.Amsl => (MavFrame.Global, altitude.Metres),
            AltitudeDatum.Agl when settings.TerrainFrames => (MavFrame.GlobalTerrainAlt, altitude.Metres),
            _ => (MavFrame.GlobalRelativeAlt, settings.Heights.AboveHomeM(altitude, at)!.Value),
        };

        private void Add(PlanItem item)
        {
            _items.Add(item);
            _legs.Add(_leg);
        }
    }
}
