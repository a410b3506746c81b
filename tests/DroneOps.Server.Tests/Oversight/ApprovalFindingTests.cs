using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Oversight;

/// <summary>Approvals as they are entered, and sorties that name one and are not covered by it, on both stores. Each test has a day and a number of its own.</summary>
public abstract class ApprovalFindingTests(SharedServer shared)
{
    private static readonly (double Lon, double Lat)[] Line = [(117.602, 24.402), (117.612, 24.402)];

    private readonly string _number = $"漳空批〔2026〕{Guid.NewGuid():n}号";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sortie_that_keeps_to_the_approval_it_names_is_none_however_the_number_is_typed()
    {
        var day = Day(1);
        await ApproveAsync(day);
        await FlyAsync(day.AddHours(1), _number.Replace('〔', '[').Replace('〕', '］') + " ");
        await FlyAsync(day.AddHours(2), "user:zhang3");
        Assert.Empty(await FindingsAsync(day));
    }

    [Fact]
    public async Task A_number_that_is_not_in_the_register_is_told_and_a_name_is_not()
    {
        var day = Day(2);
        await ApproveAsync(day);
        await FlyAsync(day.AddHours(1), $"{_number}-2");
        await FlyAsync(day.AddHours(2), "值班长 李");
        var finding = Assert.Single(await FindingsAsync(day));
        Assert.Equal(("unknown", $"{_number}-2"), (Lack(finding), finding.GetProperty("approval").GetProperty("number").GetString()));
    }

    [Fact]
    public async Task What_is_flown_after_its_end_or_for_another_purpose_is_told_with_the_seconds()
    {
        var day = Day(3);
        await ApproveAsync(day, hours: 2, purposes: ["rescue", "patrol"]);
        var over = await FlyAsync(day.AddHours(2).AddSeconds(-20), _number, purpose: "patrol");
        var late = await FlyAsync(day.AddHours(4), _number, purpose: "training");
        var found = (await FindingsAsync(day)).OrderBy(Sortie).ThenBy(Lack).ToList();
        Assert.Equal([(over, "time"), (late, "purpose"), (late, "time")], found.Select(finding => (Sortie(finding), Lack(finding))));
        Assert.Equal((day.AddHours(2), day.AddHours(4)), (found[0].GetProperty("at").GetDateTimeOffset(), found[2].GetProperty("at").GetDateTimeOffset()));
        Assert.InRange(found[0].GetProperty("value").GetDouble(), 60, 100);
        Assert.InRange(found[2].GetProperty("value").GetDouble(), 7200 + 60, 7200 + 120);
    }

    [Fact]
    public async Task Where_a_track_leaves_the_area_or_its_ceiling_the_first_moment_and_the_metres_are_told()
    {
        var day = Day(4);
        await ApproveAsync(day);

        // The area ends at 117.62: a hundred metres in, and two hundred beyond.
        const double Hundred = 100 / 101_300.0;
        var gone = await FlyAsync(day.AddHours(1), _number, [(117.62 - Hundred, 24.402), (117.62 + (2 * Hundred), 24.402)]);
        var high = await FlyAsync(day.AddHours(2), _number, Line, heightM: 126);
        var found = (await FindingsAsync(day)).OrderBy(Sortie).ToList();
        Assert.Equal([(gone, "area"), (high, "height")], found.Select(finding => (Sortie(finding), Lack(finding))));
        Assert.InRange(found[0].GetProperty("value").GetDouble(), 190, 210);
        Assert.InRange((found[0].GetProperty("at").GetDateTimeOffset() - day.AddHours(1)).TotalSeconds, 10, 12);
        Assert.Equal((6, day.AddHours(2)), (found[1].GetProperty("value").GetDouble(), found[1].GetProperty("at").GetDateTimeOffset()));
    }

    [Fact]
    public async Task A_number_with_two_areas_covers_a_flight_from_one_into_the_other()
    {
        var day = Day(5);
        await ApproveAsync(day);
        await ApproveAsync(day, west: 117.62, east: 117.64);
        await FlyAsync(day.AddHours(1), _number, [(117.61, 24.402), (117.63, 24.402)]);
        Assert.Empty(await FindingsAsync(day));
    }

    [Fact]
    public async Task An_approval_is_entered_by_the_administrator_changed_with_a_trace_and_refused_where_it_makes_no_sense()
    {
        var id = await ApproveAsync(Day(6));
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var entries = (await auditor.GetAsync<JsonElement>($"/api/v1/audit/entries?subject=approvals/{id}")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(("approvals.created", _number), (Assert.Single(entries).GetProperty("action").GetString(), entries[0].GetProperty("details").GetProperty("properties").GetProperty("number").GetString()));
        Assert.Equal(_number, (await auditor.GetAsync<JsonElement>($"/api/v1/approvals/{id}")).GetProperty("properties").GetProperty("number").GetString());
        using (var refused = await auditor.PostAsJsonAsync("/api/v1/approvals", Feature(Day(6)), Token))
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        using var backwards = await admin.PostAsJsonAsync("/api/v1/approvals", Feature(Day(6), hours: -1), Token);
        await backwards.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        using var aimless = await admin.PostAsJsonAsync("/api/v1/approvals", Feature(Day(6), purposes: []), Token);
        await aimless.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Theory]
    [InlineData("漳空批〔2026〕12号", "漳空批[2026]12号", true)]
    [InlineData("ZA-12", " za－12 ", true)]
    [InlineData("ZA-12", "ZA-121", false)]
    public void A_number_is_the_same_whatever_brackets_and_spaces_a_keyboard_makes(string one, string other, bool same) => Assert.Equal(same, ApprovalProperties.IsSame(one, other));

    private static Guid Sortie(JsonElement finding) => finding.GetProperty("sortieId").GetGuid();

    private static string? Lack(JsonElement finding) => finding.GetProperty("approval").GetProperty("lack").GetString();

    /// <summary>The beginning of a day of the city that no other test flies on.</summary>
    private static DateTimeOffset Day(int number) => new(2018, 3, 1 + (3 * number), 16, 0, 0, TimeSpan.Zero);

    private object Feature(DateTimeOffset from, double hours = 24, string[]? purposes = null, double west = 117.60, double east = 117.62)
    {
        double[][][] ring = [[[west, 24.40], [east, 24.40], [east, 24.41], [west, 24.41], [west, 24.40]]];
        return new
        {
            type = "Feature",
            geometry = new { type = "Polygon", coordinates = ring },
            properties = new
            {
                nameZh = "巡逻空域",
                nameEn = "Patrol airspace",
                number = _number,
                authority = "漳州空管",
                ceilingM = 120,
                heightDatum = "Relative",
                from,
                to = from.AddHours(hours),
                purposes,
                document = "档案 2026-7",
            },
        };
    }

    private async Task<string> ApproveAsync(DateTimeOffset from, double hours = 24, string[]? purposes = null, double west = 117.60, double east = 117.62)
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        using var entered = await admin.PostAsJsonAsync("/api/v1/approvals", Feature(from, hours, purposes, west, east), Token);
        Assert.True(entered.StatusCode == HttpStatusCode.Created, await entered.Content.ReadAsStringAsync(Token));
        return (await entered.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetString()!;
    }

    private async Task<Guid> FlyAsync(DateTimeOffset at, string authorisedBy, (double Lon, double Lat)[]? line = null, string purpose = "training", double heightM = 60) =>
        (await FlownRows.FlyAsync(shared.Server, at, line ?? Line, heightM, $"{Guid.NewGuid():n}"[..8], purpose, authorisedBy: authorisedBy)).Id;

    private async Task<List<JsonElement>> FindingsAsync(DateTimeOffset day)
    {
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var answer = await auditor.GetAsync<JsonElement>($"/api/v1/oversight/findings?kind=outsideApproval&from={Rfc3339.Text(day)}&to={Rfc3339.Text(day.AddDays(1))}");
        return [.. answer.GetProperty("items").EnumerateArray()];
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : ApprovalFindingTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : ApprovalFindingTests(server);
}
