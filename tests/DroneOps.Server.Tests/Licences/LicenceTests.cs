using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Licences;

/// <summary>Who may launch, with simulated drones on both stores.</summary>
public abstract class LicenceTests(Store store)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pilot_whose_licence_has_run_out_is_told_before_and_his_flight_is_a_finding_after()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var admin = await rig.Server.SignInAsync("admin");
        using var auditor = await rig.Server.SignInAsync("auditor");
        using var pilot = await InControlAsync(rig, 1);
        Assert.Empty(await LacksAsync(pilot));
        await EnterAsync(rig, admin, until: TestServer.Begin.AddDays(-1));
        Assert.Equal("No licence holds; the last one until 2026-04-30.", Assert.Single(await LacksAsync(pilot)));

        using (var off = await TakeOffAsync(rig, pilot, 1, new { command = "takeoff", altitudeAboveHomeM = 15, purpose = "training", authorisedBy = "Lin" }))
            Assert.Equal("accepted", (await off.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("outcome").GetString());
        await rig.UntilAsync(() => rig.Copters[0].Height > 11);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(2));
        var commanded = (await auditor.GetAsync<Page<JsonElement>>("/api/v1/audit/entries?action=vehicle.commanded&limit=1000")).Items.Single(entry => entry.GetProperty("details").GetProperty("command").GetString() == "takeoff");
        Assert.Equal("No licence holds; the last one until 2026-04-30.", Assert.Single(commanded.GetProperty("details").GetProperty("lacks").EnumerateArray()).GetString());
        Assert.Equal(["licenceExpired"], await FindingsAsync(auditor));

        // A renewal that is entered later does not make the flight a licensed one.
        await EnterAsync(rig, admin, from: rig.Now, until: rig.Now.AddDays(365));
        Assert.Equal(["licenceExpired"], await FindingsAsync(auditor));
        Assert.Empty(await LacksAsync(pilot));
    }

    [Fact]
    public async Task Where_it_is_refused_an_emergency_still_goes()
    {
        await using var rig = await FlightRig.StartAsync(2, store, ("Licences:Rule", "Refuse"), ("Licences:Required", "true"));
        using var admin = await rig.Server.SignInAsync("admin");
        using var pilot = await InControlAsync(rig, 1);
        Assert.Equal("No licence is entered.", Assert.Single(await LacksAsync(pilot)));
        using (var refused = await TakeOffAsync(rig, pilot, 1, new { command = "takeoff", altitudeAboveHomeM = 15, purpose = "training", authorisedBy = "Lin" }))
            Assert.Contains("No licence is entered.", (await refused.ReadProblemAsync(HttpStatusCode.Forbidden, "pilot-not-fit")).GetProperty("detail").GetString(), StringComparison.Ordinal);
        using (var arms = await TakeOffAsync(rig, pilot, 1, new { command = "arm", emergency = true }))
            Assert.Equal("accepted", (await arms.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("outcome").GetString());
        await rig.UntilAsync(() => rig.Board.Find("1")!.Snapshot.Armed);
        using (var goes = await TakeOffAsync(rig, pilot, 1, new { command = "takeoff", altitudeAboveHomeM = 15 }))
            Assert.Equal("accepted", (await goes.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("outcome").GetString());
        await rig.UntilAsync(() => rig.Copters[0].Height > 11);

        // A new medical is another licence beside the one that still holds.
        var expired = await EnterAsync(rig, admin, until: TestServer.Begin.AddDays(100), medical: TestServer.Begin.AddDays(-1));
        Assert.Equal("The medical was good until 2026-04-30.", Assert.Single(await LacksAsync(pilot)));
        var licence = await EnterAsync(rig, admin, until: TestServer.Begin.AddDays(100), medical: TestServer.Begin.AddDays(50));
        Assert.Empty(await LacksAsync(pilot));
        using var second = await InControlAsync(rig, 2);
        using (var allowed = await TakeOffAsync(rig, second, 2, new { command = "arm", purpose = "training", authorisedBy = "Lin" }))
            Assert.Equal("accepted", (await allowed.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("outcome").GetString());
        using (var taken = await rig.CallAsync(() => admin.PostAsJsonAsync($"/api/v1/licences/{licence}/withdrawal", new { reason = "吊销" }, Token)))
            Assert.Equal("withdrawn", (await taken.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("state").GetString());
        Assert.Contains("The medical was good", Assert.Single(await LacksAsync(second)), StringComparison.Ordinal);
        using (var taken = await rig.CallAsync(() => admin.PostAsJsonAsync($"/api/v1/licences/{expired}/withdrawal", new { reason = "吊销" }, Token)))
            Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Contains("No licence holds", Assert.Single(await LacksAsync(second)), StringComparison.Ordinal);
        Assert.Equal("user:pilot", Assert.Single((await admin.GetAsync<Page<JsonElement>>("/api/v1/licences/pilots")).Items, one => one.GetProperty("pilot").GetString() == "user:pilot").GetProperty("pilot").GetString());
    }

    [Theory]
    [InlineData("{\"userName\":\"nobody\",\"number\":\"1\",\"class\":\"small\",\"validFrom\":\"2026-01-01T00:00:00Z\",\"validUntil\":\"2027-01-01T00:00:00Z\"}", "#/userName")]
    [InlineData("{\"userName\":\"pilot\",\"number\":\"\",\"class\":\"small\",\"validFrom\":\"2026-01-01T00:00:00Z\",\"validUntil\":\"2027-01-01T00:00:00Z\"}", "#/number")]
    [InlineData("{\"userName\":\"pilot\",\"number\":\"1\",\"class\":\"small\",\"validFrom\":\"2027-01-01T00:00:00Z\",\"validUntil\":\"2026-01-01T00:00:00Z\"}", "#/validUntil")]
    public async Task A_licence_that_cannot_be_is_refused(string body, string place)
    {
        await using var server = await TestServer.StartAsync(store);
        using var admin = await server.SignInAsync("admin");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await admin.PostAsync("/api/v1/licences", content, Token);
        var problem = await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains(place, problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()));
        using var pilot = await server.SignInAsync("pilot");
        using var theirs = await pilot.GetAsync("/api/v1/licences", Token);
        Assert.Equal(HttpStatusCode.Forbidden, theirs.StatusCode);
    }

    private static async Task<HttpClient> InControlAsync(FlightRig rig, int vehicle)
    {
        var pilot = await rig.Server.SignInAsync("pilot");
        using var taken = await rig.CallAsync(() => pilot.PostAsJsonAsync($"/api/v1/vehicles/{vehicle}/control", new { }, Token));
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        return pilot;
    }

    private static Task<HttpResponseMessage> TakeOffAsync(FlightRig rig, HttpClient pilot, int vehicle, object body) =>
        rig.CallAsync(() => pilot.PostAsJsonAsync($"/api/v1/vehicles/{vehicle}/commands", body, Token));

    private static async Task<Guid> EnterAsync(FlightRig rig, HttpClient admin, DateTimeOffset until, DateTimeOffset? from = null, DateTimeOffset? medical = null)
    {
        var body = new { userName = "pilot", number = "UAS-2026-0007", @class = "小型", validFrom = from ?? TestServer.Begin.AddDays(-400), validUntil = until, medicalUntil = medical };
        using var answer = await rig.CallAsync(() => admin.PostAsJsonAsync("/api/v1/licences", body, Token));
        return (await answer.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private static async Task<List<string?>> LacksAsync(HttpClient pilot) =>
        [.. (await pilot.GetAsync<JsonElement>("/api/v1/licences/mine")).GetProperty("lacks").EnumerateArray().Select(lack => lack.GetProperty("text").GetString())];

    private static async Task<List<string?>> FindingsAsync(HttpClient auditor) =>
        [.. (await auditor.GetAsync<JsonElement>("/api/v1/oversight/findings")).GetProperty("items").EnumerateArray().Select(finding => finding.GetProperty("kind").GetString())];

    public sealed class OnSqlite() : LicenceTests(Store.Sqlite);

    public sealed class OnPostgres() : LicenceTests(Store.Postgres);
}
