using System.Globalization;
using System.Text.Json.Serialization;
using DroneOps.Mavlink;
using DroneOps.Server.Api;
using DroneOps.Vehicles;

namespace DroneOps.Server.Fleet;

/// <summary>A command as the API takes it: its name and the values that belong to it, no others. Degrees WGS-84, metres above home, metres
/// per second; what launches a vehicle takes why and by whose leave. The camera's pitch is up positive, its yaw clockwise from the nose.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CommandRequest(
    string? Command, double? Lon, double? Lat, double? AltitudeAboveHomeM, string? Mode, double? SpeedMps, double? RadiusM, double? PitchDeg, double? YawDeg,
    string? Purpose, string? AuthorisedBy, bool? Emergency)
{
    /// <summary>Higher is a mistake: no rule of the air lets a drone of this kind go there.</summary>
    public const double MaxAltitudeM = 500;

    private const double MinAltitudeM = 2;
    private const double MaxSpeedMps = 40;
    private const double MaxRadiusM = 500;

    private static readonly string[] Names =
    [
        "arm", "disarm", "takeoff", "land", "returnToLaunch", "hold", "goTo", "setMode", "startMission", "pauseMission", "continueMission", "setSpeed", "orbit", "pointCamera",
    ];

    /// <summary>On what grounds a vehicle is launched; null when none were sent.</summary>
    public LaunchGrounds? ReadGrounds(LaunchPurposes purposes, List<Fault> faults) => LaunchGrounds.Read(Purpose, AuthorisedBy, Emergency, purposes, faults);

    /// <summary>The command, or null with at least one fault.</summary>
    public VehicleCommand? Read(List<Fault> faults)
    {
        var fields = new Fields(this, faults);
        VehicleCommand? command = Command switch
        {
            "arm" => fields.Launching(new VehicleCommand.Arm()),
            "disarm" => new VehicleCommand.Disarm(),
            "land" => new VehicleCommand.Land(),
            "returnToLaunch" => new VehicleCommand.ReturnToLaunch(),
            "hold" => new VehicleCommand.Hold(),
            "startMission" => fields.Launching(new VehicleCommand.StartMission()),
            "pauseMission" => new VehicleCommand.PauseMission(),
            "continueMission" => new VehicleCommand.ContinueMission(),
            "takeoff" => fields.Launching(new VehicleCommand.Takeoff(fields.Height())),
            "goTo" => new VehicleCommand.GoTo(fields.Place(), fields.Height()),
            "setMode" => new VehicleCommand.SetMode(fields.ModeName()),
            "setSpeed" => new VehicleCommand.SetSpeed(fields.Speed()),
            "orbit" => new VehicleCommand.Orbit(fields.Place(), fields.Height(), fields.Radius(), SpeedMps is null ? null : fields.Speed()),
            "pointCamera" when Lon is not null || Lat is not null => new VehicleCommand.PointCameraAt(fields.Place(), fields.TargetHeight()),
            "pointCamera" => new VehicleCommand.PointCamera(fields.Pitch(), fields.Yaw()),
            _ => null,
        };
        if (command is null)
            faults.Add(new Fault("#/command", $"command is one of {string.Join(", ", Names)}."));
        else
            fields.RefuseOthers();
        return faults.Count == 0 ? command : null;
    }

    /// <summary>Takes values out of a request and remembers which: what is left over was meant for something else.</summary>
    private sealed class Fields(CommandRequest sent, List<Fault> faults)
    {
        private readonly HashSet<string> _taken = [];

        public VehicleCommand Launching(VehicleCommand command)
        {
            _taken.UnionWith(["purpose", "authorisedBy", "emergency"]);
            return command;
        }

        public Altitude Height() => Altitude.Relative(Number("altitudeAboveHomeM", sent.AltitudeAboveHomeM, MinAltitudeM, MaxAltitudeM));

        public Altitude TargetHeight() => sent.AltitudeAboveHomeM is null ? Altitude.Relative(0) : Altitude.Relative(Number("altitudeAboveHomeM", sent.AltitudeAboveHomeM, -MaxAltitudeM, MaxAltitudeM));

        public GeoPoint Place() => new(Number("lat", sent.Lat, -90, 90), Number("lon", sent.Lon, -180, 180));

        public double Speed() => Number("speedMps", sent.SpeedMps, 0.5, MaxSpeedMps);

        public double Radius()
        {
            var radius = Number("radiusM", sent.RadiusM, -MaxRadiusM, MaxRadiusM);
            if (sent.RadiusM is > -1 and < 1)
                faults.Add(new Fault("#/radiusM", "radiusM is at least 1 m; a negative one turns counter-clockwise."));
            return radius;
        }

        public double Pitch() => Number("pitchDeg", sent.PitchDeg, -180, 180);

        public double Yaw() => Number("yawDeg", sent.YawDeg, -360, 360);

        public string ModeName()
        {
            _taken.Add("mode");
            if (sent.Mode is { Length: > 0 and <= 40 } mode)
                return mode;
            faults.Add(new Fault("#/mode", "mode is the autopilot's name of a mode."));
            return "";
        }

        public void RefuseOthers()
        {
            foreach (var (name, isSent) in new (string, bool)[]
                     {
                         ("lon", sent.Lon is not null), ("lat", sent.Lat is not null), ("altitudeAboveHomeM", sent.AltitudeAboveHomeM is not null), ("mode", sent.Mode is not null),
                         ("speedMps", sent.SpeedMps is not null), ("radiusM", sent.RadiusM is not null), ("pitchDeg", sent.PitchDeg is not null), ("yawDeg", sent.YawDeg is not null),
                         ("purpose", sent.Purpose is not null), ("authorisedBy", sent.AuthorisedBy is not null), ("emergency", sent.Emergency is not null),
                     })
            {
                if (isSent && !_taken.Contains(name))
                    faults.Add(new Fault($"#/{name}", $"{sent.Command} takes no {name}."));
            }
        }

        private double Number(string name, double? value, double min, double max)
        {
            _taken.Add(name);
            if (value is not { } number)
                faults.Add(new Fault($"#/{name}", $"{sent.Command} needs {name}."));
            else if (!(number >= min && number <= max))
                faults.Add(new Fault($"#/{name}", string.Create(CultureInfo.InvariantCulture, $"{name} is {min} to {max}.")));
            else
                return number;
            return 0;
        }
    }
}
