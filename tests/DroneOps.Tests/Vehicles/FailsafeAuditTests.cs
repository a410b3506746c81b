using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles;
using Xunit;

namespace DroneOps.Tests.Vehicles;

/// <summary>What a vehicle does when its link or its battery fails is read, and read again: never in the way of a flight.</summary>
public sealed class FailsafeAuditTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, float> _values = new()
    {
        ["FS_GCS_ENABLE"] = 1,
        ["FS_GCS_TIMEOUT"] = 5,
        ["SYSID_MYGCS"] = 255,
        ["BATT_FS_LOW_ACT"] = 2,
        ["BATT_FS_CRT_ACT"] = 1,
        ["BATT_LOW_VOLT"] = 10.5f,
        ["BATT_LOW_MAH"] = 0,
        ["FENCE_ENABLE"] = 1,
        ["FENCE_ACTION"] = 1,
        ["RTL_ALT"] = 1500,
    };

    private readonly HashSet<string> _lost = [];
    private readonly Bench _bench = new(new VehicleOptions { Streams = [], FindVideo = false, FailsafesMustBeOn = true });

    public FailsafeAuditTests() => _bench.OnSent = message =>
    {
        if (!message.Is<ParamRequestRead>())
            return;
        var name = message.Decode<ParamRequestRead>().ParamId;
        if (_values.TryGetValue(name, out var value) && !_lost.Contains(name))
            _bench.Reply(StreamAndParameterTests.Value(name, value, MavParamType.Real32));
    };

    private FailsafeReport Last => _bench.Vehicle.State.Failsafes!;

    private int Asked => _bench.SentOf<ParamRequestRead>().Count;

    [Fact]
    public void Failsafes_as_delivered_are_found_to_be_off()
    {
        (_values["FS_GCS_ENABLE"], _values["SYSID_MYGCS"], _values["FENCE_ACTION"], _values["RTL_ALT"]) = (0, 252, 0, 500);
        Begin();

        var report = Assert.Single(_bench.Facts.OfType<VehicleFact.FailsafesAudited>()).Report;
        Assert.Equal(
            [FailsafeFinding.GcsOfAnotherId, FailsafeFinding.FenceBreachIgnored, FailsafeFinding.GcsLossIgnored, FailsafeFinding.ReturnHeightLow],
            report.Issues.Select(i => i.Finding));
        Assert.True(report.Blocks);
        Assert.True(_bench.Vehicle.State.Readiness.Issues.HasFlag(ReadinessIssues.FailsafesOff));
    }

    [Fact]
    public void What_was_changed_while_the_vehicle_flew_is_read_when_it_is_disarmed_and_not_before()
    {
        Begin();
        Assert.Empty(Last.Issues);
        _bench.Armed = true;
        _bench.Run(2 * Second);
        _values["FS_GCS_ENABLE"] = 0;
        _bench.Vehicle.AuditFailsafes(_bench.Now);
        var asked = Asked;
        _bench.Run(1200 * Second);
        Assert.Equal(asked, Asked);
        Assert.False(Last.Blocks);

        _bench.Armed = false;
        _bench.Run(6 * Second);
        Assert.True(Last.Blocks);
        Assert.True(_bench.Vehicle.State.Readiness.Issues.HasFlag(ReadinessIssues.FailsafesOff));
    }

    [Fact]
    public void What_another_station_sets_is_read_again_at_once_and_what_is_told_without_a_change_is_not()
    {
        Begin();
        var asked = Asked;
        foreach (var (name, value) in _values)
            _bench.Receive(StreamAndParameterTests.Value(name, value, MavParamType.Real32));
        _bench.Run(6 * Second);
        Assert.Equal(asked, Asked);

        _values["BATT_FS_LOW_ACT"] = 0;
        _bench.Receive(StreamAndParameterTests.Value("BATT_FS_LOW_ACT", 0, MavParamType.Int8));
        _bench.Run(6 * Second);
        Assert.Equal(FailsafeFinding.LowBatteryIgnored, Assert.Single(Last.Issues).Finding);
        Assert.True(Last.Blocks);
    }

    [Fact]
    public void What_got_lost_on_the_way_is_asked_for_again_ever_more_seldom_and_alone()
    {
        _lost.Add("FS_GCS_ENABLE");
        _values["FS_GCS_ENABLE"] = 0;
        Begin();
        Assert.Equal((FailsafeFinding.NotRead, false), (Assert.Single(Last.Issues).Finding, Last.Blocks));
        _bench.Sent.Clear();
        _bench.Run(3600 * Second);
        var rounds = _bench.SentOf<ParamRequestRead>().Count(read => read.ParamId == "FS_GCS_ENABLE") / 3;
        Assert.InRange(rounds, 7, 11);
        Assert.DoesNotContain(_bench.SentOf<ParamRequestRead>(), read => read.ParamId == "BATT_FS_LOW_ACT");

        _lost.Clear();
        _bench.Run(610 * Second);
        Assert.Equal(FailsafeFinding.GcsLossIgnored, Assert.Single(Last.Issues).Finding);
        Assert.True(Last.Blocks);
    }

    [Fact]
    public void What_does_not_come_a_second_time_stays_as_it_was_read_and_is_asked_for_again()
    {
        _values["FS_GCS_ENABLE"] = 0;
        Begin();
        _lost.Add("FS_GCS_ENABLE");
        _bench.Armed = true;
        _bench.Run(2 * Second);
        _bench.Armed = false;
        _bench.Run(10 * Second);
        Assert.Equal(2, _bench.Facts.OfType<VehicleFact.FailsafesAudited>().Count());
        Assert.True(Last.Blocks);

        _lost.Clear();
        _values["FS_GCS_ENABLE"] = 1;
        _bench.Run(35 * Second);
        Assert.Empty(Last.Issues);
    }

    [Fact]
    public void Nothing_is_read_again_while_a_plan_is_on_its_way_to_the_vehicle()
    {
        Begin();
        _bench.Vehicle.BeginUpload(PlanKind.Mission, [new MissionItemInt { Command = MavCmd.NavReturnToLaunch }], _bench.Now);
        _bench.Vehicle.AuditFailsafes(_bench.Now);
        var asked = Asked;
        _bench.RunUntil(() => _bench.Facts.OfType<VehicleFact.PlanTransferConcluded>().Any(), 120 * Second);
        Assert.Equal(asked, Asked);
        _bench.Run(Second);
        Assert.NotEqual(asked, Asked);
    }

    [Fact]
    public void Of_another_aircraft_at_the_address_the_failsafes_are_its_own()
    {
        Begin();
        _bench.Receive(Bench.Version(1));
        Assert.False(Last.Blocks);
        _values["FS_GCS_ENABLE"] = 0;
        _bench.OnStep = _ => _bench.Receive(Bench.Version(2));
        _bench.RunUntil(() => _bench.Facts.OfType<VehicleFact.IdentityResolved>().Any(), 60 * Second);
        _bench.Run(6 * Second);
        Assert.True(Last.Blocks);
    }

    private void Begin()
    {
        _bench.Beat();
        _bench.Run(10 * Second);
        _bench.Facts.RemoveAll(fact => fact is not VehicleFact.FailsafesAudited);
    }
}
