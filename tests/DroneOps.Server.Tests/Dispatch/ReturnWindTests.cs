using DroneOps.Missions.Flight;
using DroneOps.Server.Dispatch;
using DroneOps.Server.Fleet;
using DroneOps.Server.Tests.Harness;
using DroneOps.Vehicles;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Tests.Dispatch;

/// <summary>The strongest wind that anybody knows of is reckoned against a drone on its way home.</summary>
public sealed class ReturnWindTests : IDisposable
{
    private readonly VirtualClock _time = new(TestServer.Begin);
    private readonly FleetWind _fleet;
    private readonly ReturnWind _wind;

    public ReturnWindTests()
    {
        _fleet = new(new VehicleBoard(), _time);
        _wind = new(_fleet, Options.Create(new DispatchOptions { HeadwindMps = 5 }));
    }

    [Fact]
    public void A_light_wind_or_none_counts_as_what_is_always_reckoned_with()
    {
        Assert.Equal(5, _wind.AgainstMps(Drone(null)));
        Assert.Equal(5, _wind.AgainstMps(Drone(new WindReading(1, 2))));
    }

    [Fact]
    public void A_stronger_one_counts_whether_it_is_reported_or_felt_and_whatever_its_direction()
    {
        Assert.Equal(10, _wind.AgainstMps(Drone(new WindReading(-6, 8))), 6);
        _fleet.Report(Wind.From(9, 200));
        Assert.Equal(9, _wind.AgainstMps(Drone(new WindReading(1, 2))), 6);
        Assert.Equal(10, _wind.AgainstMps(Drone(new WindReading(-6, 8))), 6);
    }

    [Fact]
    public void What_a_drone_on_the_ground_has_learned_last_does_not_count() =>
        Assert.Equal(5, _wind.AgainstMps(Drone(new WindReading(0, 12)) with { InAir = false }));

    public void Dispose() => _fleet.Dispose();

    private VehicleSnapshot Drone(WindReading? felt) => new()
    {
        Key = new("test", 1),
        At = _time.GetUtcNow(),
        Readiness = new(ReadinessIssues.None),
        InAir = true,
        Wind = felt is { } wind ? new Reading<WindReading>(wind, _time.GetUtcNow(), TimeSpan.Zero, false) : null,
    };
}
