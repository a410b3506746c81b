using System.Text;
using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using DroneOps.Server.Response;
using FsCheck.Xunit;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Tests.Response;

/// <summary>The counting of the report, against a count that does it the slow and obvious way.</summary>
public sealed class TallyTests
{
    internal static readonly DateTimeOffset Call = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_number_of_every_group_is_what_the_plain_definition_gives()
    {
        var random = new Random(110);
        for (var round = 0; round < 60; round++)
        {
            var rows = Enumerable.Range(0, random.Next(60)).Select(_ => Any(random)).ToList();
            var (total, arrivals, groups) = Tally.Of(rows);
            AssertCounts(rows, total);
            Assert.Equal(
                rows.Select(row => row.Type).Distinct().Count() + rows.Select(row => row.Priority).Distinct().Count() + rows.Select(row => row.Hour).Distinct().Count()
                    + rows.Select(row => row.GridId).OfType<string>().Distinct().Count() + rows.Select(row => row.KeySiteId).OfType<string>().Distinct().Count(),
                groups.Count);
            foreach (var group in groups)
                AssertCounts([.. rows.Where(row => Key(row, group.By) == group.Key)], group.Figures);
        }
    }

    [Theory]
    [InlineData(1, 10, 10)]
    [InlineData(2, 10, 20)]
    [InlineData(9, 50, 90)]
    [InlineData(10, 50, 90)]
    [InlineData(11, 60, 100)]
    public void A_quantile_is_the_nearest_rank(int count, double p50, double p90)
    {
        var rows = Enumerable.Range(1, count).Select(number => Row((IncidentStage.DroneOnScene, number * 10))).ToList();
        var figures = Tally.Of(rows).Total.Spans[(int)ResponseSpan.DroneToScene];
        Assert.Equal((count, p50, p90, count * 10.0), (figures.Count, figures.P50S, figures.P90S, figures.MaxS));
    }

    [Property(MaxTest = 300)]
    public void Times_are_put_in_their_order_and_those_that_are_alike_stay_in_theirs(ulong[] times, byte bits)
    {
        var tagBits = bits % 33;
        var sorted = times.ToArray();
        Shortest.First(sorted, new ulong[times.Length + 1], tagBits);
        Assert.Equal(times.OrderBy(time => time >> tagBits), sorted);
    }

    [Fact]
    public void A_limit_counts_the_one_that_just_kept_it()
    {
        var within = Tally.Of([Row((IncidentStage.DroneOnScene, 60)), Row((IncidentStage.DroneOnScene, 60.002)), Row((IncidentStage.DroneOnScene, 180)), Row()]).Total.Within;
        Assert.Equal(new Within(3, 1, 2, 2, 3), within);
    }

    [Fact]
    public void Who_came_first_is_counted_where_both_came_and_by_how_much()
    {
        var figures = Tally.Of(
        [
            Row((IncidentStage.DroneOnScene, 60), (IncidentStage.UnitOnScene, 200)),
            Row((IncidentStage.DroneOnScene, 100), (IncidentStage.UnitOnScene, 90)),
            Row((IncidentStage.DroneOnScene, 100), (IncidentStage.UnitOnScene, 100)),
            Row((IncidentStage.DroneOnScene, 100)),
        ]).Total;
        Assert.Equal(new AirAndGround(3, 1, 1, 1), figures.AirAndGround);
        Assert.Equal((140.0, 10.0), (figures.Spans[(int)ResponseSpan.DroneLead].P50S, figures.Spans[(int)ResponseSpan.UnitLead].P50S));
    }

    [Fact]
    public void Steps_out_of_their_order_measure_nothing()
    {
        var figures = Tally.Of([Row((IncidentStage.DroneAirborne, 50), (IncidentStage.DroneOnScene, 40))]).Total;
        Assert.Equal(new SpanFigures(ResponseSpan.Transit, 0, null, null, null), figures.Spans[(int)ResponseSpan.Transit]);
        Assert.Equal(40, figures.Spans[(int)ResponseSpan.DroneToScene].P50S);
    }

    [Fact]
    public void Of_nothing_nothing_is_claimed()
    {
        var (total, _, groups) = Tally.Of([]);
        Assert.Equal((0, 0), (total.Incidents, groups.Count));
        Assert.All(total.Spans, span => Assert.Null(span.P50S));
    }

    [Theory]
    [InlineData("theft", "theft")]
    [InlineData("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\"")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("  =1", "'  =1")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("盗窃\"抢夺\"", "\"盗窃\"\"抢夺\"\"\"")]
    public void A_field_of_the_table_is_never_a_formula(string text, string expected) => Assert.Equal(expected, Spreadsheet.Field(text));

    [Fact]
    public void The_table_begins_with_a_byte_order_mark_and_every_row_has_the_headers_fields()
    {
        var (total, arrivals, groups) = Tally.Of([Row((IncidentStage.DroneOnScene, 60.5)) with { Type = "盗窃" }]);
        var bytes = ReportCsv.Write(new ResponseReport(null, null, total, arrivals, groups));
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        var lines = Encoding.UTF8.GetString(bytes[3..]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Equal(15, line.Split(',').Length));
        Assert.Contains("type,盗窃,1,droneToScene,1,60.5,60.5,60.5,0,1,1,1,0,0,0", lines);
    }

    internal static Measured Row(params (IncidentStage Stage, double AfterS)[] reached)
    {
        var incident = new IncidentRecord
        {
            Id = Guid.NewGuid(),
            Type = "theft",
            Priority = 2,
            Summary = "",
            ReportedAt = Call,
            ReportedBy = "test",
            Shape = new Point(117.6, 24.5),
            Stages = [new(IncidentStage.CallReceived, Call, "event", "test"), .. reached.Select(step => new StageEntry(step.Stage, Call.AddSeconds(step.AfterS), "event", "test"))],
        };
        return new Measured(incident.Type, incident.Priority, 8, null, null, IncidentTimes.Pack(incident));
    }

    private static Measured Any(Random random) => Row([.. Enum.GetValues<IncidentStage>().Skip(1).Where(_ => random.Next(4) > 0).Select(stage => (stage, (double)random.Next(300)))]) with
    {
        Type = $"type-{random.Next(3)}",
        Priority = random.Next(1, 5),
        Hour = random.Next(24),
        GridId = random.Next(3) == 0 ? null : $"grid-{random.Next(3)}",
        KeySiteId = random.Next(2) == 0 ? null : $"site-{random.Next(3)}",
    };

    private static string? Key(Measured row, string by) => by switch
    {
        "type" => row.Type,
        "priority" => $"{row.Priority}",
        "hour" => $"{row.Hour}",
        "gridId" => row.GridId,
        _ => row.KeySiteId,
    };

    private static void AssertCounts(List<Measured> rows, Figures figures)
    {
        Assert.Equal(rows.Count, figures.Incidents);
        foreach (var span in Enum.GetValues<ResponseSpan>())
        {
            var known = rows.Select(row => Plain(row.Axis, span)).OfType<double>().Order().ToList();
            Assert.Equal(new SpanFigures(span, known.Count, Quantile(known, 5), Quantile(known, 9), known.Count == 0 ? null : known[^1]), figures.Spans[(int)span]);
        }

        var arrivals = rows.Select(row => Plain(row.Axis, ResponseSpan.DroneToScene)).OfType<double>().ToList();
        Assert.Equal(new Within(arrivals.Count, arrivals.Count(s => s <= 60), arrivals.Count(s => s <= 90), arrivals.Count(s => s <= 120), arrivals.Count(s => s <= 180)), figures.Within);
    }

    /// <summary>The smallest of the values that at least so many tenths of them do not exceed.</summary>
    private static double? Quantile(List<double> values, int tenths) =>
        values.Count == 0 ? null : values.First(value => values.Count(other => other <= value) * 10 >= values.Count * tenths);

    private static double? Plain(byte[] axis, ResponseSpan span)
    {
        double? At(IncidentStage stage) => IncidentTimes.At(axis, stage) is var at && at == IncidentTimes.NotReached ? null : at / 1000.0;
        var (drone, unit) = (At(IncidentStage.DroneOnScene), At(IncidentStage.UnitOnScene));
        var (from, to) = span switch
        {
            ResponseSpan.Intake => (At(IncidentStage.CallReceived), At(IncidentStage.IncidentCreated)),
            ResponseSpan.Request => (At(IncidentStage.IncidentCreated), At(IncidentStage.DroneRequested)),
            ResponseSpan.Assignment => (At(IncidentStage.DroneRequested), At(IncidentStage.DroneAssigned)),
            ResponseSpan.Launch => (At(IncidentStage.DroneAssigned), At(IncidentStage.DroneAirborne)),
            ResponseSpan.Transit => (At(IncidentStage.DroneAirborne), drone),
            ResponseSpan.FirstFrame => (drone, At(IncidentStage.FirstFrame)),
            ResponseSpan.DroneToScene => (At(IncidentStage.CallReceived), drone),
            ResponseSpan.UnitToScene => (At(IncidentStage.CallReceived), unit),
            ResponseSpan.Handling => (drone is null ? unit : unit is null ? drone : Math.Min(drone.Value, unit.Value), At(IncidentStage.Resolved)),
            ResponseSpan.Recovery => (At(IncidentStage.Resolved), At(IncidentStage.DroneRecovered)),
            ResponseSpan.Closing => (At(IncidentStage.Resolved), At(IncidentStage.Closed)),
            ResponseSpan.DroneLead => drone < unit ? (drone, unit) : (null, null),
            _ => unit < drone ? (unit, drone) : (null, null),
        };
        return to - from is >= 0 and var took ? Math.Round(took, 3) : null;
    }
}
