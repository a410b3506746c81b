using DroneOps.Mavlink;
using DroneOps.Server.Fleet;
using DroneOps.Server.Telemetry;
using DroneOps.Vehicles;
using Altitude = DroneOps.Mavlink.Altitude;

namespace DroneOps.Server.Tests.Telemetry;

public sealed class PointFoldTests
{
    private static readonly DateTimeOffset Begin = new(2026, 11, 23, 3, 0, 0, TimeSpan.Zero);

    private readonly PointFold _fold = new(7, TimeSpan.FromSeconds(10));

    [Fact]
    public void A_point_is_what_the_vehicle_sent_in_the_wires_own_units()
    {
        _fold.Apply(new VehicleFact.ModeChanged(Begin, null, "GUIDED", 4), null);
        _fold.Apply(new VehicleFact.Armed(Begin, MotorTest: false, FirstSeen: false), null);
        _fold.Apply(new VehicleFact.TookOff(Begin, null, null, LandedSource.ExtendedSysState, FirstSeen: false), null);

        var point = _fold.Apply(
            new VehicleFact.PositionFixed(
                new DateTimeOffset(2026, 11, 23, 11, 0, 0, TimeSpan.FromHours(8)).AddTicks(1_234_567), GeoPoint.FromE7(245_130_001, 1_176_550_002), Altitude.Amsl(71.234), Altitude.Relative(43.21),
                new VelocityNed(3, -4, 0.12), 359.99),
            Shown(battery: 81, isStale: false, loss: 0.44))!;

        Assert.Equal(
            (7, Begin.AddMicroseconds(123_456), 1_176_550_002, 245_130_001, 71_234, 43_210), (point.Vehicle, point.At, point.LonE7, point.LatE7, point.AltitudeAmslMm, point.AltitudeAboveHomeMm));
        Assert.Equal((35_999, 500, -12, 81, 4), ((int)point.HeadingCdeg!, point.GroundSpeedCms, point.ClimbCms, (int)point.BatteryPercent!, (int)point.LinkLossPermille!));
        Assert.Equal((true, true, "GUIDED"), (point.Armed, point.InAir, point.Mode));
    }

    [Fact]
    public void What_is_not_known_or_no_longer_true_is_null()
    {
        var point = Move(0, Shown(battery: 81, isStale: true, loss: null))!;
        Assert.Equal((null, null, null, null, null), (point.HeadingCdeg, point.BatteryPercent, point.LinkLossPermille, point.InAir, point.Mode));
    }

    [Fact]
    public void Parked_it_is_kept_every_ten_seconds_and_armed_all_the_time()
    {
        Assert.Equal([0, 10, 20], Kept(0, 25));
        _fold.Apply(new VehicleFact.Armed(At(26), MotorTest: false, FirstSeen: false), null);
        Assert.Equal([26, 27, 28], Kept(26, 3));
        _fold.Apply(new VehicleFact.Disarmed(At(29), MotorTest: false), null);
        Assert.Equal([29, 39], Kept(29, 15));
    }

    [Fact]
    public void In_the_air_all_is_kept_though_the_motors_stand()
    {
        _fold.Apply(new VehicleFact.TookOff(Begin, null, null, LandedSource.Inferred, FirstSeen: true), null);
        Assert.Equal([0, 1, 2], Kept(0, 3));
    }

    [Fact]
    public void Several_messages_with_one_time_of_arrival_are_several_points()
    {
        _fold.Apply(new VehicleFact.Armed(Begin, MotorTest: false, FirstSeen: false), null);
        var times = new[] { 1, 1, 1, 2 }.Select(second => Move(second, null)!.At);
        Assert.Equal([At(1), At(1).AddMicroseconds(1), At(1).AddMicroseconds(2), At(2)], times);
    }

    [Fact]
    public void A_clock_that_is_set_back_stops_nothing()
    {
        Move(5000, null);
        Assert.NotNull(Move(10, null));
    }

    [Fact]
    public void A_vehicle_that_is_first_heard_in_flight_is_what_the_board_says()
    {
        var point = Move(0, Shown(battery: null, isStale: false, loss: null, isArmed: true, mode: "LOITER"))!;
        Assert.Equal((true, "LOITER"), (point.Armed, point.Mode));
    }

    private static DateTimeOffset At(double seconds) => Begin.AddSeconds(seconds);

    private static FleetVehicle Shown(int? battery, bool isStale, double? loss, bool isArmed = false, string? mode = null) => new(
        "7",
        "UAV-07",
        new VehicleSnapshot
        {
            Key = new("sim", 7),
            At = Begin,
            Readiness = Readiness.NotHeard,
            Armed = isArmed,
            Mode = mode,
            Battery = new Reading<BatteryReading>(new(battery, null, null, null, null, null, BatteryLevel.Ok), Begin, TimeSpan.Zero, isStale),
        },
        loss, null, false, null, null);

    private IEnumerable<int> Kept(int from, int seconds) => Enumerable.Range(from, seconds).Where(second => Move(second, null) is not null);

    private TelemetryPoint? Move(double seconds, FleetVehicle? shown) =>
        _fold.Apply(new VehicleFact.PositionFixed(At(seconds), new GeoPoint(24.513, 117.655), Altitude.Amsl(30), Altitude.Relative(2), new VelocityNed(0, 0, 0), null), shown);
}
