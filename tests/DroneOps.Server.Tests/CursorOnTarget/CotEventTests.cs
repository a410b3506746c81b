using System.Globalization;
using System.Text;
using System.Text.Json;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Server.CursorOnTarget;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Vehicles;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Altitude = DroneOps.Mavlink.Altitude;

namespace DroneOps.Server.Tests.CursorOnTarget;

/// <summary>What is told about drones, incidents and crews, and how.</summary>
public sealed class CotEventTests
{
    // "When an error or height has no upper bound".
    private const string Unknown = "9999999.0";

    public static TheoryData<string> Goldens => ["vehicle", "point-of-interest", "incident", "unit", "ping", "pong", "delete"];

    private static CursorOnTargetOptions Options => CotSamples.Options;

    private static FleetVehicle Vehicle => CotSamples.Vehicle("7", "UAV-7", CotSamples.Now);

    /// <summary>The files were read by another program, which wrote down what it understood; so what is sent must be these bytes.</summary>
    [Theory]
    [MemberData(nameof(Goldens))]
    public void What_is_sent_is_what_another_reader_has_read(string name)
    {
        var told = Told(name);
        CotSamples.Valid(told);
        Assert.Equal(File.ReadAllText(Path.Combine(CotSamples.Folder, $"{name}.xml")), Encoding.UTF8.GetString(told.Xml.Span));
    }

    [Fact]
    public void The_other_reader_understood_a_drone_as_it_was_meant()
    {
        var read = Understood("vehicle");
        Assert.Equal([117.6554321, 24.5131234, 81.0], read.GetProperty("geometry").GetProperty("coordinates").EnumerateArray().Select(number => number.GetDouble()));
        var properties = read.GetProperty("properties");
        Assert.Equal(("droneops.vehicle.7", "a-f-A-M-H-Q", "UAV-7"), (read.GetProperty("id").GetString(), properties.GetProperty("type").GetString(), properties.GetProperty("callsign").GetString()));
        Assert.Equal((53.1, 5.0), (properties.GetProperty("course").GetDouble(), properties.GetProperty("speed").GetDouble()));
        Assert.Equal("84", properties.GetProperty("status").GetProperty("battery").GetString());
        Assert.Contains("110-0042 <fight> & \"noise\"", properties.GetProperty("remarks").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_other_reader_understood_the_link_of_a_point_of_interest_and_the_words_of_a_crew()
    {
        var link = Assert.Single(Understood("point-of-interest").GetProperty("properties").GetProperty("links").EnumerateArray());
        Assert.Equal("droneops.vehicle.7", link.GetProperty("uid").GetString());
        Assert.Equal("巡警-12", Understood("unit").GetProperty("properties").GetProperty("callsign").GetString());
    }

    [Fact]
    public void A_height_is_above_the_ellipsoid_or_it_is_unknown()
    {
        Assert.Equal("81.0", CotSamples.Valid(Position(Vehicle)).Of("point/hae"));
        var silent = With(Vehicle, s => s with { Gps = null });
        var told = CotSamples.Valid(Position(silent));
        Assert.Equal((Unknown, Unknown), (told.Of("point/hae"), told.Of("point/ce")));
        Assert.Contains("71 m above sea level", told.Element("detail")!.Element("remarks")!.Value, StringComparison.Ordinal);

        CursorOnTargetOptions configured = new() { GeoidSeparationM = 10 };
        Assert.Equal("81.4", CotSamples.Valid(VehicleEvents.Position(silent, CotSamples.Now, configured)!).Of("point/hae"));
    }

    [Fact]
    public void A_drone_that_is_not_heard_is_not_told()
    {
        Assert.Null(VehicleEvents.Position(With(Vehicle, s => s with { Position = null }), CotSamples.Now, Options));
        Assert.Null(VehicleEvents.Position(With(Vehicle, s => s with { Link = VehicleLinkState.Lost }), CotSamples.Now, Options));
        Assert.Null(VehicleEvents.Position(Vehicle, CotSamples.Now.AddSeconds(Options.StaleAfterS), Options));
    }

    [Fact]
    public void A_hovering_drone_looks_where_its_nose_points_and_a_plane_is_a_plane()
    {
        var hovering = With(Vehicle, s => s with { Position = s.Position!.Value with { Value = s.Position.Value.Value with { Velocity = default } } });
        Assert.Equal("88.5", CotSamples.Valid(Position(hovering)).Of("detail/track/course"));
        var plane = With(Vehicle, s => s with { Identity = new(MavAutopilot.Ardupilotmega, MavType.FixedWing, null, null, default) });
        Assert.Equal("a-f-A-M-F-Q", CotSamples.Valid(Position(plane)).Of("type"));
    }

    [Fact]
    public void An_incident_is_told_without_what_names_people()
    {
        var text = Encoding.UTF8.GetString(PlaceEvents.Incident(CotSamples.Incident(IncidentState.Open), CotSamples.Now, Options).Xml.Span);
        Assert.Contains("110-0042", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Zhang San", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Yanan", text, StringComparison.Ordinal);
        Assert.DoesNotContain("neighbour", text, StringComparison.Ordinal);
    }

    /// <summary>Names come from people, and values from vehicles that may be broken.</summary>
    [Property(MaxTest = 500)]
    public Property Every_state_of_a_drone_is_told_validly_or_not_at_all() => Prop.ForAll(AnyVehicle(), vehicle =>
    {
        if (VehicleEvents.Position(vehicle, CotSamples.Now, Options) is not { } told)
            return !vehicle.Snapshot.Position!.Value.Value.Point.IsValid;
        var read = CotSamples.Valid(told);
        var point = vehicle.Snapshot.Position!.Value.Value.Point;
        return Math.Abs(double.Parse(read.Of("point/lat"), CultureInfo.InvariantCulture) - point.LatitudeDeg) <= 1e-7
            && Math.Abs(double.Parse(read.Of("point/lon"), CultureInfo.InvariantCulture) - point.LongitudeDeg) <= 1e-7
            && read.Of("uid") == "droneops.vehicle.7";
    });

    [Property(MaxTest = 300)]
    public void Every_call_sign_of_a_crew_is_told_validly(string? callSign) =>
        CotSamples.Valid(PlaceEvents.Unit(CotSamples.Unit(CotSamples.Now) with { CallSign = callSign ?? "" }, CotSamples.Now, TimeSpan.FromMinutes(1), Options)!);

    private static CotEvent Position(FleetVehicle vehicle) => VehicleEvents.Position(vehicle, CotSamples.Now, Options)!;

    private static CotEvent Told(string name) => name switch
    {
        "vehicle" => Position(Vehicle),
        "point-of-interest" => VehicleEvents.PointOfInterest(Vehicle, CotSamples.Incident(IncidentState.OnScene), CotSamples.Now, Options),
        "incident" => PlaceEvents.Incident(CotSamples.Incident(IncidentState.Open), CotSamples.Now, Options),
        "unit" => PlaceEvents.Unit(CotSamples.Unit(CotSamples.Now), CotSamples.Now, TimeSpan.FromMinutes(1), Options)!,
        "ping" => CotTasks.Ping(Options.UidPrefix, CotSamples.Now),
        "pong" => CotTasks.Pong(CotSamples.Now),
        _ => CotTasks.Delete("droneops.incident.42", CotSamples.Now),
    };

    private static JsonElement Understood(string name)
    {
        using var read = JsonDocument.Parse(File.ReadAllText(Path.Combine(CotSamples.Folder, "understood.json")));
        return read.RootElement.GetProperty(name).Clone();
    }

    private static FleetVehicle With(FleetVehicle vehicle, Func<VehicleSnapshot, VehicleSnapshot> change) => vehicle with { Snapshot = change(vehicle.Snapshot) };

    private static Arbitrary<FleetVehicle> AnyVehicle()
    {
        var number = Gen.OneOf(ArbMap.Default.GeneratorFor<double>(), Gen.Choose(-400, 400).Select(value => value / 1.9));
        return (from name in ArbMap.Default.GeneratorFor<string?>()
                from mode in ArbMap.Default.GeneratorFor<string?>()
                from latitude in number
                from longitude in number
                from height in number
                from speed in number
                from separation in number
                from percent in Gen.Choose(-1, 101)
                select CotSamples.Vehicle("7", name ?? "", CotSamples.Now) is var vehicle
                    ? With(vehicle, s => s with
                    {
                        Mode = mode,
                        Position = s.Position!.Value with { Value = new(new GeoPoint(latitude, longitude), Altitude.Amsl(height), Altitude.Relative(height), new(speed, -speed, speed), speed, 1) },
                        Attitude = s.Attitude!.Value with { Value = new(height, speed, longitude, 1) },
                        Battery = s.Battery!.Value with { Value = new(percent < 0 ? null : percent, speed, null, null, null, null, BatteryLevel.Unknown) },
                        Gps = s.Gps!.Value with { Value = new(GpsFixType.NoFix, null, null, height, separation) },
                    })
                    : vehicle).ToArbitrary();
    }
}
