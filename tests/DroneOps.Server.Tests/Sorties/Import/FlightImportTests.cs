using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DroneOps.Links.FlightLog;
using DroneOps.Mavlink;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Fleet;
using DroneOps.Server.Sorties.Import;
using DroneOps.Server.Storage;
using DroneOps.Server.Tests.Harness;
using DroneOps.Tests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Sorties.Import;

/// <summary>Flights of other systems, on both stores.</summary>
public abstract class FlightImportTests(SharedServer shared)
{
    private const string Sorties = "/api/v1/sorties";
    private static readonly Encoding Gb18030 = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;
    private static readonly string Recording = Checkout.Golden("tlogs", "copter-patrol.tlog");
    private static readonly JsonElement Nothing = JsonDocument.Parse("null").RootElement;

    [Fact]
    public async Task Flights_are_taken_once_counted_and_marked_as_imported()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        var key = Key();
        var file = Gb18030.GetBytes($"架次编号,无人机,飞手,用途,起飞时间,落地时间,天气\r\n{key}-1,旧机{key},老张,巡逻,2019-03-01 08:15:30,2019-03-01 08:41:05,晴\r\n{key}-2,旧机{key},老张,看展,2019-03-01 10:00:00,2019-03-01 10:10:00,雨\r\n");
        var hash = Convert.ToHexStringLower(SHA256.HashData(file));

        var dry = await SendAsync(admin, file, "&dryRun=true");
        Assert.Equal((2, 0, 0, true), (Count(dry, "taken"), Count(dry, "known"), Count(dry, "refused"), dry.GetProperty("isDryRun").GetBoolean()));
        Assert.Equal((2, 2135.0), Added(dry));
        Assert.Equal(Nothing.ToString(), dry.GetProperty("columns")[6].GetProperty("understoodAs").ToString());
        Assert.Empty((await ImportedAsync(admin, key)).Items);

        var first = await SendAsync(admin, file, "");
        Assert.Equal((2, 0, 0, hash, "gb18030"), (Count(first, "taken"), Count(first, "known"), Count(first, "refused"), first.GetProperty("sha256").GetString(), first.GetProperty("encoding").GetString()!.ToLowerInvariant()));
        Assert.Equal((2, 2135.0), Added(first));
        Assert.Contains(first.GetProperty("items").EnumerateArray().SelectMany(item => item.GetProperty("remarks").EnumerateArray()), remark => remark.GetProperty("why").GetString()!.Contains("'看展' is not one of the unit's", StringComparison.Ordinal));
        var second = await SendAsync(admin, file, "");
        Assert.Equal((0, 2, 0), (Count(second, "taken"), Count(second, "known"), Count(second, "refused")));
        Assert.Equal((0, 0.0), Added(second));

        var sortie = (await ImportedAsync(admin, key)).Items.Single(item => item.GetProperty("purpose").GetString() == "patrol");
        Assert.Equal(("closed", "imported", "imported", 1535.0, "老张"), (sortie.GetProperty("state").GetString(), sortie.GetProperty("takeoffSource").GetString(), sortie.GetProperty("landingSource").GetString(), sortie.GetProperty("airborneS").GetDouble(), sortie.GetProperty("pilot").GetString()));
        var imported = sortie.GetProperty("imported");
        Assert.Equal(("flights.csv", hash, 2, "user:admin"), (imported.GetProperty("file").GetString(), imported.GetProperty("sha256").GetString(), imported.GetProperty("row").GetInt32(), imported.GetProperty("by").GetString()));
        Assert.Empty((await admin.GetAsync<Page<JsonElement>>($"{Sorties}?q={Uri.EscapeDataString($"旧机{key}")}&origin=recorded")).Items);
        var hours = await admin.GetAsync<JsonElement>("/api/v1/flightHours?groupBy=vehicle&from=2019-01-01T00:00:00Z&to=2020-01-01T00:00:00Z");
        Assert.Contains(hours.GetProperty("items").EnumerateArray(), row => row.GetProperty("label").GetString() == $"旧机{key}" && row.GetProperty("airborneSeconds").GetDouble() == 2135);

        // The fleet has what was heard, not what a table says.
        await using var db = await shared.Server.Services.GetRequiredService<IDbContextFactory<FleetDb>>().CreateDbContextAsync();
        Assert.False(await db.Set<VehicleRecord>().AnyAsync(vehicle => vehicle.Name == $"旧机{key}"));
        Assert.True(File.Exists(Path.Combine(shared.Server.Services.GetRequiredService<DataFolder>().Path, "imports", $"{hash}.csv")));
    }

    [Fact]
    public async Task The_audit_log_has_the_hash_of_the_file_before_its_flights_and_what_became_of_it_after()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        var key = Key();
        var file = Encoding.UTF8.GetBytes($"vehicle,takeoffAt,landedAt\nH{key},2019-04-01T08:00:00Z,2019-04-01T08:10:00Z\n");
        await SendAsync(admin, file, "");
        var log = shared.Server.Services.GetRequiredService<AuditLog>();
        var own = log.Read(0, log.Count).Where(entry => entry.Subject.StartsWith("import/", StringComparison.Ordinal)).GroupBy(entry => entry.Subject).Last().ToList();
        Assert.Equal(["history.imported", "sortie.imported", "history.importEnded"], own.Select(entry => entry.Action));
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(file)), JsonSerializer.Serialize(own[0].Details), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flights_of_one_drone_that_overlap_stand_twice_or_have_another_s_number_are_refused_row_by_row()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        var key = Key();
        await SendAsync(admin, Encoding.UTF8.GetBytes($"number,vehicle,takeoffAt,landedAt\n{key}-1,O{key},2019-05-01 08:00:00,2019-05-01 09:00:00\n"), "");
        var report = await SendAsync(admin, Encoding.UTF8.GetBytes(string.Join('\n',
            "number,vehicle,takeoffAt,landedAt",
            $"{key}-2,O{key},2019-05-01 08:30:00,2019-05-01 09:30:00",
            $"{key}-3,O{key},2019-05-01 10:00:00,2019-05-01 10:30:00",
            $"{key}-4,O{key},2019-05-01 10:29:00,2019-05-01 10:40:00",
            $"{key}-3,O{key},2019-05-01 12:00:00,2019-05-01 12:30:00",
            $"{key}-1,O{key},2019-06-01 08:00:00,2019-06-01 09:00:00",
            $"{key}-5,other {key},2019-05-01 08:30:00,2019-05-01 09:30:00",
            $"{key}-6,O{key},2019-05-01 08:00:01,2019-05-01 09:00:01",
            $"{key}-7,O{key},2099-05-01 08:00:01,2099-05-01 09:00:01")), "");
        Assert.Equal((2, 1, 5), (Count(report, "taken"), Count(report, "known"), Count(report, "refused")));
        Says(report, 2, "another sortie then");
        Says(report, 4, "overlaps the flight in row 3");
        Says(report, 5, "stands in row 3 already");
        Says(report, 6, "is that of another flight");
        Says(report, 8, "has this flight of the drone already");
        Says(report, 9, "in the future");
    }

    [Fact]
    public async Task A_drone_of_the_fleet_is_known_by_its_name_and_a_pilot_by_the_account()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        var key = Key();
        await using (var db = await shared.Server.Services.GetRequiredService<IDbContextFactory<FleetDb>>().CreateDbContextAsync())
        {
            db.Add(new VehicleRecord { Number = 8_000 + RandomNumberGenerator.GetInt32(1_000_000), Name = $"F-{key}", HardwareId = $"hw{key}", Network = "n", SystemId = 9, RegisteredAt = TestServer.Begin });
            await db.SaveChangesAsync();
        }

        var report = await SendAsync(admin, Encoding.UTF8.GetBytes($"vehicle,serial,pilot,takeoffAt,landedAt\nf-{key},,pilot,2019-07-01 08:00:00,2019-07-01 08:10:00\nwhat,HW{key},王五,2019-07-01 09:00:00,2019-07-01 09:10:00\n"), "");
        Assert.Equal(2, Count(report, "taken"));
        var sorties = (await admin.GetAsync<Page<JsonElement>>($"{Sorties}?q=F-{key}")).Items;
        Assert.Equal(["user:pilot", "王五"], sorties.Select(sortie => sortie.GetProperty("pilot").GetString()).Order(StringComparer.Ordinal).Reverse().OrderBy(name => name!.Length == 2));
        Assert.Single(sorties.Select(sortie => sortie.GetProperty("vehicleId").GetString()).Distinct());
    }

    [Fact]
    public async Task Tracks_come_in_with_their_points_and_are_found_by_place()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        var key = Key();
        var text = $"<gpx version='1.1'><trk><name>G{key} 2019-08-01T00:00:00Z</name><trkseg>" + string.Concat(Enumerable.Range(0, 60).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"<trkpt lat='23.9' lon='{116.9 + (i * 0.0001):F4}'><ele>{30 + i}</ele><time>2019-08-01T00:00:{i:00}Z</time></trkpt>"))) + "</trkseg></trk></gpx>";
        var report = await SendAsync(admin, Encoding.UTF8.GetBytes(text), "", "application/gpx+xml", "flights.gpx");
        Assert.Equal(1, Count(report, "taken"));
        var found = (await admin.GetAsync<Page<JsonElement>>($"{Sorties}?near=116.903,23.9&withinM=50&q=G{key}")).Items;
        var sortie = Assert.Single(found);
        Assert.Equal((59.0, 59.0), (sortie.GetProperty("airborneS").GetDouble(), sortie.GetProperty("maxAltitudeAboveHomeM").GetDouble()));
        Assert.Equal(30, sortie.GetProperty("pass").GetProperty("altitudeAboveHomeM").GetDouble(), 1.0);
    }

    [Fact]
    public async Task A_long_track_is_found_at_the_time_it_passed_and_at_no_other_and_also_between_two_of_its_points()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        var key = Key();
        var begin = new DateTimeOffset(2019, 8, 2, 13, 0, 0, TimeSpan.Zero);
        var text = $"<gpx version='1.1'><trk><name>L{key}</name><trkseg>" + string.Concat(Enumerable.Range(0, 720).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"<trkpt lat='23.7' lon='{116.1 + (i * 0.0002):F4}'><ele>{30 + (i / 10.0):F1}</ele><time>{begin.AddSeconds(5 * i):yyyy-MM-ddTHH:mm:ssZ}</time></trkpt>"))) + "</trkseg></trk></gpx>";
        Assert.Equal(1, Count(await SendAsync(admin, Encoding.UTF8.GetBytes(text), "", "application/gpx+xml", "long.gpx"), "taken"));

        // It was there at 13:20 and 2.5 s: in the middle of a step, whichever points the pieces are cut at.
        var passed = begin.AddSeconds((240 * 5) + 2.5);
        foreach (var step in new[] { 240, 241 })
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"near={116.1 + ((step + 0.5) * 0.0002):F4},23.7&withinM=5&q=L{key}");
            var pass = Assert.Single((await admin.GetAsync<Page<JsonElement>>($"{Sorties}?{place}")).Items).GetProperty("pass");
            Assert.Equal(0, pass.GetProperty("distanceM").GetDouble(), 1.0);
            Assert.Equal(0, (pass.GetProperty("at").GetDateTimeOffset() - passed.AddSeconds(5 * (step - 240))).TotalSeconds, 0.5);
            Assert.Single((await admin.GetAsync<Page<JsonElement>>($"{Sorties}?{place}&from=2019-08-02T13:20:00Z&to=2019-08-02T13:21:00Z")).Items);
            Assert.Empty((await admin.GetAsync<Page<JsonElement>>($"{Sorties}?{place}&from=2019-08-02T13:00:00Z&to=2019-08-02T13:19:40Z")).Items);
            Assert.Empty((await admin.GetAsync<Page<JsonElement>>($"{Sorties}?{place}&from=2019-08-02T13:21:00Z&to=2019-08-02T14:10:00Z")).Items);
        }
    }

    [Fact]
    public async Task Both_clocks_of_an_imported_flight_follow_its_corrected_times()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        var report = await SendAsync(admin, Encoding.UTF8.GetBytes($"vehicle,takeoffAt,landedAt\nC{Key()},2019-09-01T10:00:00Z,2019-09-01T11:00:00Z\n"), "");
        var sorties = (await admin.GetAsync<Page<JsonElement>>($"{Sorties}?from=2019-09-01T00:00:00Z&to=2019-09-02T00:00:00Z&origin=imported")).Items;
        Assert.Equal(1, Count(report, "taken"));
        var id = Assert.Single(sorties).GetProperty("id").GetGuid();
        foreach (var (field, value, seconds) in new[] { ("landedAt", "10:30", 1800.0), ("landedAt", "10:45", 2700), ("takeoffAt", "09:50", 3300), ("landedAt", "11:10", 4800) })
        {
            using var answer = await pilot.PostAsJsonAsync($"{Sorties}/{id}/corrections", new { field, value = $"2019-09-01T{value}:00Z", reason = "纸质记录" }, TestContext.Current.CancellationToken);
            var sortie = (await answer.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("sortie");
            Assert.Equal((seconds, seconds), (sortie.GetProperty("airborneS").GetDouble(), sortie.GetProperty("armedS").GetDouble()));
        }
    }

    [Fact]
    public async Task A_telemetry_log_gives_its_flight_with_its_own_clocks_and_its_frames_come_out_again()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        byte[] file = [.. "garbage before the first frame"u8, .. Earlier(TimeSpan.FromDays(600))];
        var report = await SendAsync(admin, file, "", "application/octet-stream", "copter.tlog");
        Assert.Equal((1, 0), (Count(report, "taken") + Count(report, "known"), Count(report, "refused")));
        Assert.Contains(report.GetProperty("remarks").EnumerateArray(), remark => remark.GetProperty("why").GetString()!.Contains("bytes are no frames", StringComparison.Ordinal));
        var id = report.GetProperty("items")[0].GetProperty("sortieId").GetGuid();
        using var log = await admin.GetAsync(new Uri($"{Sorties}/{id}/log.tlog", UriKind.Relative), TestContext.Current.CancellationToken);
        using var frames = new RecordedFlights(new MemoryStream(await log.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)), new FileTerms(false, null, null, DateTimeOffset.MaxValue));
        var sortie = (await admin.GetAsync<JsonElement>($"{Sorties}/{id}")).GetProperty("sortie");
        Assert.Equal(sortie.GetProperty("airborneS").GetDouble(), frames.NextFlown()!.Draft.AirborneS, 0.001);
        Assert.Equal("landedState", sortie.GetProperty("takeoffSource").GetString());
    }

    [Theory]
    [InlineData("text/csv", "vehicle,landedAt\n", "", HttpStatusCode.BadRequest, "No column holds the take-off")]
    [InlineData("text/csv", "", "", HttpStatusCode.BadRequest, "no heading")]
    [InlineData("text/csv", "vehicle,takeoffAt,landedAt\n", "&datum=bd09", HttpStatusCode.BadRequest, "wgs84 or gcj02")]
    [InlineData("application/zip", "PK", "", HttpStatusCode.UnsupportedMediaType, "unsupported-media-type")]
    public async Task A_file_that_cannot_be_flights_is_refused_as_a_whole(string type, string text, string query, HttpStatusCode status, string expected)
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        using var answer = await PostAsync(admin, Encoding.UTF8.GetBytes(text), query, type, "flights.csv");
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(expected, (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused_before_it_is_read()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        using var content = new StreamContent(new MemoryStream(new byte[16])) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv"), ContentLength = FlightFile.MostTextBytes + 1 } };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Sorties}/import?file=big.csv") { Content = content, Headers = { ExpectContinue = true } };
        using var answer = await admin.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await answer.ReadProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Fact]
    public async Task Who_does_not_administer_may_not_import()
    {
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        using var answer = await PostAsync(pilot, "vehicle,takeoffAt,landedAt\n"u8.ToArray(), "", "text/csv", "flights.csv");
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private static void Says(JsonElement report, int row, string what)
    {
        var item = report.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("row").GetInt32() == row);
        Assert.Contains(item.GetProperty("remarks").EnumerateArray(), remark => remark.GetProperty("why").GetString()!.Contains(what, StringComparison.Ordinal));
    }

    private static string Key() => Guid.NewGuid().ToString("n")[..10];

    private static int Count(JsonElement report, string what) => report.GetProperty(what).GetInt32();

    private static (int Sorties, double AirborneSeconds) Added(JsonElement report)
    {
        var (before, after) = (report.GetProperty("before"), report.GetProperty("after"));
        return (after.GetProperty("sorties").GetInt32() - before.GetProperty("sorties").GetInt32(), Math.Round(after.GetProperty("airborneSeconds").GetDouble() - before.GetProperty("airborneSeconds").GetDouble(), 3));
    }

    private static Task<Page<JsonElement>> ImportedAsync(HttpClient client, string key) => client.GetAsync<Page<JsonElement>>($"{Sorties}?q={Uri.EscapeDataString($"旧机{key}")}&origin=imported");

    private static async Task<JsonElement> SendAsync(HttpClient client, byte[] file, string query, string type = "text/csv", string name = "flights.csv")
    {
        using var answer = await PostAsync(client, file, query, type, name);
        return await answer.ReadAsync<JsonElement>(HttpStatusCode.OK);
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, byte[] file, string query, string type, string name)
    {
        using var content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        return await client.PostAsync($"{Sorties}/import?file={name}{query}", content, TestContext.Current.CancellationToken);
    }

    /// <summary>The recording as if it had been flown earlier: the servers' clock stands before it.</summary>
    private static byte[] Earlier(TimeSpan by)
    {
        using var recording = File.OpenRead(Recording);
        using var moved = new MemoryStream();
        using var writer = new TlogWriter(moved, new TlogWriterOptions());
        var reader = new TlogReader(recording, MessageCatalog.Default);
        while (reader.TryRead(out var record))
            writer.Append(record.Stamp - by, record.SentByUs, record.Frame.Bytes);
        writer.Flush();
        return moved.ToArray();
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : FlightImportTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : FlightImportTests(server);
}
