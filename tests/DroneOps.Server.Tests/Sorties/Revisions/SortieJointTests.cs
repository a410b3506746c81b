using DroneOps.Server.Sorties;
using DroneOps.Server.Sorties.Revisions;
using FsCheck.Xunit;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Tests.Sorties.Revisions;

/// <summary>What becomes of a record that is put together or taken apart.</summary>
public sealed class SortieJointTests
{
    private static readonly DateTimeOffset Begin = new(2026, 4, 1, 8, 0, 0, TimeSpan.Zero);

    [Property(MaxTest = 300)]
    public void The_parts_of_a_split_sum_to_the_whole_by_every_purpose_to_the_millisecond(int lengthMs, int cutMs, int[] turnsMs)
    {
        var length = 3_000 + Math.Abs(lengthMs % 20_000_000);
        var whole = Row(Begin, length / 1000.0, armedBeforeS: 4.25);
        whole.Turns.AddRange(turnsMs.Select(ms => Math.Abs(ms % length)).Order().Select((ms, i) => Turn(i + 1, Begin.AddMilliseconds(ms), $"purpose {i % 3}")));
        var at = Begin.AddMilliseconds(1_000 + (Math.Abs(cutMs) % (length - 2_000)));

        var (first, second) = SortieJoint.Split(whole, at, [], 10);

        Assert.Equal(Sums([whole]), Sums([first, second]));
        Assert.Equal((at, at), (first.LandedAt!.Value, second.TakeoffAt));
        Assert.Equal((whole.TakeoffAt, whole.LandedAt), (first.TakeoffAt, second.LandedAt));
    }

    [Property(MaxTest = 300)]
    public void What_was_split_and_is_merged_again_has_the_clocks_and_purposes_that_it_had(int lengthMs, int cutMs, int[] turnsMs)
    {
        var length = 3_000 + Math.Abs(lengthMs % 20_000_000);
        var whole = Row(Begin, length / 1000.0, armedBeforeS: 3);
        whole.Turns.AddRange(turnsMs.Select(ms => Math.Abs(ms % length)).Distinct().Order().Select((ms, i) => Turn(i + 1, Begin.AddMilliseconds(ms), $"purpose {i}")));
        var (first, second) = SortieJoint.Split(whole, Begin.AddMilliseconds(1_000 + (Math.Abs(cutMs) % (length - 2_000))), [], 10);

        var again = SortieJoint.Merge(first, second, 10);

        Assert.Equal(Sums([whole]), Sums([again]));
        Assert.Equal((whole.TakeoffAt, whole.LandedAt, whole.ArmedAt, whole.DisarmedAt), (again.TakeoffAt, again.LandedAt, again.ArmedAt, again.DisarmedAt));
        Assert.Equal(whole.Turns.Select(turn => (turn.At, turn.Purpose)), again.Turns.Select(turn => (turn.At, turn.Purpose)));
    }

    [Fact]
    public void The_pause_between_two_merged_records_is_flown_time_and_a_gap()
    {
        var first = Row(Begin, 600, armedBeforeS: 5);
        var second = Row(Begin.AddSeconds(700), 300, armedBeforeS: 0, purpose: "rescue");
        var made = SortieJoint.Merge(first, second, 10);
        Assert.Equal((1000.0, 1008.0), (made.AirborneS, made.ArmedS));
        Assert.Equal(new LinkGap(first.LandedAt!.Value, second.TakeoffAt), Assert.Single(made.Gaps));
        Assert.Equal(("training", "rescue"), (made.Purpose, Assert.Single(made.Turns).Purpose));
        Assert.Equal((80, 20), (made.BatteryStartPercent, made.BatteryEndPercent));
        Assert.Equal(4, made.Shape.NumPoints);
        Assert.Equal(600, first.AirborneS);
    }

    [Fact]
    public void A_split_divides_gaps_modes_distance_and_heights_by_the_track()
    {
        var whole = Row(Begin, 400, armedBeforeS: 5);
        whole.DistanceM = 300;
        whole.Gaps = [new(Begin.AddSeconds(150), Begin.AddSeconds(250))];
        whole.Modes = [new(Begin, "AUTO"), new(Begin.AddSeconds(300), "RTL")];
        TrackPoint[] track = [new(Begin, 117.6, 24.5, 70, 50, 5), new(Begin.AddSeconds(100), 117.601, 24.5, 110, 90, 9), new(Begin.AddSeconds(260), 117.602, 24.5, 60, 40, 4), new(Begin.AddSeconds(390), 117.604, 24.5, 50, 30, 3)];

        var (first, second) = SortieJoint.Split(whole, Begin.AddSeconds(200), track, 10);

        Assert.Equal((100.0, 200.0), (first.DistanceM, second.DistanceM), EqualityComparer<(double, double)>.Create((a, b) => Math.Abs(a.Item1 - b.Item1) < 0.1 && Math.Abs(a.Item2 - b.Item2) < 0.1));
        Assert.Equal((90, 40, 9, 4), (first.MaxAltitudeAboveHomeM, second.MaxAltitudeAboveHomeM, first.MaxSpeedMps, second.MaxSpeedMps));
        Assert.Equal([new LinkGap(Begin.AddSeconds(150), Begin.AddSeconds(200))], first.Gaps);
        Assert.Equal([new LinkGap(Begin.AddSeconds(200), Begin.AddSeconds(250))], second.Gaps);
        Assert.Equal(["AUTO"], first.Modes.Select(mode => mode.Mode));
        Assert.Equal(["AUTO", "RTL"], second.Modes.Select(mode => mode.Mode));
        Assert.Equal((ClockSource.Entered, ClockSource.Entered), (first.LandingSource, second.TakeoffSource));
        Assert.Null(first.AirborneWithinS);
        Assert.Null(first.BatteryEndPercent);
    }

    private static string Sums(IReadOnlyList<SortieRecord> rows) => string.Join(';', rows.SelectMany(PurposeSpan.Of)
        .GroupBy(span => span.Purpose).OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => (group.Key, Air: group.Sum(span => PurposeSpan.Milliseconds(span.AirborneS)), Armed: group.Sum(span => PurposeSpan.Milliseconds(span.ArmedS))))
        .Where(sum => sum.Air > 0 || sum.Armed > 0).Select(sum => $"{sum.Key} {sum.Air} {sum.Armed}"));

    private static SortieTurn Turn(int number, DateTimeOffset at, string purpose) => new() { Number = number, At = at, Purpose = purpose, AuthorisedBy = "user:a", TaskKind = "patrol", TaskId = purpose, TaskLabel = purpose };

    private static SortieRecord Row(DateTimeOffset takeoff, double airborneS, double armedBeforeS, string purpose = "training") => new()
    {
        Id = Guid.CreateVersion7(takeoff),
        VehicleId = "1",
        VehicleName = "UAV-01",
        HardwareId = null,
        Firmware = null,
        SystemId = 1,
        Pilot = "user:wang",
        Purpose = purpose,
        AuthorisedBy = "user:admin",
        TaskKind = null,
        TaskId = null,
        TaskLabel = null,
        DockId = null,
        ArmedAt = takeoff.AddSeconds(-armedBeforeS),
        TakeoffAt = takeoff,
        TakeoffSource = ClockSource.LandedState,
        LandedAt = takeoff.AddSeconds(airborneS),
        LandingSource = ClockSource.LandedState,
        DisarmedAt = takeoff.AddSeconds(airborneS + 3),
        LastHeardAt = takeoff.AddSeconds(airborneS + 3),
        AirborneS = airborneS,
        ArmedS = armedBeforeS + airborneS + 3,
        BatteryStartPercent = 80,
        BatteryEndPercent = 20,
        IsClosed = true,
        Bounds = new(new(takeoff, takeoff), new(takeoff, takeoff), new(takeoff, takeoff), new(takeoff, takeoff)),
        Shape = new LineString([new(117.6, 24.5), new(117.61, 24.5)]),
    };
}
