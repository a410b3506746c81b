using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Oversight;
using DroneOps.Server.Sorties;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Oversight;

/// <summary>What an auditor finds, draws and publishes, on both stores. Each test has a day of its own, long before anything else was flown.</summary>
public abstract class OversightTests(SharedServer shared)
{
    private const string Oversight = "/api/v1/oversight";
    private static readonly (double Lon, double Lat)[] Line = [(117.600, 24.400), (117.610, 24.400)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sorties_that_want_an_explanation_are_listed_and_the_others_are_not()
    {
        var day = Day(1);
        var (fine, unexplained, orderless, high) = (NewVehicle(), NewVehicle(), NewVehicle(), NewVehicle());
        await FlownRows.FlyAsync(shared.Server, day, Line, vehicle: fine);
        await FlownRows.FlyAsync(shared.Server, day, Line, vehicle: unexplained, purpose: null, authorisedBy: null);
        await FlownRows.FlyAsync(shared.Server, day, Line, vehicle: orderless, purpose: "incident");
        await FlownRows.FlyAsync(shared.Server, day, Line, vehicle: high, heightM: 140);
        await FlownRows.FlyAsync(shared.Server, day.AddSeconds(40), Line, vehicle: high);

        var found = await FindingsAsync(day);
        Assert.Equal(
            [(unexplained, "noAuthority"), (unexplained, "noPurpose"), (orderless, "noOrder"), (high, "overlap"), (high, "tooHigh")],
            found.OrderBy(finding => Array.IndexOf([fine, unexplained, orderless, high], finding.Vehicle)).ThenBy(finding => finding.Kind, StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_flight_in_a_zone_to_be_kept_out_of_is_a_breach_at_its_heights_only()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        var name = $"禁飞 {Guid.NewGuid():n}";
        double[][][] ring = [[[117.704, 24.452], [117.706, 24.452], [117.706, 24.448], [117.704, 24.448], [117.704, 24.452]]];
        using var drawn = await admin.PostAsJsonAsync("/api/v1/zones", new
        {
            type = "Feature",
            id = $"z-{Guid.NewGuid():n}",
            geometry = new { type = "Polygon", coordinates = ring },
            properties = new { nameZh = name, nameEn = "Keep out", effect = "KeepOut", floorM = 0, ceilingM = 100, heightDatum = "Relative" },
        }, Token);
        Assert.True(drawn.StatusCode == HttpStatusCode.Created, await drawn.Content.ReadAsStringAsync(Token));
        var day = Day(2);
        var (inside, above, beside) = (NewVehicle(), NewVehicle(), NewVehicle());
        await FlownRows.FlyAsync(shared.Server, day, [(117.700, 24.450), (117.710, 24.450)], vehicle: inside);
        await FlownRows.FlyAsync(shared.Server, day, [(117.700, 24.450), (117.710, 24.450)], vehicle: above, heightM: 110);
        await FlownRows.FlyAsync(shared.Server, day, [(117.700, 24.453), (117.710, 24.453)], vehicle: beside);
        Assert.Equal([(inside, "zoneBreach")], await FindingsAsync(day));
        using var deleted = await admin.DeleteAsync(drawn.Headers.Location, Token);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    [Fact]
    public async Task Whoever_looked_at_a_track_is_listed_with_what_it_was_for()
    {
        var sortie = await FlownRows.FlyAsync(shared.Server, Day(3), Line, vehicle: NewVehicle());
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        using (await auditor.GetAsync($"/api/v1/sorties/{sortie.Id}/track.csv", Token))
        using (await auditor.GetAsync($"/api/v1/evidence/sorties/{sortie.Id}.zip?reason=case-9", Token))
        {
            var looks = (await auditor.GetAsync<Page<JsonElement>>($"{Oversight}/looks?actor=user%3Aauditor&limit=1000&to=2026-05-02T00:00:00Z")).Items;
            Assert.Contains(looks, look => look.GetProperty("subject").GetString() == $"sortie/{sortie.Id}" && look.GetProperty("action").GetString() == "sortie.trackViewed");
            Assert.Contains(looks, look => look.GetProperty("action").GetString() == "evidence.exported" && look.GetProperty("reason").GetString() == "case-9");
        }
    }

    [Fact]
    public async Task A_sample_can_be_drawn_again_by_anybody_and_is_signed_when_all_of_it_is_reviewed()
    {
        var day = Day(4);
        List<Guid> flown = [];
        for (var i = 0; i < 12; i++)
            flown.Add((await FlownRows.FlyAsync(shared.Server, day.AddMinutes(10 * i), Line, vehicle: NewVehicle())).Id);
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        using var drawn = await auditor.PostAsJsonAsync($"{Oversight}/samples", new { from = day, to = day.AddDays(1), count = 3 }, Token);
        var sample = await drawn.ReadAsync<JsonElement>(HttpStatusCode.Created);
        var (id, chosen) = (sample.GetProperty("id").GetGuid(), sample.GetProperty("sortieIds").EnumerateArray().Select(one => one.GetGuid()).ToList());
        var root = Convert.FromBase64String(sample.GetProperty("checkpoint").GetString()!.Split('\n')[2]);
        Assert.Equal(ReviewSample.Draw(root, flown.OrderByDescending(one => one), 3), chosen);

        var path = $"{Oversight}/samples/{id}";
        using (var early = await auditor.PostAsJsonAsync($"{path}/signature", new { conclusion = "x" }, Token))
            await early.ReadProblemAsync(HttpStatusCode.Conflict, "sample-open");
        using (var silent = await auditor.PostAsJsonAsync($"{path}/reviews", new { sortieId = chosen[0], verdict = "objection" }, Token))
            await silent.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        using (var another = await auditor.PostAsJsonAsync($"{path}/reviews", new { sortieId = flown.Except(chosen).First(), verdict = "inOrder" }, Token))
            await another.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        foreach (var sortie in chosen)
        {
            using var reviewed = await auditor.PostAsJsonAsync($"{path}/reviews", new { sortieId = sortie, verdict = "inOrder" }, Token);
            Assert.Equal(HttpStatusCode.OK, reviewed.StatusCode);
        }

        using (var signed = await auditor.PostAsJsonAsync($"{path}/signature", new { conclusion = "无异常" }, Token))
            Assert.Equal("user:auditor", (await signed.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("signedBy").GetString());
        using var late = await auditor.PostAsJsonAsync($"{path}/reviews", new { sortieId = chosen[0], verdict = "remark", text = "x" }, Token);
        await late.ReadProblemAsync(HttpStatusCode.Conflict, "sample-signed");
    }

    [Fact]
    public async Task A_sample_with_the_longest_texts_is_signed_with_a_hash_that_the_log_alone_gives_again()
    {
        const int Drawn = 40;
        var day = Day(9);
        for (var i = 0; i < Drawn; i++)
            await FlownRows.FlyAsync(shared.Server, day.AddMinutes(10 * i), Line, vehicle: NewVehicle());
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        using var drawn = await auditor.PostAsJsonAsync($"{Oversight}/samples", new { from = day, to = day.AddDays(1), count = Drawn }, Token);
        var sample = await drawn.ReadAsync<JsonElement>(HttpStatusCode.Created);
        var (id, chosen) = (sample.GetProperty("id").GetGuid(), sample.GetProperty("sortieIds").EnumerateArray().Select(one => one.GetGuid()).ToList());
        await ReviewAsync(chosen[0], "objection", "改正前");
        foreach (var sortie in chosen.Skip(2).Reverse())
            await ReviewAsync(sortie, "remark", new string('核', 2000));
        await ReviewAsync(chosen[1], "objection", "无授权");
        await ReviewAsync(chosen[0], "inOrder", null);
        using (var signed = await auditor.PostAsJsonAsync($"{Oversight}/samples/{id}/signature", new { conclusion = "一项异议" }, Token))
            Assert.Equal("user:auditor", (await signed.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("signedBy").GetString());

        var entries = (await auditor.GetAsync<Page<JsonElement>>($"/api/v1/audit/entries?subject=sample/{id}&limit=1000")).Items.ToLookup(entry => entry.GetProperty("action").GetString());
        var details = Assert.Single(entries["oversight.sampleSigned"]).GetProperty("details");
        Assert.Equal(("一项异议", 1, Drawn - 2, 1), (details.GetProperty("conclusion").GetString(), details.GetProperty("inOrder").GetInt32(), details.GetProperty("remarks").GetInt32(), details.GetProperty("objections").GetInt32()));

        // As an outsider does it who has nothing but the log: the last review of each sortie, in the order of the lot.
        var last = entries["oversight.reviewed"].OrderBy(entry => entry.GetProperty("sequence").GetInt64()).GroupBy(entry => entry.GetProperty("details").GetProperty("sortieId").GetString()!).ToDictionary(group => group.Key, group => group.Last());
        using var bytes = new MemoryStream();
        foreach (var sortie in Assert.Single(entries["oversight.sampleDrawn"]).GetProperty("details").GetProperty("sorties").EnumerateArray().Select(one => one.GetString()!))
        {
            var review = last[sortie].GetProperty("details");
            foreach (var part in new[] { sortie, review.GetProperty("verdict").GetString()!, last[sortie].GetProperty("actor").GetString()!, review.TryGetProperty("text", out var text) ? text.GetString() ?? "" : "" })
            {
                var utf8 = Encoding.UTF8.GetBytes(part);
                bytes.Write([(byte)(utf8.Length >> 24), (byte)(utf8.Length >> 16), (byte)(utf8.Length >> 8), (byte)utf8.Length, .. utf8]);
            }
        }

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray())), details.GetProperty("reviewsSha256").GetString());

        async Task ReviewAsync(Guid sortie, string verdict, string? text)
        {
            using var reviewed = await auditor.PostAsJsonAsync($"{Oversight}/samples/{id}/reviews", new { sortieId = sortie, verdict, text }, Token);
            Assert.Equal(HttpStatusCode.OK, reviewed.StatusCode);
        }
    }

    [Fact]
    public async Task What_is_published_says_roughly_where_and_when_and_names_nobody()
    {
        var day = Day(5);
        var vehicle = NewVehicle();
        await FlownRows.FlyAsync(shared.Server, day.AddMinutes(7), [(117.601, 24.401), (117.619, 24.401)], vehicle: vehicle, purpose: "rescue", pilot: "user:zhang-san");

        // As an imported book of flights may have it.
        await FlownRows.FlyAsync(shared.Server, day.AddMinutes(67), [(117.601, 24.401), (117.602, 24.401)], vehicle: vehicle, purpose: "寻找走失老人张某", pilot: "user:zhang-san");
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        using var answer = await auditor.GetAsync($"{Oversight}/openData.csv?from={Rfc3339.Text(day)}&to={Rfc3339.Text(day.AddDays(1))}", Token);
        var text = Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(Token)).TrimStart('\uFEFF');
        var local = day.ToOffset(TimeSpan.FromHours(8));
        Assert.Equal($"time,purpose,minutes,cells\r\n{local:yyyy-MM-dd'T'HH:mm}+08:00,rescue,3,117.605/24.405 117.615/24.405\r\n{local.AddHours(1):yyyy-MM-dd'T'HH:mm}+08:00,other,1,117.605/24.405\r\n", text);
    }

    [Fact]
    public async Task Coverage_counts_each_sortie_once_for_a_place_and_names_places_that_none_passed()
    {
        var day = Day(6);
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        var site = (await pilot.GetAsync<JsonElement>("/api/v1/keySites?limit=1")).GetProperty("items")[0];
        var (id, lon, lat) = (site.GetProperty("id").GetString(), site.GetProperty("geometry").GetProperty("coordinates")[0].GetDouble(), site.GetProperty("geometry").GetProperty("coordinates")[1].GetDouble());
        await FlownRows.FlyAsync(shared.Server, day, [(lon - 0.01, lat), (lon + 0.01, lat), (lon - 0.01, lat)], vehicle: NewVehicle());
        var items = (await pilot.GetAsync<JsonElement>($"{Oversight}/coverage?from={Rfc3339.Text(day)}&to={Rfc3339.Text(day.AddDays(1))}")).GetProperty("items").EnumerateArray().ToList();
        var seen = items.Single(item => item.GetProperty("kind").GetString() == "keySite" && item.GetProperty("id").GetString() == id);
        Assert.Equal(1, seen.GetProperty("sorties").GetInt32());
        Assert.Contains(items, item => item.GetProperty("sorties").GetInt32() == 0);
    }

    [Fact]
    public async Task Statistics_of_days_sum_to_those_of_the_month()
    {
        var day = Day(7);
        foreach (var hours in new[] { 0, 30, 31 })
            await FlownRows.FlyAsync(shared.Server, day.AddHours(hours), Line, vehicle: NewVehicle());
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        var query = $"from={Rfc3339.Text(day)}&to={Rfc3339.Text(day.AddDays(3))}";
        var days = (await pilot.GetAsync<Page<JsonElement>>($"/api/v1/statistics?groupBy=day&{query}")).Items;
        var month = Assert.Single((await pilot.GetAsync<Page<JsonElement>>($"/api/v1/statistics?groupBy=month&{query}")).Items);
        Assert.Equal([1, 2], days.Select(row => row.GetProperty("sorties").GetInt32()));
        Assert.Equal(month.GetProperty("airborneSeconds").GetDouble(), days.Sum(row => row.GetProperty("airborneSeconds").GetDouble()), 0.001);
        using var csv = await pilot.GetAsync($"/api/v1/statistics.csv?groupBy=month&{query}", Token);
        Assert.Contains($"\r\n{month.GetProperty("period").GetString()},3,", await csv.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_whose_clocks_differ_or_whose_link_was_lost_says_so()
    {
        var takeoff = TestServer.Begin;
        var sortie = Record(takeoff, 100);
        Assert.Empty(Finding.OfRecord(sortie, null, TestServer.Begin));
        sortie.Gaps = [new(takeoff.AddSeconds(10), takeoff.AddSeconds(15)), new(takeoff.AddSeconds(20), takeoff.AddSeconds(50))];
        sortie.AirborneS = 90;
        Assert.Equal([(FindingKind.Gap, 30.0), (FindingKind.ClocksDiffer, 10.0)], Finding.OfRecord(sortie, null, TestServer.Begin).Select(finding => (finding.Kind, finding.Value!.Value)));
        Assert.Equal([(FindingKind.InFuture, 3600.0)], Finding.OfRecord(Record(takeoff, 100), null, takeoff.AddHours(-1)).Select(finding => (finding.Kind, finding.Value!.Value)));
        Assert.Equal([FindingKind.Overlap], Finding.OfRecord(Record(takeoff.AddSeconds(50), 100), Record(takeoff, 100), TestServer.Begin).Select(finding => finding.Kind));
    }

    private static SortieRecord Record(DateTimeOffset takeoff, double seconds) => new()
    {
        Id = Guid.NewGuid(),
        VehicleId = "1",
        VehicleName = "UAV-01",
        HardwareId = null,
        Firmware = null,
        SystemId = 1,
        Pilot = null,
        Purpose = "training",
        AuthorisedBy = "user:admin",
        TaskKind = null,
        TaskId = null,
        TaskLabel = null,
        DockId = null,
        TakeoffAt = takeoff,
        TakeoffSource = ClockSource.LandedState,
        LandedAt = takeoff.AddSeconds(seconds),
        LastHeardAt = takeoff.AddSeconds(seconds),
        AirborneS = seconds,
        ArmedS = seconds + 5,
        IsClosed = true,
    };

    private static string NewVehicle() => $"{Guid.NewGuid():n}"[..8];

    /// <summary>The beginning of a day of the city that no other test flies on.</summary>
    private static DateTimeOffset Day(int number) => new(2020, 1, 1 + (3 * number), 16, 0, 0, TimeSpan.Zero);

    private async Task<List<(string Vehicle, string Kind)>> FindingsAsync(DateTimeOffset day)
    {
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var answer = await auditor.GetAsync<JsonElement>($"{Oversight}/findings?from={Rfc3339.Text(day)}&to={Rfc3339.Text(day.AddDays(1))}");
        return [.. answer.GetProperty("items").EnumerateArray().Select(finding => (finding.GetProperty("vehicleName").GetString()!["UAV-".Length..], finding.GetProperty("kind").GetString()!))];
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : OversightTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : OversightTests(server);
}
