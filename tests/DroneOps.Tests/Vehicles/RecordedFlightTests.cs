using System.Text.Json;
using DroneOps.Vehicles;
using Xunit;

namespace DroneOps.Tests.Vehicles;

/// <summary>The fold against recordings of a real ArduCopter; the truth was computed from them with another MAVLink implementation.</summary>
public sealed class RecordedFlightTests
{
    public static TheoryData<string, byte> Vehicles => new()
    {
        { "copter-patrol.tlog", 1 },
        { "copter-fence-breach.tlog", 1 },
        { "copter-battery-failsafe.tlog", 1 },
        { "copter-three-vehicles.tlog", 1 },
        { "copter-three-vehicles.tlog", 2 },
        { "copter-three-vehicles.tlog", 3 },
        { "copter-quirks.tlog", 1 },
        { "copter-quirks-inflight.tlog", 1 },
    };

    [Theory]
    [MemberData(nameof(Vehicles))]
    public void Armed_and_airborne_times_are_those_of_the_recording(string file, byte systemId)
    {
        var expected = Expected(file, systemId);
        var facts = Recording.Replay(file, systemId);

        AssertSpans(expected.GetProperty("armedS"), Spans<VehicleFact.Armed, VehicleFact.Disarmed>(facts));
        AssertSpans(expected.GetProperty("airborneS"), Spans<VehicleFact.TookOff, VehicleFact.Landed>(facts));
        Assert.All(facts.OfType<VehicleFact.TookOff>(), t => Assert.Equal(LandedSource.ExtendedSysState, t.Source));
        Assert.All(facts.OfType<VehicleFact.TookOff>(), t => Assert.False(t.FirstSeen));
        if (expected.GetProperty("firstTakeoffUnixS").ValueKind == JsonValueKind.Number)
        {
            var takeoff = facts.OfType<VehicleFact.TookOff>().First().At - DateTimeOffset.UnixEpoch;
            Assert.Equal(expected.GetProperty("firstTakeoffUnixS").GetDouble(), takeoff.TotalSeconds, 0.2);
        }
    }

    [Theory]
    [MemberData(nameof(Vehicles))]
    public void The_greatest_height_is_that_of_the_recording(string file, byte systemId)
    {
        var heights = Recording.Replay(file, systemId).OfType<VehicleFact.PositionFixed>().Select(p => p.AboveHome.Metres);

        Assert.Equal(Expected(file, systemId).GetProperty("maxAltitudeAboveHomeM").GetDouble(), heights.Max(), 0.1);
    }

    [Theory]
    [MemberData(nameof(Vehicles))]
    public void The_modes_are_those_of_the_recording(string file, byte systemId)
    {
        var modes = Recording.Replay(file, systemId).OfType<VehicleFact.ModeChanged>().Select(m => m.To);

        Assert.Equal(Expected(file, systemId).GetProperty("modes").EnumerateArray().Select(m => m.GetString()!), modes);
    }

    [Fact]
    public void A_motor_test_is_marked_and_no_flight()
    {
        var facts = Recording.Replay("copter-quirks.tlog", 1);

        var armed = Assert.Single(facts.OfType<VehicleFact.Armed>());
        Assert.True(armed.MotorTest);
        Assert.True(Assert.Single(facts.OfType<VehicleFact.Disarmed>()).MotorTest);
        Assert.Empty(facts.OfType<VehicleFact.TookOff>());
    }

    [Fact]
    public void The_reboot_in_the_recording_is_told_once()
    {
        var facts = Recording.Replay("copter-quirks.tlog", 1);

        var reboot = Assert.Single(facts.OfType<VehicleFact.Rebooted>());
        Assert.Equal(212.9, (reboot.At - facts[0].At).TotalSeconds, 0.7);
    }

    [Fact]
    public void A_flight_without_a_reboot_tells_none_and_no_lost_link()
    {
        var facts = Recording.Replay("copter-patrol.tlog", 1);

        Assert.Empty(facts.OfType<VehicleFact.Rebooted>());
        Assert.Empty(facts.OfType<VehicleFact.LinkLost>());
    }

    [Fact]
    public void A_patrol_tells_its_waypoints_and_its_completion_once()
    {
        var facts = Recording.Replay("copter-patrol.tlog", 1);

        Assert.Equal([0, 1, 2, 3, 4, 5], facts.OfType<VehicleFact.MissionItemReached>().Select(r => r.PlanIndex));
        Assert.Single(facts.OfType<VehicleFact.MissionCompleted>());
    }

    [Fact]
    public void A_fence_breach_is_told_when_it_begins_and_when_it_ends()
    {
        var facts = Recording.Replay("copter-fence-breach.tlog", 1);

        var breach = Assert.Single(facts.OfType<VehicleFact.FenceBreached>());
        var cleared = Assert.Single(facts.OfType<VehicleFact.FenceCleared>());
        Assert.True(breach.At < cleared.At);
    }

    [Fact]
    public void A_failing_battery_is_told_by_level_and_with_its_failsafes()
    {
        var facts = Recording.Replay("copter-battery-failsafe.tlog", 1);

        Assert.Equal([BatteryLevel.Low, BatteryLevel.Critical], facts.OfType<VehicleFact.LowBattery>().Select(b => b.Level));
        Assert.Equal(["Battery Failsafe", "Battery Failsafe"], facts.OfType<VehicleFact.FailsafeEntered>().Select(f => f.Text));
    }

    [Fact]
    public void The_vehicle_is_not_ready_before_its_estimator_is()
    {
        var facts = Recording.Replay("copter-patrol.tlog", 1);

        var estimatorReady = facts.OfType<VehicleFact.ReadinessChanged>()
            .First(r => (r.To.Issues & (ReadinessIssues.EstimatorNotReady | ReadinessIssues.NotHeard)) == 0);
        Assert.Equal(42, (estimatorReady.At - facts[0].At).TotalSeconds, 1.5);
        var ready = facts.OfType<VehicleFact.ReadinessChanged>().First(r => r.To.IsReady);
        Assert.True(ready.At >= estimatorReady.At);
    }

    [Fact]
    public void A_vehicle_without_a_landing_detector_gets_an_inferred_flight()
    {
        var frames = Recording.FramesOf("copter-patrol.tlog", 1)
            .Where(f => f.Bytes[7] != DroneOps.Mavlink.Messages.ExtendedSysState.MsgId || f.Bytes[8] != 0)
            .ToList();
        var facts = Recording.Replay(frames, 1, new VehicleOptions { ListenOnly = true }, out _);

        var takeoff = Assert.Single(facts.OfType<VehicleFact.TookOff>());
        var landing = Assert.Single(facts.OfType<VehicleFact.Landed>());
        Assert.True(takeoff.Inferred && landing.Inferred);
        Assert.Equal(192.06, (landing.At - takeoff.At).TotalSeconds, 4.0);
    }

    private static JsonElement Expected(string file, byte systemId)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Checkout.Golden("tlogs", "expected.json")));
        return document.RootElement.GetProperty(file).GetProperty(systemId.ToString(System.Globalization.CultureInfo.InvariantCulture)).Clone();
    }

    private static List<double> Spans<TBegin, TEnd>(IEnumerable<VehicleFact> facts)
        where TBegin : VehicleFact
        where TEnd : VehicleFact
    {
        List<double> spans = [];
        DateTimeOffset? begin = null;
        foreach (var fact in facts)
        {
            if (fact is TBegin)
            {
                Assert.Null(begin);
                begin = fact.At;
            }
            else if (fact is TEnd)
            {
                Assert.NotNull(begin);
                spans.Add((fact.At - begin.Value).TotalSeconds);
                begin = null;
            }
        }

        Assert.Null(begin);
        return spans;
    }

    private static void AssertSpans(JsonElement expected, List<double> actual)
    {
        Assert.Equal(expected.GetArrayLength(), actual.Count);
        foreach (var (wanted, got) in expected.EnumerateArray().Zip(actual))
            Assert.Equal(wanted.GetDouble(), got, 0.2);
    }
}
