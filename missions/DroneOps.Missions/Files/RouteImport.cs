using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Items;
using Altitude = DroneOps.Mavlink.Altitude;

namespace DroneOps.Missions.Files;

/// <summary>A route made of mission items that came from elsewhere.</summary>
/// <param name="Route">The route.</param>
/// <param name="Report">What was not taken over as it was.</param>
public sealed record ImportedRoute(Route Route, ImportReport Report);

/// <summary>Makes routes of mission items: the other direction of <see cref="MissionCompiler"/>. What was compiled by it comes back as it
/// was; commands a route cannot express are left out and reported.</summary>
public static class RouteImport
{
    /// <summary>Makes a route, or says why it cannot be. Codes: <c>import.noLegs</c>, <c>import.position</c> (a way point without a
    /// position), <c>import.frame</c> (a way point in a local frame), <c>import.height</c>.</summary>
    /// <param name="name">The route's name.</param>
    /// <param name="items">The mission without home.</param>
    public static Validated<ImportedRoute> FromItems(string name, IReadOnlyList<PlanItem> items) => new Import(name, items).Run();

    private sealed class Import(string name, IReadOnlyList<PlanItem> items)
    {
        private readonly List<RouteLeg> _legs = [];
        private readonly List<ImportNote> _notes = [];
        private readonly List<InputFault> _faults = [];
        private double? _takeoffM;
        private double? _cruiseMps;
        private double? _speedMps;
        private double? _pitchDeg;
        private bool _isRecording;
        private bool _isForbidden;
        private RouteEnd? _end;

        public Validated<ImportedRoute> Run()
        {
            for (var i = 0; i < items.Count && _faults.Count == 0; i++)
                Read(items[i], i);
            if (_faults.Count > 0)
                return new(_faults);
            if (_legs.Count == 0)
                return Validated<ImportedRoute>.Wrong("import.noLegs", "items", "The mission has no way point, circle or stay.");

            var route = new Route
            {
                Name = name,
                Legs = _legs,
                CruiseSpeedMps = _cruiseMps ?? 10,
                TakeoffHeightM = _takeoffM,
                End = _end ?? RouteEnd.Hold,
            };
            if (_end is null)
                Note(items.Count - 1, "import.noEnd", "The mission does not say how it ends: it ends by holding.");
            return new(new ImportedRoute(route, new(items.Count, _notes)));
        }

        private void Read(PlanItem item, int index)
        {
            if (_end is not null && item.Command is MavCmd.NavWaypoint or MavCmd.NavLoiterTurns or MavCmd.NavLoiterTime or MavCmd.NavTakeoff)
            {
                Note(index, "import.afterEnd", "What follows the landing or return is left out.");
                return;
            }

            switch (item.Command)
            {
                case MavCmd.NavTakeoff:
                    Takeoff(item, index);
                    break;
                case MavCmd.NavWaypoint or MavCmd.NavLoiterTime or MavCmd.NavSplineWaypoint:
                    if (item.Command == MavCmd.NavSplineWaypoint)
                        Note(index, "import.spline", "A spline way point becomes a straight one.");
                    Leg(item, index, Seconds(item.Param1));
                    break;
                case MavCmd.NavLoiterUnlim:
                    Leg(item, index, TimeSpan.Zero);
                    _end = RouteEnd.Hold;
                    break;
                case MavCmd.NavLoiterTurns:
                    Circle(item, index);
                    break;
                case MavCmd.NavDelay when _legs.Count > 0:
                    _legs[^1] = _legs[^1] with { Dwell = _legs[^1].Dwell + Seconds(item.Param1) };
                    break;
                case MavCmd.NavReturnToLaunch:
                    _end = RouteEnd.ReturnToLaunch;
                    break;
                case MavCmd.NavLand:
                    Land(item, index);
                    break;
                case MavCmd.DoChangeSpeed when item.Param2 > 0:
                    _cruiseMps ??= Exact(item.Param2);
                    _speedMps = Exact(item.Param2);
                    break;
                case MavCmd.VideoStartCapture or MavCmd.ImageStartCapture:
                    (_isRecording, _isForbidden) = (true, false);
                    break;
                case MavCmd.VideoStopCapture or MavCmd.ImageStopCapture:
                    (_isForbidden, _isRecording) = (!_isRecording, false);
                    break;
                case MavCmd.DoSetCamTriggDist:
                    _isRecording = item.Param1 > 0;
                    break;
                case MavCmd.DoMountControl or MavCmd.DoGimbalManagerPitchyaw when float.IsFinite(item.Param1):
                    _pitchDeg = Exact(item.Param1);
                    break;
                case MavCmd.DoSetRoiLocation or MavCmd.DoSetRoiNone:
                    break;
                default:
                    Note(index, "import.leftOut", $"Command {(int)item.Command} ({item.Command}) has no place in a route and is left out.");
                    break;
            }
        }

        private void Takeoff(PlanItem item, int index)
        {
            if (_legs.Count > 0 || _takeoffM is not null)
                Note(index, "import.leftOut", "A second take-off is left out.");
            else if (item.Altitude is { Datum: AltitudeDatum.Relative } altitude && float.IsFinite(item.Z))
                _takeoffM = Exact(altitude.Metres);
            else
                Note(index, "import.takeoff", "The take-off height is not above home: the first leg's height is used.");
        }

        private void Leg(PlanItem item, int index, TimeSpan dwell)
        {
            if (Place(item, index) is { } place)
                _legs.Add(Drawn(place, Height(item), dwell));
        }

        private void Land(PlanItem item, int index)
        {
            if ((item.X != 0 || item.Y != 0) && item.Position is { } place && (_legs.Count == 0 || Geodesic.DistanceM(_legs[^1].To, place) > 0.5))
            {
                if (_legs.Count == 0)
                {
                    _faults.Add(new("import.noLegs", $"items[{index}]", "The mission lands before it has flown anywhere."));
                    return;
                }

                _legs.Add(Drawn(place, _legs[^1].Altitude, TimeSpan.Zero));
            }

            _end = RouteEnd.Land;
        }

        private void Circle(PlanItem item, int index)
        {
            if (Place(item, index) is not { } centre)
                return;
            var radius = Math.Abs(Exact(item.Param3));
            if (!(radius >= 1))
            {
                Note(index, "import.radius", "A circle without a radius gets 10 m, ArduPilot's own default.");
                radius = 10;
            }

            var turns = item.Param1 is > 0 and <= 255 ? Exact(item.Param1) : 1;
            var orbit = new Orbit(centre, radius, turns, !float.IsNegative(item.Param3));
            var last = _legs.Count > 0 ? _legs[^1] : null;
            var isOnCircle = last is { Orbit: null } && Math.Abs(Geodesic.DistanceM(last.To, centre) - radius) <= Math.Max(1, 0.01 * radius);
            if (isOnCircle && last!.Altitude == Height(item) && last with { Dwell = TimeSpan.Zero } == Drawn(last.To, Height(item), TimeSpan.Zero))
            {
                _legs[^1] = last with { Orbit = orbit };
                return;
            }

            // Copter enters at the point of the circle nearest to where it comes from.
            var entry = isOnCircle ? last!.To : Geodesic.Direct(centre, last is null ? 0 : Geodesic.Inverse(centre, last.To).StartAzimuthDeg, radius);
            _legs.Add(Drawn(entry, Height(item), TimeSpan.Zero) with { Orbit = orbit });
        }

        private RouteLeg Drawn(GeoPoint to, Altitude altitude, TimeSpan dwell)
        {
            var duty = _isRecording ? CameraDuty.Scene : _isForbidden ? CameraDuty.NoRecord : CameraDuty.Transit;
            var usual = duty == CameraDuty.Scene ? -45 : 0;
            return new()
            {
                To = to,
                Altitude = altitude,
                Dwell = dwell,
                Camera = duty,
                SpeedMps = _speedMps == _cruiseMps ? null : _speedMps,
                CameraPitchDeg = _pitchDeg is { } pitch && pitch != usual ? pitch : null,
            };
        }

        private GeoPoint? Place(PlanItem item, int index)
        {
            if (!item.HasGlobalFrame)
                _faults.Add(new("import.frame", $"items[{index}]", $"A way point in the frame {item.Frame} has no place on the map."));
            else if (item.Position is not { IsValid: true } || (item.X == 0 && item.Y == 0))
                _faults.Add(new("import.position", $"items[{index}]", "A way point has no position."));
            else if (!float.IsFinite(item.Z))
                _faults.Add(new("import.height", $"items[{index}]", "A way point has no height."));
            else
                return item.Position;
            return null;
        }

        private static Altitude Height(PlanItem item) => item.Altitude!.Value with { Metres = Exact(item.Z) };

        private static TimeSpan Seconds(float seconds) => seconds is > 0 and <= 86_400 ? TimeSpan.FromSeconds(Exact(seconds)) : TimeSpan.Zero;

        // The shortest decimal that is the same single: 0.1f is 0.1 again.
        private static double Exact(double value) => float.IsFinite((float)value) ? (double)(decimal)(float)value : 0;

        private void Note(int index, string code, string message) => _notes.Add(new(code, $"items[{index}]", message));
    }
}
