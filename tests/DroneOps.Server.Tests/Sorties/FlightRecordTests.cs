using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Patrols;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using DroneOps.Server.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Tests.Sorties;

/// <summary>The flight record as people read and correct it, on both stores.</summary>
public abstract class FlightRecordTests(SharedServer shared)
{
    private const string Sorties = "/api/v1/sorties";
    private static readonly DateTimeOffset Takeoff = TestServer.Begin.AddHours(-5);

    [Fact]
    public async Task A_correction_counts_from_now_on_and_the_first_value_stays_readable()
    {
        var sortie = await FlyAsync(pilot: "user:wang");
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        var (first, last) = ($"user:{Guid.NewGuid():N}", $"user:{Guid.NewGuid():N}");

        await CorrectAsync(pilot, sortie, "pilot", first);
        var corrected = await CorrectAsync(pilot, sortie, "pilot", last);

        Assert.Equal(last, corrected.GetProperty("sortie").GetProperty("pilot").GetString());
        Assert.Equal(["pilot"], corrected.GetProperty("sortie").GetProperty("corrected").EnumerateArray().Select(field => field.GetString()));
        Assert.Equal(["user:wang", first], corrected.GetProperty("corrections").EnumerateArray().Select(correction => correction.GetProperty("oldValue").GetString()));
        Assert.Single((await pilot.GetAsync<JsonElement>($"{Sorties}?pilot={Uri.EscapeDataString(last)}")).GetProperty("items").EnumerateArray());
        Assert.Empty((await pilot.GetAsync<JsonElement>($"{Sorties}?pilot={Uri.EscapeDataString(first)}")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_corrected_time_moves_the_airborne_clock_of_a_sortie_that_is_over()
    {
        var sortie = await FlyAsync();
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        var corrected = await CorrectAsync(pilot, sortie, "takeoffAt", Rfc3339.Text(Takeoff.AddSeconds(-30)));
        Assert.Equal(630, corrected.GetProperty("sortie").GetProperty("airborneS").GetDouble(), 0.001);

        // Nobody measured it: it says so, claims no exactness, and the motors ran as long as it flew.
        var landed = Takeoff.AddSeconds(900);
        var late = (await CorrectAsync(pilot, sortie, "landedAt", Rfc3339.Text(landed))).GetProperty("sortie");
        Assert.Equal(("entered", "entered"), (late.GetProperty("takeoffSource").GetString(), late.GetProperty("landingSource").GetString()));
        Assert.Equal((930, 930), (late.GetProperty("airborneS").GetDouble(), late.GetProperty("armedS").GetDouble()));
        Assert.Equal((landed, Takeoff.AddSeconds(-30)), (late.GetProperty("disarmedAt").GetDateTimeOffset(), late.GetProperty("armedAt").GetDateTimeOffset()));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (late.GetProperty("airborneWithinS").ValueKind, late.GetProperty("armedWithinS").ValueKind));

        var open = await FlyAsync(isClosed: false);
        using var refused = await pilot.PostAsJsonAsync($"{Sorties}/{open}/corrections", new { field = "takeoffAt", value = Rfc3339.Text(Takeoff.AddSeconds(-30)), reason = "radar" });
        await refused.ReadProblemAsync(HttpStatusCode.Conflict, "sortie-open");
    }

    [Fact]
    public async Task A_flight_whose_task_is_put_right_is_in_the_lists_of_that_task_and_of_no_other()
    {
        var sortie = await FlyAsync(incident: "inc-9", purpose: "incident");
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        using var reported = await dispatcher.PostAsJsonAsync("/api/v1/incidents", new { type = "flood", priority = 2, externalNumber = $"T{sortie:N}", location = new { type = "Point", coordinates = new[] { 117.66, 24.513 } } });
        var incident = (await reported.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var occurrence = new OccurrenceRecord { Id = $"{sortie:n}-20260430T1900", PatrolId = Guid.NewGuid(), PatrolName = "江滨夜巡", PlannedAt = Takeoff, State = OccurrenceState.Done, RequestedBy = "user:admin" };
        await using (var db = await shared.Server.Services.GetRequiredService<IDbContextFactory<FleetDb>>().CreateDbContextAsync())
        {
            db.Add(occurrence);
            await db.SaveChangesAsync();
        }

        var patrolled = await CorrectAsync(pilot, sortie, "taskId", occurrence.Id);
        Assert.Equal(("patrol", occurrence.Id, "江滨夜巡"), TaskOf(patrolled));
        var corrected = await CorrectAsync(pilot, sortie, "taskId", incident.ToString().ToUpperInvariant());
        Assert.Equal(("incident", incident.ToString(), $"T{sortie:N}"), TaskOf(corrected));
        Assert.Equal(
            [("taskId", "inc-9", occurrence.Id), ("taskKind", "incident", "patrol"), ("taskLabel", null, "江滨夜巡"), ("taskId", occurrence.Id, incident.ToString()), ("taskKind", "patrol", "incident"), ("taskLabel", "江滨夜巡", $"T{sortie:N}")],
            corrected.GetProperty("corrections").EnumerateArray().Select(one => (one.GetProperty("field").GetString()!, one.GetProperty("oldValue").GetString(), one.GetProperty("newValue").GetString())));
        Assert.Equal([sortie], await IdsAsync(pilot, $"incident={incident}"));
        Assert.Empty(await IdsAsync(pilot, $"patrol={occurrence.Id}"));

        Assert.Equal((null, null, null), TaskOf(await CorrectAsync(pilot, sortie, "taskId", null)));
        Assert.Empty(await IdsAsync(pilot, $"incident={incident}"));
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var entries = (await auditor.GetAsync<Page<JsonElement>>("/api/v1/audit/entries?action=sortie.corrected&limit=1000")).Items.Where(entry => entry.GetProperty("subject").GetString() == $"sortie/{sortie}");
        Assert.Equal(["incident", "patrol", "incident"], entries.Reverse().Select(entry => entry.GetProperty("details").GetProperty("along")[0].GetProperty("oldValue").GetString()));

        static (string?, string?, string?) TaskOf(JsonElement answer) =>
            (answer.GetProperty("sortie").GetProperty("taskKind").GetString(), answer.GetProperty("sortie").GetProperty("taskId").GetString(), answer.GetProperty("sortie").GetProperty("taskLabel").GetString());
    }

    [Fact]
    public async Task What_a_pack_told_of_itself_stays_with_it_when_another_one_is_entered()
    {
        var (worn, other) = ($"W{Guid.NewGuid():N}", $"N{Guid.NewGuid():N}");
        var sortie = await FlyAsync(battery: worn);
        await using (var db = await shared.Server.Services.GetRequiredService<IDbContextFactory<FleetDb>>().CreateDbContextAsync())
        {
            var row = await db.Set<SortieRecord>().SingleAsync(row => row.Id == sortie);
            (row.BatteryCycles, row.BatteryHealthPercent) = (412, 61);
            await db.SaveChangesAsync();
        }

        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        Assert.Equal(1, (await CorrectAsync(pilot, sortie, "batterySerial", worn)).GetProperty("corrections").GetArrayLength());
        var corrected = await CorrectAsync(pilot, sortie, "batterySerial", other);
        Assert.Equal([worn, "412", "61"], corrected.GetProperty("corrections").EnumerateArray().Skip(1).Select(one => one.GetProperty("oldValue").GetString()));
        var packs = (await pilot.GetAsync<Page<JsonElement>>("/api/v1/batteries?limit=1000")).Items;
        Assert.DoesNotContain(packs, pack => pack.GetProperty("serial").GetString() == worn);
        Assert.Equal(JsonValueKind.Null, Assert.Single(packs, pack => pack.GetProperty("serial").GetString() == other).GetProperty("toldCycles").ValueKind);
    }

    [Fact]
    public async Task The_take_off_of_a_flight_whose_end_nobody_saw_is_put_right_once_its_landing_is_entered()
    {
        var sortie = await FlyAsync(isGivenUp: true);
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        var earlier = Rfc3339.Text(Takeoff.AddSeconds(-30));
        using (var refused = await pilot.PostAsJsonAsync($"{Sorties}/{sortie}/corrections", new { field = "takeoffAt", value = earlier, reason = "radar" }))
            await refused.ReadProblemAsync(HttpStatusCode.Conflict, "end-not-seen");
        var untouched = await pilot.GetAsync<JsonElement>($"{Sorties}/{sortie}");
        Assert.Equal((600, Takeoff, 0), (untouched.GetProperty("sortie").GetProperty("airborneS").GetDouble(), untouched.GetProperty("sortie").GetProperty("takeoffAt").GetDateTimeOffset(), untouched.GetProperty("corrections").GetArrayLength()));

        await CorrectAsync(pilot, sortie, "purpose", "Training");
        await CorrectAsync(pilot, sortie, "landedAt", Rfc3339.Text(Takeoff.AddSeconds(900)));
        Assert.Equal(930, (await CorrectAsync(pilot, sortie, "takeoffAt", earlier)).GetProperty("sortie").GetProperty("airborneS").GetDouble());
    }

    [Theory]
    [InlineData("takeoffAt", "banana", "#/value")]
    [InlineData("takeoffAt", "2026-05-01T00:00:00Z", "#/value")]
    [InlineData("landedAt", "2026-04-30T10:00:00Z", "#/value")]
    [InlineData("landedAt", null, "#/value")]
    [InlineData("pilot", "", "#/value")]
    [InlineData("taskId", "", "#/value")]
    [InlineData("taskId", "inc-1", "#/value")]
    [InlineData("taskId", "00000000-0000-0000-0000-000000000001", "#/value")]
    [InlineData("batterySerial", "", "#/value")]
    [InlineData("distanceM", "5", "#/field")]
    public async Task A_correction_that_cannot_be_right_is_refused_and_changes_nothing(string field, string? value, string place)
    {
        var sortie = await FlyAsync();
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        using var answer = await pilot.PostAsJsonAsync($"{Sorties}/{sortie}/corrections", new { field, value, reason = "a test" });
        var problem = await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(place, problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
        Assert.Empty((await pilot.GetAsync<JsonElement>($"{Sorties}/{sortie}")).GetProperty("corrections").EnumerateArray());
    }

    [Fact]
    public async Task A_correction_made_on_an_old_version_is_stale()
    {
        var sortie = await FlyAsync();
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        using var read = await pilot.GetAsync($"{Sorties}/{sortie}");
        await CorrectAsync(pilot, sortie, "purpose", "Training");
        using var late = new HttpRequestMessage(HttpMethod.Post, $"{Sorties}/{sortie}/corrections") { Content = JsonContent.Create(new { field = "purpose", value = "Patrol", reason = "late" }) };
        late.Headers.IfMatch.Add(read.Headers.ETag!);
        using var answer = await pilot.SendAsync(late);
        await answer.ReadProblemAsync(HttpStatusCode.PreconditionFailed, "stale-etag");
    }

    [Fact]
    public async Task Sorties_that_took_off_at_one_instant_are_all_listed_once_page_by_page()
    {
        var purpose = Guid.NewGuid().ToString();
        HashSet<Guid> flown = [];
        for (var i = 0; i < 5; i++)
            flown.Add(await FlyAsync(purpose: purpose));
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var listed = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await auditor.GetAsync<Page<JsonElement>>($"{Sorties}?purpose={purpose}&limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            listed.AddRange(page.Items.Select(item => item.GetProperty("id").GetGuid()));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(5, listed.Count);
        Assert.Equal(flown, listed.ToHashSet());
    }

    [Theory]
    [InlineData("near=117.655,24.513&withinM=300", true)]
    [InlineData("near=117.655,24.523&withinM=300", false)]
    [InlineData("from=2026-04-30T18:59:00Z&to=2026-04-30T19:01:00Z", true)]
    [InlineData("from=2026-04-30T19:01:00Z", false)]
    [InlineData("vehicleId=7001", true)]
    [InlineData("vehicleId=7002", false)]
    [InlineData("incident=inc-1", true)]
    [InlineData("incident=inc-2", false)]
    [InlineData("pilot=user%3Aliu", true)]
    public async Task Every_filter_of_the_contract_narrows_the_list(string query, bool isListed)
    {
        var sortie = await FlyAsync(pilot: "user:liu", vehicle: "7001", incident: "inc-1", purpose: "Search");
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var page = await auditor.GetAsync<Page<JsonElement>>($"{Sorties}?limit=1000&purpose=Search&{query}");
        Assert.Equal(isListed, page.Items.Any(item => item.GetProperty("id").GetGuid() == sortie));
    }

    [Theory]
    [InlineData("vehicle", "8001")]
    [InlineData("pilot", "user:zhao")]
    [InlineData("battery", "B-77")]
    [InlineData("day", "2026-05-01")]
    [InlineData("month", "2026-05")]
    [InlineData("purpose", "Hours")]
    [InlineData("unit", "特警支队")]
    [InlineData("dutyMode", "emergency")]
    [InlineData("dock", "dock-hours")]
    public async Task Hours_add_up_to_the_same_total_however_they_are_grouped(string groupBy, string key)
    {
        await FlyAsync(pilot: "user:zhao", vehicle: "8001", battery: "B-77", purpose: "Hours", unit: "特警支队", dock: "dock-hours");
        await FlyAsync(purpose: "rescue");
        await FlyAsync();
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var hours = await auditor.GetAsync<JsonElement>($"/api/v1/flightHours?groupBy={groupBy}");
        Assert.Contains(hours.GetProperty("items").EnumerateArray(), row => row.GetProperty("key").GetString() == key);
        foreach (var name in new[] { "sorties", "airborneSeconds", "armedSeconds" })
            Assert.Equal(hours.GetProperty("total").GetProperty(name).GetDouble(), hours.GetProperty("items").EnumerateArray().Sum(row => row.GetProperty(name).GetDouble()), 0.01);
    }

    [Theory]
    [InlineData("geojson", "application/geo+json", "\"2026-04-30T19:00:00.000Z\"")]
    [InlineData("gpx", "application/gpx+xml", "<time>2026-04-30T19:00:00.000Z</time>")]
    [InlineData("kml", "application/vnd.google-earth.kml+xml", "117.655,24.513,50")]
    [InlineData("csv", "text/csv", "2026-04-30T19:00:00.000Z,117.655,24.513,50,20,8")]
    public async Task A_track_is_exported_in_every_form_of_the_contract(string form, string mediaType, string holds)
    {
        var sortie = await FlyAsync();
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        using var answer = await auditor.GetAsync($"{Sorties}/{sortie}/track.{form}");
        Assert.Equal((HttpStatusCode.OK, mediaType), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains(holds, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "\"geometry\":null", false, false)]
    [InlineData(1, "\"type\":\"Point\",\"coordinates\":[117.655,24.513,80]", true, false)]
    [InlineData(2, "\"type\":\"LineString\",\"coordinates\":[[117.655,24.513,80],[", false, true)]
    public async Task A_track_of_fewer_than_two_points_is_no_line(int points, string geoJson, bool isPoint, bool isLine)
    {
        var sortie = await FlownRows.FlyAsync(shared.Server, Takeoff, [(117.655, 24.513), (117.656, 24.513)], vehicle: "9002");
        List<TrackPoint> track = [.. Enumerable.Range(0, points).Select(second => new TrackPoint(Takeoff.AddSeconds(second), 117.655 + (second * 0.0001), 24.513, 80, 60, 10))];
        Assert.Contains(geoJson, Encoding.UTF8.GetString(TrackFiles.GeoJson(sortie, track)), StringComparison.Ordinal);
        var kml = Encoding.UTF8.GetString(TrackFiles.Kml(sortie, track));
        Assert.Equal((isPoint, isLine), (kml.Contains("<Point>", StringComparison.Ordinal), kml.Contains("<LineString>", StringComparison.Ordinal)));
    }

    private static async Task<List<Guid>> IdsAsync(HttpClient client, string query) =>
        [.. (await client.GetAsync<Page<JsonElement>>($"{Sorties}?{query}")).Items.Select(item => item.GetProperty("id").GetGuid())];

    private static async Task<JsonElement> CorrectAsync(HttpClient client, Guid sortie, string field, string? value)
    {
        using var answer = await client.PostAsJsonAsync($"{Sorties}/{sortie}/corrections", new { field, value, reason = "a test" });
        return await answer.ReadAsync<JsonElement>(HttpStatusCode.Created);
    }

    private async Task<Guid> FlyAsync(string? pilot = null, string vehicle = "9001", string? incident = null, string? battery = null, string? purpose = null, bool isClosed = true, string? unit = null, string? dock = null, bool isGivenUp = false)
    {
        await using var db = await shared.Server.Services.GetRequiredService<IDbContextFactory<FleetDb>>().CreateDbContextAsync();
        var row = new SortieRecord
        {
            Id = Guid.CreateVersion7(Takeoff),
            VehicleId = vehicle,
            VehicleName = $"UAV-{vehicle}",
            HardwareId = null,
            Firmware = null,
            SystemId = 1,
            Pilot = pilot,
            Purpose = purpose,
            TaskKind = incident is null ? null : "incident",
            TaskId = incident,
            TaskLabel = null,
            DockId = dock,
            Unit = unit,
            BatterySerial = battery,
            ArmedAt = Takeoff.AddSeconds(-4),
            TakeoffAt = Takeoff,
            TakeoffSource = ClockSource.LandedState,
            LandedAt = isClosed ? Takeoff.AddSeconds(600) : null,
            DisarmedAt = isClosed ? Takeoff.AddSeconds(603) : null,
            LastHeardAt = Takeoff.AddSeconds(603),
            AirborneS = 600,
            ArmedS = 607,
            IsClosed = isClosed,
            GivenUpAt = isGivenUp ? Takeoff.AddMinutes(20) : null,
            Shape = new LineString([new(117.655, 24.513), new(117.656, 24.513)]),
        };
        db.Add(row);
        db.Add(new TrackPiece { SortieId = row.Id, Number = 0, Points = [new(Takeoff, 117.655, 24.513, 50, 20, 8), new(Takeoff.AddSeconds(1), 117.656, 24.513, 50, 20, 8)] });
        await db.SaveChangesAsync();
        return row.Id;
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : FlightRecordTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : FlightRecordTests(server);
}
