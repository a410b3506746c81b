using System.Globalization;
using System.Text;
using System.Text.Json;
using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using FsCheck.Xunit;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Tests.Incidents;

/// <summary>History files as others write them: made by Python's csv module and codecs (tests/Golden/incidents/make.py).</summary>
public sealed class HistoryFileTests
{
    private static readonly string Golden = Path.Combine(AppContext.BaseDirectory, "Golden", "incidents");
    private static readonly Envelope City = new(116.8, 118.2, 23.5, 25.3);
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly IncidentTypes Types = new(IncidentType.Usual);

    [Theory]
    [InlineData("utf8.csv", "utf-8", ',')]
    [InlineData("utf8-bom-semicolon.csv", "utf-8", ';')]
    [InlineData("gb18030.csv", "GB18030", ',')]
    [InlineData("gb18030-tab.csv", "GB18030", '\t')]
    [InlineData("utf16-tab.csv", "utf-16", '\t')]
    public void A_file_is_read_field_by_field_whatever_its_encoding_and_separator(string file, string encoding, char separator)
    {
        using var stream = File.OpenRead(Path.Combine(Golden, file));
        var found = SeparatedText.EncodingOf(stream)!;
        using var lines = SeparatedLines.Open(stream, found);
        Assert.Equal((encoding, separator), (found.WebName, lines.Separator), EqualityComparer<(string, char)>.Create((one, other) => string.Equals(one.Item1, other.Item1, StringComparison.OrdinalIgnoreCase) && one.Item2 == other.Item2));
        Assert.Equal(JsonSerializer.Deserialize<string[][]>(File.ReadAllText(Path.Combine(Golden, "fields.json"))), All(lines).Select(line => line.Fields));
    }

    [Theory]
    [InlineData("utf8.csv")]
    [InlineData("reordered.csv")]
    public void The_columns_are_understood_by_their_Chinese_names_in_any_order(string file)
    {
        using var stream = File.OpenRead(Path.Combine(Golden, file));
        using var lines = SeparatedLines.Open(stream, SeparatedText.EncodingOf(stream)!);
        var columns = HistoryColumns.Of(lines.Next()!.Fields);
        Assert.Null(columns.Wrong());
        Assert.Equal(["接警员"], columns.All.Where(column => column.Field is null).Select(column => column.Heading));

        var rows = All(lines).Select(line => Row(columns, null).Read(line.Fields, out _)!).ToList();
        Assert.Equal(["theft", "fire", "help", "traffic"], rows.Select(row => row.Type));
        Assert.Equal([2, 1, 3, 3], rows.Select(row => row.Priority));
        Assert.Equal(["2026-03-01T00:15:30Z", "2026-03-01T01:05:00Z", "2026-03-01T02:00:00Z", "2026-03-01T03:02:09Z"], rows.Select(row => row.ReportedAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 0, 21, 5, TimeSpan.Zero), rows[0].ReachedAt(IncidentStage.UnitOnScene));
        Assert.Equal("三楼冒烟；\n有人被困", rows[1].Summary);
        Assert.Equal("老人迷路 𠮷野家附近", rows[2].Summary);
        Assert.Equal("快处;快赔\t已撤离", rows[3].Note);
        Assert.All(rows, row => Assert.Equal((IncidentState.Closed, IncidentSource.Import, false), (row.State, row.Source, row.IsAutomatic)));
    }

    [Theory]
    [InlineData("number,time,lon,lat,经度", "mean the same")]
    [InlineData("time,lon,lat", "No column holds the number")]
    [InlineData("number,lon,lat", "No column holds the time")]
    [InlineData("number,time,lon", "come together")]
    [InlineData("number,time", "No column holds the place")]
    public void A_heading_that_lacks_what_is_needed_says_what(string heading, string expected) => Assert.Contains(expected, HistoryColumns.Of(heading.Split(',')).Wrong(), StringComparison.Ordinal);

    [Theory]
    [InlineData(",2026-03-01 08:00:00,117.65,24.51,,", "no number")]
    [InlineData("1,,117.65,24.51,,", "no time")]
    [InlineData("1,yesterday,117.65,24.51,,", "not like 2026-05-01 08:30:00")]
    [InlineData("1,2027-03-01 08:00:00,117.65,24.51,,", "future")]
    [InlineData("1,2026-03-01 08:00:00,24.51,117.65,,", "swapped")]
    [InlineData("1,2026-03-01 08:00:00,116.4,39.9,,", "outside the city")]
    [InlineData("1,2026-03-01 08:00:00,east,24.51,,", "not two numbers")]
    [InlineData("1,2026-03-01 08:00:00,117.65,24.51,,9", "priority '9'")]
    [InlineData("1,2026-03-01 08:00:00,,,Atlantis,", "does not know just one")]
    [InlineData("1,2026-03-01 08:00:00,,,,", "no place")]
    public void A_line_that_is_wrong_says_why(string line, string expected)
    {
        Assert.Null(Row(HistoryColumns.Of(["number", "time", "lon", "lat", "address", "priority"]), null).Read(line.Split(','), out var why));
        Assert.Contains(expected, string.Join(' ', why), StringComparison.Ordinal);
    }

    [Fact]
    public void A_point_off_its_address_by_the_shift_of_the_public_maps_is_refused_until_the_datum_is_said()
    {
        var park = new GeoPoint(24.514434, 117.656668);
        var shifted = Gcj02.FromWgs84(park);
        var columns = HistoryColumns.Of(["number", "time", "lon", "lat", "address"]);
        string[] fields = ["1", "2026-03-01 08:00:00", shifted.LongitudeDeg.ToString("F6", CultureInfo.InvariantCulture), shifted.LatitudeDeg.ToString("F6", CultureInfo.InvariantCulture), "中山公园"];

        Assert.Null(Row(columns, null).Read(fields, out var why));
        Assert.Contains("datum=gcj02", string.Join(' ', why), StringComparison.Ordinal);
        Assert.InRange(Geodesic.DistanceM(park, Row(columns, HistoryDatum.Gcj02).Read(fields, out _)!.Scene), 0, 0.2);
        Assert.InRange(Geodesic.DistanceM(shifted, Row(columns, HistoryDatum.Wgs84).Read(fields, out _)!.Scene), 0, 0.2);
    }

    [Fact]
    public void The_shift_is_that_of_two_other_implementations_and_comes_back()
    {
        var places = File.ReadLines(Path.Combine(Golden, "gcj02.csv")).Skip(1).Select(line => line.Split(',').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray()).ToList();
        Assert.Equal(60, places.Count);
        foreach (var place in places)
        {
            var (wgs84, gcj02) = (new GeoPoint(place[1], place[0]), new GeoPoint(place[3], place[2]));
            Assert.InRange(Geodesic.DistanceM(gcj02, Gcj02.FromWgs84(wgs84)), 0, 0.15);
            Assert.InRange(Geodesic.DistanceM(wgs84, Gcj02.ToWgs84(Gcj02.FromWgs84(wgs84))), 0, 1e-6);
        }

        Assert.Equal(new GeoPoint(51.5, -0.12), Gcj02.FromWgs84(new GeoPoint(51.5, -0.12)));
    }

    [Fact]
    public void A_quote_that_is_never_closed_costs_its_own_line_and_does_not_fill_the_memory()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes("number,time\n1,\"2026\n" + new string('x', 100_000)));
        using var lines = SeparatedLines.Open(stream, Encoding.UTF8);
        Assert.Equal(["number", "time"], lines.Next()!.Fields);
        Assert.Contains("not closed", lines.Next()!.Wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_text_has_no_encoding()
    {
        using var stream = new MemoryStream([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0xFF]);
        Assert.Null(SeparatedText.EncodingOf(stream));
    }

    [Property(MaxTest = 200)]
    public void Whatever_was_quoted_comes_back_as_it_was(string?[][] sent, bool isGb18030)
    {
        var table = sent.Select(row => row.Select(Written).ToArray()).Where(row => row.Length > 1).ToArray();
        var text = string.Join("\r\n", table.Prepend(["编号", "b"]).Select(row => string.Join(',', row.Select(field => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""))));
        using var stream = new MemoryStream((isGb18030 ? CodePagesEncodingProvider.Instance.GetEncoding("GB18030")! : new UTF8Encoding(false)).GetBytes(text));
        using var lines = SeparatedLines.Open(stream, SeparatedText.EncodingOf(stream)!);
        Assert.Equal(table.Prepend(["编号", "b"]), All(lines).Select(line => line.Fields));
    }

    // What no text has: lone surrogates and NUL; and a line break is written in one way.
    private static string Written(string? field) => string.Concat((field ?? "").Where(character => !char.IsSurrogate(character) && character is not ('\0' or '\r' or '\uFEFF' or '\uFFFE' or '\uFFFF')));

    private static HistoryRow Row(HistoryColumns columns, HistoryDatum? datum) =>
        new(columns, City, Gazetteer.Load(Path.Combine(AppContext.BaseDirectory, "library", Gazetteer.FileName)), Types, datum, "user:test", Now);

    private static IEnumerable<SeparatedLine> All(SeparatedLines lines)
    {
        while (lines.Next() is { } line)
            yield return line;
    }
}
