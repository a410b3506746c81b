using System.Globalization;
using System.Text;
using DroneOps.Links.FlightLog;
using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Airspace;
using DroneOps.Server.Sorties;
using DroneOps.Server.Sorties.Import;
using DroneOps.Tests;
using FsCheck.Xunit;

namespace DroneOps.Server.Tests.Sorties.Import;

/// <summary>Files of flights as others write them: made by Python's csv and xml modules and codecs (tests/Golden/flights/make.py).</summary>
public sealed class FlightFileTests
{
    private static readonly string Golden = Path.Combine(AppContext.BaseDirectory, "Golden", "flights");
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly FileTerms Terms = new(false, null, null, Now);

    [Theory]
    [InlineData("utf8.csv", "utf-8", ",")]
    [InlineData("utf8-bom-semicolon.csv", "utf-8", ";")]
    [InlineData("gb18030.csv", "GB18030", ",")]
    [InlineData("utf16-tab.csv", "utf-16", "\t")]
    [InlineData("reordered.csv", "utf-8", ",")]
    [InlineData("english.csv", "utf-8", ",")]
    public void A_table_is_understood_whatever_its_order_its_language_and_its_encoding(string file, string encoding, string separator)
    {
        using var stream = File.OpenRead(Path.Combine(Golden, file));
        using var reader = Open(FlightFormat.Csv, stream, Terms);
        Assert.Equal((encoding, separator), (reader.Encoding, reader.Separator), EqualityComparer<(string?, string?)>.Create((one, other) => string.Equals(one.Item1, other.Item1, StringComparison.OrdinalIgnoreCase) && one.Item2 == other.Item2));
        Assert.Single(reader.Columns, column => column.UnderstoodAs is null);
        Assert.Contains("duration (min)", reader.Columns.Select(column => column.UnderstoodAs));
        Assert.Contains("distance (km)", reader.Columns.Select(column => column.UnderstoodAs));

        var read = All(reader);
        Assert.All(read, entry => Assert.Empty(entry.Remarks));
        var flights = read.ConvertAll(entry => entry.Flight!);
        Assert.Equal(["XJ-0001", "XJ-0002", "XJ-0003"], flights.Select(flight => flight.Number));
        Assert.Equal(["警翼一号", "警翼二号", "警翼一号"], flights.Select(flight => flight.Vehicle));
        Assert.Equal(["2024-03-01T00:15:30", "2024-03-01T14:50:00", "2024-03-02T01:05:00"], flights.Select(flight => Text(flight.Draft.TakeoffAt)));
        Assert.Equal(["2024-03-01T00:41:05", "2024-03-01T16:05:10", "2024-03-02T01:17:00"], flights.Select(flight => Text(flight.LandedAt)));
        Assert.Equal([11_200, 0, 3_400], flights.Select(flight => flight.Draft.DistanceM));
        Assert.Equal([96, null, 120], flights.Select(flight => flight.Draft.MaxAltitudeAboveHomeM));
        Assert.Equal((117.656668, 24.514434), (flights[0].Place!.Lon, flights[0].Place!.Lat));
        Assert.All(flights, flight => Assert.Equal((ClockSource.Imported, ClockSource.Imported), (flight.Draft.TakeoffSource, flight.Draft.LandingSource)));
    }

    [Theory]
    [InlineData("vehicle,takeoffAt,landedAt,起飞时间", "mean the same")]
    [InlineData("vehicle,landedAt", "No column holds the take-off")]
    [InlineData("vehicle,takeoffAt", "No column holds the landing")]
    [InlineData("takeoffAt,landedAt", "No column holds the drone")]
    [InlineData("vehicle,takeoffAt,landedAt,lon", "come together")]
    public void A_heading_that_lacks_what_is_needed_says_what(string heading, string expected)
    {
        Assert.Null(FlightReader.Open(FlightFormat.Csv, Stream($"{heading}\n"), Terms, out var wrong));
        Assert.Contains(expected, wrong!.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(",2024-03-01 08:00:00,2024-03-01 08:10:00,", "vehicle", "names no drone")]
    [InlineData("A,,2024-03-01 08:10:00,", "takeoffAt", "no take-off")]
    [InlineData("A,1 March,2024-03-01 08:10:00,", "takeoffAt", "not like 2026-05-01 08:30:00")]
    [InlineData("A,2024-03-01 08:00:00,,", "landedAt", "neither a landing nor a time")]
    [InlineData("A,2024-03-01 08:00:00,08:10,", "landedAt", "not like")]
    [InlineData("A,2024-03-01 08:00:00,2024-03-01 07:10:00,", "landedAt", "not after the take-off")]
    [InlineData("A,2024-03-01 08:00:00,2024-03-03 08:10:00,", "landedAt", "longer than 24 hours")]
    [InlineData("A,2064-03-01 08:00:00,2064-03-01 08:10:00,", "takeoffAt", "in the future")]
    [InlineData("A,1924-03-01 08:00:00,1924-03-01 08:10:00,", "takeoffAt", "before the year 2000")]
    [InlineData("A,2024-03-01 08:00:00,,12", "duration", "has no unit")]
    [InlineData("A,2024-03-01 08:00:00,,-0:12:00", "duration", "has no unit")]
    [InlineData("A,2024-03-01 08:00:00,,0:00:00", "duration", "not longer than nothing")]
    public void A_line_that_is_wrong_names_the_field_and_the_reason(string line, string field, string expected)
    {
        var read = Single($"vehicle,takeoffAt,landedAt,duration\n{line}\n", Terms);
        Assert.Null(read.Flight);
        var remark = Assert.Single(read.Remarks);
        Assert.Equal((2, field), (read.Row, remark.Field));
        Assert.Contains(expected, remark.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("时长(秒)", "754", 754)]
    [InlineData("时长（分）", "12.5", 750)]
    [InlineData("durationHours", "0.25", 900)]
    [InlineData("duration", "0:12:34", 754)]
    [InlineData("duration", "12分34秒", 754)]
    [InlineData("duration", "1h 2min", 3720)]
    public void A_time_in_the_air_is_read_in_its_own_unit(string heading, string text, double seconds) =>
        Assert.Equal(seconds, Single($"vehicle,起飞时间,{heading}\nA,2024-03-01 08:00:00,{text}\n", Terms).Flight!.Draft.AirborneS);

    [Fact]
    public void A_negative_duration_is_refused_and_a_number_with_a_comma_is_not_guessed_at()
    {
        Assert.Contains("not longer than nothing", Single("vehicle,takeoffAt,duration (s)\nA,2024-03-01 08:00:00,-60\n", Terms).Remarks[0].Why, StringComparison.Ordinal);
        var read = Single("vehicle;takeoffAt;duration (s);distance (km)\nA;2024-03-01 08:00:00;60;1,234\n", Terms);
        Assert.Equal((0, "distance"), (read.Flight!.Draft.DistanceM, read.Remarks.Single().Field));
    }

    [Fact]
    public void A_day_in_a_column_of_its_own_and_a_landing_after_midnight_are_put_together()
    {
        var read = Single("日期,无人机,起飞时间,落地时间\n2024-03-01,A,23:50:00,00:20\n", Terms);
        Assert.Equal(("2024-03-01T15:50:00", 1800.0), (Text(read.Flight!.Draft.TakeoffAt), read.Flight.Draft.AirborneS));
        Assert.Contains("next day", read.Remarks.Single().Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_duration_that_is_not_the_time_between_take_off_and_landing_is_said()
    {
        var read = Single("vehicle,takeoffAt,landedAt,duration (min)\nA,2024-03-01 08:00:00,2024-03-01 08:30:00,12\n", Terms);
        Assert.Equal((1800.0, "duration"), (read.Flight!.Draft.AirborneS, read.Remarks.Single().Field));
    }

    [Fact]
    public void Each_track_of_a_gpx_is_a_flight_with_its_breaks_and_what_is_missing_said()
    {
        using var stream = File.OpenRead(Path.Combine(Golden, "two-flights.gpx"));
        using var reader = Open(FlightFormat.Gpx, stream, Terms);
        var read = All(reader);
        var (first, second) = (read[0].Flight!, read[1].Flight!);
        Assert.Equal(("警翼一号", "警翼二号", 2), (first.Vehicle, second.Vehicle, read.Count));
        Assert.Equal((120.0, 92), (first.Draft.AirborneS, first.Track.Count));
        var gap = Assert.Single(first.Draft.Gaps);
        Assert.Equal(("2024-04-01T02:01:00", "2024-04-01T02:01:30"), (Text(gap.From), Text(gap.To!.Value)));
        Assert.Equal((80.0, 100.0), (first.Draft.MaxAltitudeAboveHomeM!.Value, first.Draft.MaxAltitudeAmslM!.Value), EqualityComparer<(double, double)>.Default);
        Assert.InRange(first.Draft.DistanceM, 1210, 1220);
        Assert.InRange(first.Draft.MaxSpeedMps, 10, 10.3);
        Assert.Null(second.Draft.MaxAltitudeAboveHomeM);
        Assert.Contains(read[1].Remarks, remark => remark.Why.Contains("no heights", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("<gpx></gpx>", "no track")]
    [InlineData("<gpx><trk><name>A</name></trk></gpx>", "fewer than two points")]
    [InlineData("<gpx><trk><trkseg/></trk></gpx>", "names no drone")]
    [InlineData("<gpx><trk><name>A</name><trkseg><trkpt lat='24' lon='117'/><trkpt lat='x' lon='117'><time>2024-01-01T00:00:00Z</time></trkpt></trkseg></trk></gpx>", "fewer than two points")]
    [InlineData("<gpx><trk><name>A</name><trkseg><trkpt lat='24' lon='117'><time>2064-01-01T00:00:00Z</time></trkpt><trkpt lat='24' lon='117'><time>2064-01-01T00:01:00Z</time></trkpt></trkseg></trk></gpx>", "in the future")]
    [InlineData("<gpx><trk><name>A", "breaks off in line 1")]
    [InlineData("no xml", "breaks off")]
    [InlineData("<!DOCTYPE gpx [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><gpx><trk><name>&a;</name></trk></gpx>", "breaks off")]
    public void A_gpx_that_is_wrong_says_why_and_ends(string text, string expected)
    {
        using var reader = Open(FlightFormat.Gpx, Stream(text), Terms);
        var read = Assert.Single(All(reader));
        Assert.Null(read.Flight);
        Assert.Contains(expected, read.Remarks[0].Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Points_that_go_back_in_time_are_left_out_and_counted()
    {
        var text = "<gpx><trk><name>A</name><trkseg>" + string.Concat(new[] { 0, 10, 5, 20 }.Select(second => $"<trkpt lat='24.5' lon='117.6'><time>2024-01-01T00:00:{second:00}Z</time></trkpt>")) + "</trkseg></trk></gpx>";
        using var reader = Open(FlightFormat.Gpx, Stream(text), Terms);
        var read = Assert.Single(All(reader));
        Assert.Equal((3, 20.0), (read.Flight!.Track.Count, read.Flight.Draft.AirborneS));
        Assert.Contains(read.Remarks, remark => remark.Why.StartsWith("1 points go back", StringComparison.Ordinal));
    }

    [Fact]
    public void Shifted_coordinates_are_shifted_back()
    {
        var place = new GeoPoint(24.514434, 117.656668);
        var shifted = Gcj02.FromWgs84(place);
        var read = Single(string.Create(CultureInfo.InvariantCulture, $"vehicle,takeoffAt,landedAt,lon,lat\nA,2024-03-01 08:00:00,2024-03-01 08:10:00,{shifted.LongitudeDeg:F7},{shifted.LatitudeDeg:F7}\n"), Terms with { IsGcj02 = true });
        Assert.InRange(Geodesic.DistanceM(place, new GeoPoint(read.Flight!.Place!.Lat, read.Flight.Place.Lon)), 0, 0.1);
    }

    [Fact]
    public void A_recording_that_is_no_recording_has_no_flight_and_says_so()
    {
        using var reader = Open(FlightFormat.Tlog, Stream("no frames here, only text that goes on for a while"), Terms);
        Assert.Empty(All(reader));
        Assert.Contains(reader.Remarks, remark => remark.Why.Contains("no MAVLink frame", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(60, null, "starts in the air")]
    [InlineData(null, 60, "landing is not in the log")]
    public void A_log_that_starts_or_ends_in_the_air_is_taken_and_says_what_is_missing(int? fromS, int? toS, string expected)
    {
        var whole = Assert.Single(Recorded(Recording())).Flight!;
        var (from, to) = (fromS is { } after ? whole.Draft.TakeoffAt.AddSeconds(after) : DateTimeOffset.MinValue, toS is { } until ? whole.Draft.TakeoffAt.AddSeconds(until) : DateTimeOffset.MaxValue);
        using var cut = new MemoryStream();
        using (var recording = Recording())
        using (var writer = new TlogWriter(cut, new TlogWriterOptions()))
        {
            var reader = new TlogReader(recording, MessageCatalog.Default);
            while (reader.TryRead(out var record))
            {
                if (record.Stamp >= from && record.Stamp <= to)
                    writer.Append(record.Stamp, record.SentByUs, record.Frame.Bytes);
            }

            writer.Flush();
            cut.Position = 0;
            var read = Assert.Single(Recorded(cut));
            Assert.Contains(read.Remarks, remark => remark.Why.Contains(expected, StringComparison.Ordinal));
            Assert.Equal(fromS is null ? 60 : whole.Draft.AirborneS - 60, read.Flight!.Draft.AirborneS, 5.0);
        }
    }

    [Property(MaxTest = 200)]
    public void Whatever_was_flown_comes_back_in_any_order_of_the_columns(int[] starts, int seed)
    {
        string[] headings = ["架次编号", "无人机", "起飞时间", "落地时间", "备注"];
        var order = Enumerable.Range(0, headings.Length).OrderBy(column => HashCode.Combine(seed, column)).ToArray();
        var flights = starts.Select((start, i) => (Number: $"N{i}", Takeoff: Now.AddMinutes(-Math.Abs(start % 1_000_000) - 20_000), Length: TimeSpan.FromSeconds(1 + Math.Abs((start ^ seed) % 80_000)))).ToList();
        var lines = flights.Select(flight => new[] { flight.Number, "A, \"B\"", Text(flight.Takeoff) + "Z", Text(flight.Takeoff + flight.Length) + "Z", "一\n二" }).Prepend(headings);
        var text = string.Join("\r\n", lines.Select(line => string.Join(',', order.Select(column => $"\"{line[column].Replace("\"", "\"\"", StringComparison.Ordinal)}\""))));
        using var reader = Open(FlightFormat.Csv, Stream(text), Terms);
        var read = All(reader);
        Assert.Equal(flights.Select(flight => (flight.Number, Text(flight.Takeoff), flight.Length.TotalSeconds)), read.Select(entry => (entry.Flight!.Number!, Text(entry.Flight.Draft.TakeoffAt), entry.Flight.Draft.AirborneS)));
        Assert.All(read, entry => Assert.Equal("A, \"B\"", entry.Flight!.Vehicle));
    }

    [Property(MaxTest = 200)]
    public void No_table_and_no_track_makes_a_reader_throw_or_take_a_flight_that_cannot_be(string text, bool isGpx)
    {
        using var reader = FlightReader.Open(isGpx ? FlightFormat.Gpx : FlightFormat.Csv, Stream(isGpx ? $"<gpx><trk><name>{text}" : $"vehicle,takeoffAt,landedAt\n{text}"), Terms, out _);
        Assert.All(reader is null ? [] : All(reader), entry => Assert.True(entry.Flight is not null || entry.Remarks.Count > 0));
    }

    private static FileStream Recording() => File.OpenRead(Checkout.Golden("tlogs", "copter-patrol.tlog"));

    private static List<ReadFlight> Recorded(Stream log)
    {
        using var reader = Open(FlightFormat.Tlog, log, Terms with { Now = DateTimeOffset.MaxValue.AddYears(-1) });
        return All(reader);
    }

    private static FlightReader Open(FlightFormat format, Stream stream, FileTerms terms) => FlightReader.Open(format, stream, terms, out var wrong) ?? throw new InvalidDataException(wrong!.Why);

    private static ReadFlight Single(string text, FileTerms terms)
    {
        using var reader = Open(FlightFormat.Csv, Stream(text), terms);
        return Assert.Single(All(reader));
    }

    private static List<ReadFlight> All(FlightReader reader)
    {
        List<ReadFlight> all = [];
        while (reader.Next() is { } next)
            all.Add(next);
        return all;
    }

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));

    private static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
}
