using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Airworthiness;
using DroneOps.Server.Alarms;
using DroneOps.Server.Api;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Airworthiness;

/// <summary>Who is grounded by what, and by whom it is freed, with a simulated drone on both stores.</summary>
public abstract class AirworthinessTests(Store store)
{
    private const string Airframe = "/api/v1/airframes/1";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(12);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_drone_with_a_grounding_defect_is_offered_to_nobody_until_another_person_releases_it()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var pilot = await rig.Server.SignInAsync("pilot");
        using var admin = await rig.Server.SignInAsync("admin");
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var incident = await ReportAsync(rig, dispatcher);
        Assert.Null(await ExclusionAsync(dispatcher, incident));

        var defect = (await SendAsync(rig, pilot, $"{Airframe}/defects", new { text = "左前桨裂纹", grounds = true }, HttpStatusCode.Created)).GetProperty("id").GetGuid();
        Assert.Equal("It is grounded: Defect not released (左前桨裂纹).", await ExclusionAsync(dispatcher, incident));
        using (var sent = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"/api/v1/incidents/{incident}/dispatch", new { vehicleId = "1" }, Token)))
            Assert.Equal(HttpStatusCode.Conflict, sent.StatusCode);
        var vehicle = await pilot.GetAsync<JsonElement>("/api/v1/vehicles/1");
        Assert.Equal((true, "Defect not released (左前桨裂纹)"), (vehicle.GetProperty("grounded").GetBoolean(), vehicle.GetProperty("groundedFor").GetString()));

        // Neither who reported it nor the switch of the administrator frees it.
        using (var own = await rig.CallAsync(() => pilot.PostAsJsonAsync($"/api/v1/defects/{defect}/release", new { text = "换桨" }, Token)))
            await own.ReadProblemAsync(HttpStatusCode.Forbidden, "same-person");
        using (var switched = await rig.CallAsync(() => admin.PatchAsJsonAsync("/api/v1/vehicles/1", new { groundedFor = (string?)null }, Token)))
            Assert.True((await switched.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("grounded").GetBoolean());
        await rig.Server.RestartAsync();
        await rig.AdvanceAsync(TimeSpan.FromSeconds(12));
        Assert.True(rig.Board.Find("1")!.IsGrounded);

        using var other = await rig.Server.SignInAsync("admin");
        var released = await SendAsync(rig, other, $"/api/v1/defects/{defect}/release", new { text = "换桨并试车" }, HttpStatusCode.OK);
        Assert.Equal(("released", "user:admin"), (released.GetProperty("state").GetString(), released.GetProperty("releasedBy").GetString()));
        Assert.False(rig.Board.Find("1")!.IsGrounded);
        using (var again = await rig.CallAsync(() => other.PostAsJsonAsync($"/api/v1/defects/{defect}/release", new { text = "again" }, Token)))
            await again.ReadProblemAsync(HttpStatusCode.Conflict, "defect-released");
        using var auditor = await rig.Server.SignInAsync("auditor");
        var did = (await auditor.GetAsync<Page<JsonElement>>("/api/v1/audit/entries?subject=vehicle/1&limit=1000")).Items.Select(entry => entry.GetProperty("action").GetString()).Where(action => action!.Contains("defect", StringComparison.Ordinal) || action.EndsWith("grounded", StringComparison.Ordinal)).ToList();
        Assert.Equal(["defect.released", "defect.reported", "vehicle.grounded", "vehicle.ungrounded"], did.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_saved_and_cannot_be_judged_at_once_is_judged_within_seconds()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var pilot = await rig.Server.SignInAsync("pilot");
        using var admin = await rig.Server.SignInAsync("admin");
        using var other = await rig.Server.SignInAsync("admin");

        await WithoutAsync("maintenance_plans", () => pilot.PostAsJsonAsync($"{Airframe}/defects", new { text = "左前桨裂纹", grounds = true }, Token));
        await rig.AdvanceAsync(Soon);
        Assert.Equal("Defect not released (左前桨裂纹)", rig.Board.Find("1")!.GroundedFor);
        var defect = Assert.Single((await pilot.GetAsync<Page<JsonElement>>("/api/v1/defects")).Items).GetProperty("id").GetGuid();
        await WithoutAsync("maintenance_plans", () => other.PostAsJsonAsync($"/api/v1/defects/{defect}/release", new { text = "换桨" }, Token));
        await rig.AdvanceAsync(Soon);
        Assert.False(rig.Board.Find("1")!.IsGrounded);

        // A plan is that of every drone.
        await WithoutAsync("airframes", () => admin.PostAsJsonAsync("/api/v1/maintenancePlans", new { name = "年检", everyDays = 365 }, Token));
        await rig.AdvanceAsync(Soon);
        Assert.Equal("年检", Assert.Single(Assert.Single(rig.Get<Fitness>().Current.Airframes).Plans).Plan);

        async Task WithoutAsync(string table, Func<Task<HttpResponseMessage>> call)
        {
            await rig.Server.TakeAwayAsync(table);
            using var failed = await rig.CallAsync(call);
            Assert.True((int)failed.StatusCode >= 500, await failed.Content.ReadAsStringAsync(Token));
            await rig.Server.BringBackAsync(table);
        }
    }

    [Fact]
    public async Task A_defect_grounds_although_whoever_reported_it_is_gone_when_it_is_saved()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        await using var db = await rig.Server.OpenDatabaseAsync();
        using var gone = new CancellationTokenSource();
        db.SavedChanges += (_, _) => gone.Cancel();
        db.Add(new Defect { Id = Guid.NewGuid(), VehicleId = "1", Text = "左前桨裂纹", Grounds = true, SortieId = null, ReportedBy = "user:pilot", ReportedAt = rig.Now });
        await rig.Get<FitnessWatch>().SaveAsync(db, "1", gone.Token);
        Assert.True(gone.IsCancellationRequested);
        Assert.True(rig.Board.Find("1")!.IsGrounded);
    }

    [Fact]
    public async Task Maintenance_that_is_due_grounds_and_calls_and_work_sets_the_counters_back_with_their_values_kept()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var pilot = await rig.Server.SignInAsync("pilot");
        using var admin = await rig.Server.SignInAsync("admin");
        for (var i = 0; i < 3; i++)
            await FlownRows.FlyAsync(rig.Server, TestServer.Begin.AddDays(-2).AddHours(i), [(117.60, 24.50), (117.61, 24.50)], vehicle: "1");
        using (var brought = await rig.CallAsync(() => admin.PutAsJsonAsync(Airframe, new { broughtHours = 40.0, broughtLandings = 6, inServiceSince = TestServer.Begin.AddDays(-100) }, Token)))
            Assert.Equal(9, (await brought.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("totalLandings").GetInt32());
        var plan = (await SendAsync(rig, admin, "/api/v1/maintenancePlans", new { name = "十架次检查", everyLandings = 10, everyDays = 365 }, HttpStatusCode.Created)).GetProperty("id").GetGuid();

        await rig.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Equal((AlarmPriority.Advisory, "UAV-01: maintenance comes due soon: 十架次检查."), Alarm(rig));
        Assert.False(rig.Board.Find("1")!.IsGrounded);

        await FlownRows.FlyAsync(rig.Server, TestServer.Begin.AddHours(-3), [(117.60, 24.50), (117.61, 24.50)], vehicle: "1");
        await rig.AdvanceAsync(TimeSpan.FromMinutes(61));
        Assert.Equal((AlarmPriority.Caution, "UAV-01: maintenance is due: 十架次检查."), Alarm(rig));
        Assert.Equal("Maintenance is due (十架次检查)", rig.Board.Find("1")!.GroundedFor);

        var work = await SendAsync(rig, pilot, $"{Airframe}/work", new { text = "按手册检查", doneBy = "林技师", planIds = new[] { plan } }, HttpStatusCode.Created);
        var reset = Assert.Single(work.GetProperty("resets").EnumerateArray());
        Assert.Equal((10, 10), (reset.GetProperty("landings").GetInt32(), work.GetProperty("totalLandings").GetInt32()));
        Assert.False(rig.Board.Find("1")!.IsGrounded);
        var standing = Assert.Single((await pilot.GetAsync<JsonElement>(Airframe)).GetProperty("plans").EnumerateArray());
        Assert.Equal((0, "good"), (standing.GetProperty("landings").GetInt32(), standing.GetProperty("state").GetString()));
        await rig.AdvanceAsync(TimeSpan.FromSeconds(8));
        Assert.DoesNotContain(rig.Get<AlarmBook>().Standing, alarm => alarm.Code == AlarmCatalog.MaintenanceDue && alarm.Life.IsActive);

        // Entered wrongly: it stays readable, and the counters are what they were.
        using (var silent = await rig.CallAsync(() => pilot.PostAsJsonAsync($"{Airframe}/work/{work.GetProperty("id").GetGuid()}/withdrawal", new { }, Token)))
            await silent.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await SendAsync(rig, pilot, $"{Airframe}/work/{work.GetProperty("id").GetGuid()}/withdrawal", new { reason = "登记到错误的飞行器" }, HttpStatusCode.OK);
        Assert.True(rig.Board.Find("1")!.IsGrounded);
        Assert.Equal("登记到错误的飞行器", Assert.Single((await pilot.GetAsync<Page<JsonElement>>($"{Airframe}/work")).Items).GetProperty("withdrawnFor").GetString());
        using (var retired = await rig.CallAsync(() => admin.DeleteAsync($"/api/v1/maintenancePlans/{plan}", Token)))
            Assert.Equal(HttpStatusCode.NoContent, retired.StatusCode);
        Assert.False(rig.Board.Find("1")!.IsGrounded);
    }

    [Fact]
    public async Task A_flight_that_reaches_a_limit_grounds_the_drone_when_it_is_over()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var pilot = await rig.Server.SignInAsync("pilot");
        using var admin = await rig.Server.SignInAsync("admin");
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        await SendAsync(rig, admin, "/api/v1/maintenancePlans", new { name = "每次飞行后", vehicleId = "1", everyLandings = 1 }, HttpStatusCode.Created);
        var incident = await ReportAsync(rig, dispatcher);
        await SendAsync(rig, dispatcher, $"/api/v1/incidents/{incident}/dispatch", new { vehicleId = "1" }, HttpStatusCode.OK);
        await rig.UntilAsync(() => rig.Copters[0].Height > 40);
        Assert.False(rig.Board.Find("1")!.IsGrounded);
        await SendAsync(rig, dispatcher, $"/api/v1/incidents/{incident}/recall", new { }, HttpStatusCode.OK);
        await rig.UntilAsync(() => rig.Copters[0] is { IsLanded: true, IsArmed: false });
        await rig.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Equal("It is grounded: Maintenance is due (每次飞行后).", await ExclusionAsync(dispatcher, incident));
    }

    [Fact]
    public async Task A_worn_pack_is_listed_and_calls()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        var pack = $"B-{Guid.NewGuid():n}"[..12];
        await FlownRows.FlyAsync(rig.Server, TestServer.Begin.AddDays(-3), [(117.60, 24.50), (117.61, 24.50)], vehicle: "1", battery: pack, wear: (298, 82));
        await FlownRows.FlyAsync(rig.Server, TestServer.Begin.AddDays(-2), [(117.60, 24.50), (117.61, 24.50)], vehicle: "1", battery: pack, wear: (299, 81));
        using var pilot = await rig.Server.SignInAsync("pilot");
        Assert.Equal(("soon", 2, 299, 81), await PackAsync(pilot, pack));
        await FlownRows.FlyAsync(rig.Server, TestServer.Begin.AddDays(-1), [(117.60, 24.50), (117.61, 24.50)], vehicle: "1", battery: pack, wear: (300, 81));
        Assert.Equal(("due", 3, 300, 81), await PackAsync(pilot, pack));
        await rig.AdvanceAsync(TimeSpan.FromMinutes(61));
        Assert.Contains(rig.Get<AlarmBook>().Open, alarm => alarm.Code == AlarmCatalog.BatteryWorn && alarm.Text.Contains(pack, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/api/v1/maintenancePlans", "{\"name\":\"x\"}", "#/everyHours")]
    [InlineData("/api/v1/maintenancePlans", "{\"name\":\"\",\"everyDays\":1}", "#/name")]
    [InlineData("/api/v1/maintenancePlans", "{\"name\":\"x\",\"everyDays\":0}", "#/everyHours")]
    [InlineData("/api/v1/maintenancePlans", "{\"name\":\"x\",\"everyDays\":1,\"vehicleId\":\"77\"}", "#/vehicleId")]
    [InlineData("/api/v1/maintenancePlans", "{\"name\":\"x\",\"everyDays\":1,\"warnPercent\":101}", "#/warnPercent")]
    [InlineData(Airframe + "/defects", "{\"text\":\"x\"}", "#/grounds")]
    [InlineData(Airframe + "/defects", "{\"text\":\" \",\"grounds\":true}", "#/text")]
    [InlineData(Airframe + "/defects", "{\"text\":\"x\",\"grounds\":true,\"sortieId\":\"00000000-0000-0000-0000-000000000001\"}", "#/sortieId")]
    [InlineData(Airframe + "/work", "{\"text\":\"x\"}", "#/doneBy")]
    [InlineData(Airframe + "/work", "{\"text\":\"x\",\"doneBy\":\"y\",\"doneAt\":\"2099-01-01T00:00:00Z\"}", "#/doneAt")]
    [InlineData(Airframe + "/work", "{\"text\":\"x\",\"doneBy\":\"y\",\"planIds\":[\"00000000-0000-0000-0000-000000000001\"]}", "#/planIds")]
    public async Task What_cannot_be_is_refused_with_what_is_wrong(string path, string body, string place)
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var admin = await rig.Server.SignInAsync("admin");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await rig.CallAsync(() => admin.PostAsync(path, content, Token));
        var problem = await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains(place, problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()));
        Assert.False(rig.Board.Find("1")!.IsGrounded);
    }

    private static async Task<(string?, int, int, int)> PackAsync(HttpClient client, string serial)
    {
        var pack = Assert.Single((await client.GetAsync<Page<JsonElement>>("/api/v1/batteries?limit=1000")).Items, one => one.GetProperty("serial").GetString() == serial);
        return (pack.GetProperty("state").GetString(), pack.GetProperty("sorties").GetInt32(), pack.GetProperty("toldCycles").GetInt32(), pack.GetProperty("healthPercent").GetInt32());
    }

    private static (AlarmPriority, string) Alarm(FlightRig rig)
    {
        var alarm = Assert.Single(rig.Get<AlarmBook>().Open, alarm => alarm.Code == AlarmCatalog.MaintenanceDue);
        return (alarm.Priority, alarm.Text);
    }

    private static async Task<JsonElement> SendAsync(FlightRig rig, HttpClient client, string path, object body, HttpStatusCode status)
    {
        using var answer = await rig.CallAsync(() => client.PostAsJsonAsync(path, body, Token));
        return await answer.ReadAsync<JsonElement>(status);
    }

    private static async Task<Guid> ReportAsync(FlightRig rig, HttpClient dispatcher) =>
        (await SendAsync(rig, dispatcher, "/api/v1/incidents", new { type = "theft", priority = 2, summary = "", location = new { type = "Point", coordinates = new[] { 117.6560, 24.5110 } } }, HttpStatusCode.Created)).GetProperty("id").GetGuid();

    private static async Task<string?> ExclusionAsync(HttpClient dispatcher, Guid incident) =>
        Assert.Single((await dispatcher.GetAsync<JsonElement>($"/api/v1/incidents/{incident}/candidates")).GetProperty("items").EnumerateArray()).GetProperty("excluded").GetString();

    public sealed class OnSqlite() : AirworthinessTests(Store.Sqlite);

    public sealed class OnPostgres() : AirworthinessTests(Store.Postgres);
}
