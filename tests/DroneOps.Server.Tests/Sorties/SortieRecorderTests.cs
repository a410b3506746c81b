using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Server.Sorties;
using DroneOps.Vehicles;
using Altitude = DroneOps.Mavlink.Altitude;

namespace DroneOps.Server.Tests.Sorties;

public sealed class SortieRecorderTests
{
    private static readonly DateTimeOffset Begin = new(2026, 11, 23, 3, 0, 0, TimeSpan.Zero);

    private readonly SortieRecorder _recorder = new();

    [Fact]
    public void A_flight_has_an_armed_clock_and_an_airborne_clock()
    {
        Armed(0);
        TookOff(4);
        Landed(100);
        Assert.Equal(SortieStep.Closed, Disarmed(103));
        Assert.Equal((96.0, 103.0), (_recorder.LastClosed!.AirborneS, _recorder.LastClosed.ArmedS));
    }

    [Fact]
    public void Touch_and_go_makes_two_sorties_whose_armed_seconds_add_up()
    {
        Armed(0);
        TookOff(5);
        Landed(60);
        Assert.Equal(SortieStep.Opened, TookOff(70));
        var first = _recorder.LastClosed!;
        Landed(100);
        Disarmed(110);
        Assert.Equal(110, first.ArmedS + _recorder.LastClosed!.ArmedS);
        Assert.Equal((55.0, 30.0), (first.AirborneS, _recorder.LastClosed.AirborneS));
    }

    [Fact]
    public void Arming_without_a_take_off_makes_no_sortie()
    {
        Armed(0);
        Disarmed(10);
        Assert.Null(_recorder.LastClosed);
        Assert.Null(_recorder.Current);
    }

    [Fact]
    public void A_motor_test_makes_no_sortie()
    {
        _recorder.Apply(new VehicleFact.Armed(Begin, MotorTest: true, FirstSeen: false));
        Assert.Null(_recorder.Current);
    }

    [Fact]
    public void A_vehicle_first_heard_in_the_air_opens_a_sortie_that_says_so()
    {
        _recorder.Apply(new VehicleFact.TookOff(Begin, null, null, LandedSource.ExtendedSysState, FirstSeen: true));
        Assert.Equal(ClockSource.FirstSeen, _recorder.Current!.TakeoffSource);
    }

    [Fact]
    public void Two_landings_in_a_row_count_once()
    {
        Armed(0);
        TookOff(5);
        Landed(60);
        Assert.Equal(SortieStep.None, Landed(65));
        Assert.Equal(55, _recorder.Current!.AirborneS);
    }

    [Fact]
    public void Disarming_in_the_air_ends_the_flight_there()
    {
        Armed(0);
        TookOff(5);
        Disarmed(20);
        Assert.Equal((15.0, ClockSource.Inferred), (_recorder.LastClosed!.AirborneS, _recorder.LastClosed.LandingSource));
    }

    [Fact]
    public void A_lost_link_is_a_gap_with_both_ends()
    {
        Armed(0);
        TookOff(5);
        _recorder.Apply(new VehicleFact.LinkLost(At(30), At(26)));
        _recorder.Apply(new VehicleFact.LinkRestored(At(40), TimeSpan.FromSeconds(14)));
        Assert.Equal(new LinkGap(At(26), At(40)), Assert.Single(_recorder.Current!.Gaps));
    }

    [Fact]
    public void A_vehicle_that_is_not_heard_any_more_ends_its_sortie_with_what_is_known_and_how_sure_nothing_bounds()
    {
        Armed(0);
        TookOff(5);
        Lost(30, 26);
        Assert.True(_recorder.GiveUp());
        var sortie = _recorder.LastClosed!;
        Assert.Equal((At(26), ClockSource.LastKnown, 21.0, 26.0), (sortie.LandedAt!.Value, sortie.LandingSource, sortie.AirborneS, sortie.ArmedS));
        Assert.Equal(new EdgeBounds(At(26), null), sortie.Bounds.Landing);
        Assert.Null(_recorder.Current);
        Assert.False(_recorder.GiveUp());
    }

    [Fact]
    public void A_sortie_that_was_given_up_goes_on_as_if_nothing_had_been_when_the_vehicle_comes_back()
    {
        foreach (var isGivenUp in new[] { true, false })
        {
            var recorder = isGivenUp ? _recorder : new SortieRecorder();
            recorder.Apply(new VehicleFact.Armed(Begin, MotorTest: false, FirstSeen: false));
            recorder.Apply(new VehicleFact.TookOff(At(5), null, null, LandedSource.ExtendedSysState, FirstSeen: false));
            recorder.Apply(new VehicleFact.LinkLost(At(30), At(26)));
            Assert.Equal(isGivenUp, isGivenUp && recorder.GiveUp());
            recorder.Apply(new VehicleFact.LinkRestored(At(4000), TimeSpan.FromSeconds(3974)));
            Assert.Equal(isGivenUp, recorder.HasReopened);
            Assert.Equal((null, null, 3995.0), (recorder.Current!.LandedAt, recorder.Current.DisarmedAt, recorder.Current.AirborneS));
            Assert.Equal([new LinkGap(At(26), At(4000))], recorder.Current.Gaps);
            recorder.Apply(new VehicleFact.Landed(At(4100), null, null, LandedSource.ExtendedSysState));
            recorder.Apply(new VehicleFact.Disarmed(At(4103), MotorTest: false));
            Assert.Equal((4095.0, 4103.0, ClockSource.LandedState), (recorder.LastClosed!.AirborneS, recorder.LastClosed.ArmedS, recorder.LastClosed.LandingSource));
        }
    }

    [Fact]
    public void A_vehicle_that_comes_back_disarmed_landed_when_it_was_last_heard()
    {
        Armed(0);
        TookOff(5);
        Lost(30, 26);
        _recorder.GiveUp();
        _recorder.Apply(new VehicleFact.LinkRestored(At(4000), TimeSpan.FromSeconds(3974)));
        Disarmed(4001);
        Assert.Equal((21.0, ClockSource.LastKnown), (_recorder.LastClosed!.AirborneS, _recorder.LastClosed.LandingSource));
    }

    [Fact]
    public void Distance_and_height_count_in_the_air_only()
    {
        Armed(0);
        Position(1, 24.5130, 0);
        TookOff(5);
        Position(6, 24.5130, 5);
        Position(7, 24.5140, 45);
        Landed(60);
        Position(61, 24.5150, 0);
        Disarmed(65);
        // One thousandth of a degree of latitude at 24.5 N is 110.77 m on the ellipsoid.
        Assert.Equal(110.77, _recorder.LastClosed!.DistanceM, 0.1);
        Assert.Equal(45, _recorder.LastClosed.MaxAltitudeAboveHomeM);
    }

    [Fact]
    public void A_sortie_left_open_by_a_restart_goes_on()
    {
        Armed(0);
        TookOff(5);
        var again = new SortieRecorder(_recorder.Current!);
        again.Apply(new VehicleFact.Armed(At(50), MotorTest: false, FirstSeen: true));
        again.Apply(new VehicleFact.TookOff(At(50), null, null, LandedSource.ExtendedSysState, FirstSeen: true));
        again.Apply(new VehicleFact.Landed(At(100), null, null, LandedSource.ExtendedSysState));
        again.Apply(new VehicleFact.Disarmed(At(104), MotorTest: false));
        Assert.Equal((95.0, 104.0), (again.LastClosed!.AirborneS, again.LastClosed.ArmedS));
    }

    [Fact]
    public void A_vehicle_that_stands_landed_with_its_motors_running_after_a_restart_is_not_silent()
    {
        Armed(0);
        TookOff(5);
        Landed(60);
        var again = new SortieRecorder(_recorder.Current!);
        Assert.Equal(new LinkGap(At(60), null), Assert.Single(again.Current!.Gaps));
        again.Apply(new VehicleFact.Discovered(At(70), new(MavAutopilot.Ardupilotmega, MavType.Quadrotor, null, null, 0), IsArmed: true));
        Assert.Equal(new LinkGap(At(60), At(70)), Assert.Single(again.Current.Gaps));
        again.Apply(new VehicleFact.Disarmed(At(80), MotorTest: false));
        Assert.Equal((55.0, 80.0), (again.LastClosed!.AirborneS, again.LastClosed.ArmedS));
    }

    private void Lost(double at, double lastHeard) => _recorder.Apply(new VehicleFact.LinkLost(At(at), At(lastHeard)));

    private static DateTimeOffset At(double seconds) => Begin.AddSeconds(seconds);

    private void Armed(double at) => _recorder.Apply(new VehicleFact.Armed(At(at), MotorTest: false, FirstSeen: false));

    private SortieStep Disarmed(double at) => _recorder.Apply(new VehicleFact.Disarmed(At(at), MotorTest: false));

    private SortieStep TookOff(double at) => _recorder.Apply(new VehicleFact.TookOff(At(at), null, null, LandedSource.ExtendedSysState, FirstSeen: false));

    private SortieStep Landed(double at) => _recorder.Apply(new VehicleFact.Landed(At(at), null, null, LandedSource.ExtendedSysState));

    private void Position(double at, double latitude, double height) => _recorder.Apply(new VehicleFact.PositionFixed(
        At(at), new GeoPoint(latitude, 117.655), Altitude.Amsl(28 + height), Altitude.Relative(height), new VelocityNed(0, 0, 0), null));
}
