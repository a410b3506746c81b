using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Incidents;

/// <summary>What a report is told that is doubtful, and calls that are the same.</summary>
public abstract class IntakeTests(SharedServer shared)
{
    private const string Incidents = "/api/v1/incidents";

    // In the city and off its zones, and so far from each other and from those of other tests that no call is taken for another one's duplicate.
    private static int _places;

    [Fact]
    public async Task An_unknown_type_is_taken_and_said_and_a_name_of_a_known_one_is_its_code()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var odd = await ReportAsync(dispatcher, null, "飞碟", Place());
        Assert.Equal(("飞碟", "unknown-type"), (odd.GetProperty("type").GetString(), Warning(odd, 0)));
        var named = await ReportAsync(dispatcher, null, "火灾", Place());
        Assert.Equal(("fire", 0), (named.GetProperty("type").GetString(), named.GetProperty("warnings").GetArrayLength()));
        Assert.Contains("fire", (await dispatcher.GetAsync<Page<JsonElement>>($"{Incidents}/types")).Items.Select(type => type.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_report_that_is_half_written_down_can_be_asked_about_and_is_not_in_the_book()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var number = Guid.NewGuid().ToString();
        using var half = await dispatcher.PostAsJsonAsync($"{Incidents}/check", new { externalNumber = number, type = "theft", location = Point([117.6, 2]) });
        Assert.Contains("outside the city", (await half.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("faults")[0].GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var whole = await dispatcher.PostAsJsonAsync($"{Incidents}/check", new { externalNumber = number, type = "theft", location = Point(Place()) });
        Assert.Equal(0, (await whole.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("faults").GetArrayLength());
        await ReportAsync(dispatcher, number, "theft", Place());
    }

    [Fact]
    public async Task A_second_post_of_a_number_that_says_something_else_answers_the_first_and_what_differs()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var (number, place) = (Guid.NewGuid().ToString(), Place());
        var first = await ReportAsync(dispatcher, number, "theft", place);
        var same = await ReportAsync(dispatcher, number, "theft", place, status: HttpStatusCode.OK);
        Assert.Equal(0, same.GetProperty("warnings").GetArrayLength());
        var other = await ReportAsync(dispatcher, number, "fire", [place[0] + 0.01, place[1]], 1, HttpStatusCode.OK);
        Assert.Equal((first.GetProperty("id").GetGuid(), "theft", "already-reported"), (other.GetProperty("id").GetGuid(), other.GetProperty("type").GetString(), Warning(other, 0)));
        var detail = other.GetProperty("warnings")[0].GetProperty("detail").GetString()!;
        Assert.All(["type theft, now fire", "priority 2, now 1", "m away"], part => Assert.Contains(part, detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_point_that_lies_off_its_address_as_the_public_maps_shift_it_is_taken_with_a_warning()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var park = new GeoPoint(24.514434, 117.656668);
        var shifted = Gcj02.FromWgs84(park);
        using var answer = await dispatcher.PostAsJsonAsync($"{Incidents}/check", new { type = "theft", address = "中山公园", location = Point([shifted.LongitudeDeg, shifted.LatitudeDeg]) });
        var warning = (await answer.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("warnings").EnumerateArray().Single();
        var meant = warning.GetProperty("place").GetProperty("coordinates");
        Assert.Equal("shifted-place", warning.GetProperty("code").GetString());
        Assert.InRange(Geodesic.DistanceM(park, new GeoPoint(meant[1].GetDouble(), meant[0].GetDouble())), 0, 1);

        // As far away in another direction it is just a corner of the park.
        var elsewhere = Geodesic.Direct(park, 270, 500);
        using var plain = await dispatcher.PostAsJsonAsync($"{Incidents}/check", new { type = "theft", address = "中山公园", location = Point([elsewhere.LongitudeDeg, elsewhere.LatitudeDeg]) });
        Assert.DoesNotContain("shifted-place", (await plain.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_in_a_no_fly_zone_is_taken_with_the_nearest_place_that_has_a_view_of_it()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var prison = new GeoPoint(24.5332, 117.6029);
        var incident = await ReportAsync(dispatcher, null, "brawl", [prison.LongitudeDeg, prison.LatitudeDeg]);
        var warning = incident.GetProperty("warnings").EnumerateArray().Single();
        Assert.Equal("no-fly-zone", warning.GetProperty("code").GetString());
        var stand = warning.GetProperty("place").GetProperty("coordinates");
        Assert.InRange(Geodesic.DistanceM(prison, new GeoPoint(stand[1].GetDouble(), stand[0].GetDouble())), 100, 400);
        var free = await (await dispatcher.PostAsJsonAsync($"{Incidents}/check", new { type = "brawl", location = Point([stand[0].GetDouble(), stand[1].GetDouble()]) })).ReadAsync<JsonElement>(HttpStatusCode.OK);
        Assert.Equal(0, free.GetProperty("warnings").GetArrayLength());
        Assert.Equal(1, (await dispatcher.GetAsync<JsonElement>($"{Incidents}/{incident.GetProperty("id").GetGuid()}")).GetProperty("warnings").GetArrayLength());
    }

    [Fact]
    public async Task A_call_of_a_like_type_near_an_open_one_is_suggested_and_nothing_else()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var place = Place();
        var first = await ReportAsync(dispatcher, Guid.NewGuid().ToString(), "brawl", place);
        Assert.Equal(0, first.GetProperty("possibleDuplicates").GetArrayLength());
        var near = new GeoPoint(place[1], place[0]);
        async Task<int> SuggestedAsync(string type, double metres, DateTimeOffset? at = null)
        {
            var to = Geodesic.Direct(near, 45, metres);
            using var answer = await dispatcher.PostAsJsonAsync($"{Incidents}/check", new { type, location = Point([to.LongitudeDeg, to.LatitudeDeg]), reportedAt = at });
            return (await answer.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("possibleDuplicates").GetArrayLength();
        }

        var reported = first.GetProperty("reportedAt").GetDateTimeOffset();
        int[] suggestions = [
            await SuggestedAsync("brawl", 140), await SuggestedAsync("robbery", 140), await SuggestedAsync("help", 140),
            await SuggestedAsync("brawl", 160), await SuggestedAsync("theft", 140), await SuggestedAsync("brawl", 140, reported - TimeSpan.FromMinutes(16)),
        ];
        Assert.Equal([1, 1, 1, 0, 0, 0], suggestions);
        var second = await ReportAsync(dispatcher, null, "brawl", [place[0] + 0.0005, place[1]]);
        var suggested = second.GetProperty("possibleDuplicates").EnumerateArray().Single();
        Assert.Equal(first.GetProperty("id").GetGuid(), suggested.GetProperty("id").GetGuid());
        Assert.InRange(suggested.GetProperty("distanceM").GetDouble(), 49, 52);
        Assert.StartsWith("The same type, 5", suggested.GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.Equal(first.GetProperty("id").GetGuid(), (await dispatcher.GetAsync<Page<JsonElement>>($"{Incidents}/{second.GetProperty("id").GetGuid()}/duplicates")).Items.Single().GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task A_merged_call_is_closed_with_a_link_and_its_number_leads_to_the_survivor_which_has_the_earlier_call()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var (number, place) = (Guid.NewGuid().ToString(), Place());
        var earlier = await ReportAsync(dispatcher, number, "brawl", place, 1, at: "2026-04-30T23:50:00Z");
        var later = await ReportAsync(dispatcher, null, "brawl", place, 3, at: "2026-04-30T23:55:00Z");
        var survivor = await MergeAsync(dispatcher, earlier, later, HttpStatusCode.OK);
        Assert.Equal((later.GetProperty("id").GetGuid(), 1, "2026-04-30T23:50:00Z"), (survivor.GetProperty("id").GetGuid(), survivor.GetProperty("priority").GetInt32(), survivor.GetProperty("timeAxis")[0].GetProperty("at").GetString()));
        Assert.Equal("2026-04-30T23:55:00Z", survivor.GetProperty("merged")[0].GetProperty("callReceivedBefore").GetProperty("at").GetString());

        var merged = await ReadAsync(dispatcher, earlier);
        Assert.Equal(("closed", later.GetProperty("id").GetGuid()), (merged.GetProperty("state").GetString(), merged.GetProperty("mergedInto").GetProperty("into").GetGuid()));
        var again = await ReportAsync(dispatcher, number, "brawl", place, 1, HttpStatusCode.OK);
        Assert.Equal((later.GetProperty("id").GetGuid(), "merged"), (again.GetProperty("id").GetGuid(), Warning(again, 0)));

        var apart = await (await dispatcher.PostAsJsonAsync(Path(earlier, "unmerge"), new { reason = "two fights" })).ReadAsync<JsonElement>(HttpStatusCode.OK);
        Assert.Equal(("open", JsonValueKind.Null), (apart.GetProperty("state").GetString(), apart.GetProperty("mergedInto").ValueKind));
        var alone = await ReadAsync(dispatcher, later);
        Assert.Equal((3, "2026-04-30T23:55:00Z", 0), (alone.GetProperty("priority").GetInt32(), alone.GetProperty("timeAxis")[0].GetProperty("at").GetString(), alone.GetProperty("merged").GetArrayLength()));
    }

    [Fact]
    public async Task What_cannot_be_merged_says_why()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var (one, two, three) = (await ReportAsync(dispatcher, null, "brawl", Place()), await ReportAsync(dispatcher, null, "brawl", Place()), await ReportAsync(dispatcher, null, "brawl", Place()));
        await (await dispatcher.PostAsJsonAsync(Path(one, "merge"), new { into = one.GetProperty("id").GetGuid(), reason = "same" })).ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await (await dispatcher.PostAsJsonAsync(Path(one, "merge"), new { into = Guid.NewGuid(), reason = "same" })).ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await (await dispatcher.PostAsJsonAsync(Path(one, "merge"), new { into = two.GetProperty("id").GetGuid(), reason = " " })).ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await (await dispatcher.PostAsJsonAsync(Path(one, "unmerge"), new { reason = "no" })).ReadProblemAsync(HttpStatusCode.Conflict, "not-merged");
        await MergeAsync(dispatcher, one, two, HttpStatusCode.OK);
        await (await dispatcher.PostAsJsonAsync(Path(one, "merge"), new { into = three.GetProperty("id").GetGuid(), reason = "same" })).ReadProblemAsync(HttpStatusCode.Conflict, "already-merged");
        await (await dispatcher.PostAsJsonAsync(Path(three, "merge"), new { into = one.GetProperty("id").GetGuid(), reason = "same" })).ReadProblemAsync(HttpStatusCode.Conflict, "merge-target-closed");
        await (await dispatcher.PostAsJsonAsync(Path(two, "close"), new { })).ReadAsync<JsonElement>(HttpStatusCode.OK);
        await (await dispatcher.PostAsJsonAsync(Path(one, "unmerge"), new { reason = "no" })).ReadProblemAsync(HttpStatusCode.Conflict, "merge-target-closed");
        await (await dispatcher.PostAsJsonAsync(Path(three, "merge"), new { into = two.GetProperty("id").GetGuid(), reason = "same" })).ReadProblemAsync(HttpStatusCode.Conflict, "merge-target-closed");
    }

    [Fact]
    public async Task An_incident_that_moves_keeps_its_former_places_and_is_looked_at_again()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var (from, to) = (Place(), Place());
        var moving = await ReportAsync(dispatcher, null, "brawl", from);
        var there = await ReportAsync(dispatcher, null, "brawl", to);
        var moved = await (await dispatcher.PostAsJsonAsync(Path(moving, "location"), new { location = Point([to[0] + 0.0003, to[1]]), reason = "they run" })).ReadAsync<JsonElement>(HttpStatusCode.OK);
        Assert.Equal(to[0] + 0.0003, moved.GetProperty("location").GetProperty("coordinates")[0].GetDouble(), 9);
        Assert.Equal((from[0], "they run"), (moved.GetProperty("formerPlaces")[0].GetProperty("location").GetProperty("coordinates")[0].GetDouble(), moved.GetProperty("formerPlaces")[0].GetProperty("reason").GetString()));
        Assert.Equal(there.GetProperty("id").GetGuid(), moved.GetProperty("possibleDuplicates")[0].GetProperty("id").GetGuid());

        var site = await (await dispatcher.PostAsJsonAsync(Path(moving, "location"), new { keySiteId = "site-zhongshan-park", reason = "in the park" })).ReadAsync<JsonElement>(HttpStatusCode.OK);
        Assert.Equal(("中山公园", 2), (site.GetProperty("address").GetString(), site.GetProperty("formerPlaces").GetArrayLength()));
        await (await dispatcher.PostAsJsonAsync(Path(moving, "location"), new { location = Point([to[1], to[0]]), reason = "x" })).ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await (await dispatcher.PostAsJsonAsync(Path(moving, "location"), new { keySiteId = "site-zhongshan-park" })).ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await (await dispatcher.PostAsJsonAsync(Path(moving, "close"), new { })).ReadAsync<JsonElement>(HttpStatusCode.OK);
        await (await dispatcher.PostAsJsonAsync(Path(moving, "location"), new { location = Point(from), reason = "x" })).ReadProblemAsync(HttpStatusCode.Conflict, "incident-closed");
    }

    private static double[] Place()
    {
        var number = Interlocked.Increment(ref _places);
        Assert.InRange(number, 1, 79);
        return [117.70 + (0.01 * (number % 10)), 24.54 + (0.005 * (number / 10))];
    }

    private static object Point(double[] place) => new { type = "Point", coordinates = place };

    private static string? Warning(JsonElement incident, int index) => incident.GetProperty("warnings")[index].GetProperty("code").GetString();

    private static string Path(JsonElement incident, string call) => $"{Incidents}/{incident.GetProperty("id").GetGuid()}/{call}";

    private static Task<JsonElement> ReadAsync(HttpClient client, JsonElement incident) => client.GetAsync<JsonElement>($"{Incidents}/{incident.GetProperty("id").GetGuid()}");

    private static async Task<JsonElement> ReportAsync(HttpClient client, string? number, string type, double[] place, int priority = 2, HttpStatusCode status = HttpStatusCode.Created, string? at = null)
    {
        using var answer = await client.PostAsJsonAsync(Incidents, new { externalNumber = number, type, priority, summary = "", location = Point(place), reportedAt = at });
        return await answer.ReadAsync<JsonElement>(status);
    }

    private static async Task<JsonElement> MergeAsync(HttpClient client, JsonElement from, JsonElement into, HttpStatusCode status)
    {
        using var answer = await client.PostAsJsonAsync(Path(from, "merge"), new { into = into.GetProperty("id").GetGuid(), reason = "the same fight" });
        return await answer.ReadAsync<JsonElement>(status);
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : IntakeTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : IntakeTests(server);
}
