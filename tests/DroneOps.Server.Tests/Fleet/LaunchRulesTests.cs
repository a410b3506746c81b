using DroneOps.Server.Fleet;
using DroneOps.Vehicles;
using Altitude = DroneOps.Mavlink.Altitude;

namespace DroneOps.Server.Tests.Fleet;

public sealed class LaunchRulesTests
{
    private static readonly LaunchGrounds Training = new("training", "user:admin", false);
    private static readonly VehicleSnapshot Parked = new() { Key = new("sim", 1), At = default, InAir = false, Readiness = Readiness.NotHeard };

    public static TheoryData<string> Launches => ["arm", "takeoff", "startMission"];

    [Theory]
    [MemberData(nameof(Launches))]
    public void On_the_ground_a_launch_needs_purpose_and_authorisation(string name)
    {
        Assert.Equal("purpose-required", Check(name, Parked, null)?.Slug);
        Assert.Equal("purpose-required", Check(name, null, null)?.Slug);
        Assert.Equal("purpose-required", Check(name, Parked, Training with { AuthorisedBy = null })?.Slug);
        Assert.Null(Check(name, Parked, Training));
        Assert.Null(Check(name, Parked, new(null, null, IsEmergency: true)));
        Assert.Null(Check(name, Parked with { InAir = true }, null));
    }

    [Theory]
    [MemberData(nameof(Launches))]
    public void A_task_says_for_what_and_so_does_the_order_to_arm(string name)
    {
        var task = new Assignment(AssignmentKind.Incident, "1", "110-7", 900, "user:dispatcher", Purpose.Incident);
        var launch = new Launch(Training, "user:pilot", default);
        Assert.Equal("user:dispatcher", task.AuthorisedBy);
        Assert.Null(LaunchRules.Check(Of(name), Parked, task, null, null));
        Assert.NotNull(LaunchRules.Check(Of(name), Parked, task with { AuthorisedBy = "" }, null, null));
        Assert.Null(LaunchRules.Check(Of(name), Parked with { Armed = true }, null, launch, null));
        Assert.NotNull(LaunchRules.Check(Of(name), Parked, null, launch, null));
    }

    [Fact]
    public void What_makes_a_flight_safer_needs_nothing()
    {
        foreach (var command in new VehicleCommand[] { new VehicleCommand.Hold(), new VehicleCommand.Land(), new VehicleCommand.ReturnToLaunch(), new VehicleCommand.Disarm() })
            Assert.Null(LaunchRules.Check(command, Parked, null, null, null));
    }

    [Fact]
    public void An_order_that_was_not_armed_upon_does_not_cover_a_later_arming()
    {
        var launch = new Launch(Training, "user:pilot", new(2026, 11, 23, 3, 0, 0, TimeSpan.Zero));
        Assert.True(launch.Covers(launch.At.AddSeconds(20)));
        Assert.False(launch.Covers(launch.At.AddMinutes(2)));
    }

    private static CommandRefusal? Check(string name, VehicleSnapshot? vehicle, LaunchGrounds? offered) => LaunchRules.Check(Of(name), vehicle, null, null, offered);

    private static VehicleCommand Of(string name) => name switch
    {
        "arm" => new VehicleCommand.Arm(),
        "takeoff" => new VehicleCommand.Takeoff(Altitude.Relative(20)),
        _ => new VehicleCommand.StartMission(),
    };
}
