using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Fleet;
using DroneOps.Server.Sorties;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Sorties;

/// <summary>No flight without a purpose, or it is owed: real flights, on both stores.</summary>
public abstract class FlightDebtTests(Store store)
{
    private const string Commands = "/api/v1/vehicles/1/commands";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_launch_without_a_purpose_is_refused_with_what_to_send_and_one_with_it_flies_for_that()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var pilot = await InControlAsync(rig);

        foreach (var body in new object[] { new { command = "arm" }, new { command = "takeoff", altitudeAboveHomeM = 15 }, new { command = "startMission" }, new { command = "takeoff", altitudeAboveHomeM = 15, purpose = "training" } })
        {
            using var refused = await rig.CallAsync(() => pilot.PostAsJsonAsync(Commands, body, Token));
            var problem = await refused.ReadProblemAsync(HttpStatusCode.Conflict, "purpose-required");
            Assert.Equal(["#/purpose", "#/authorisedBy"], problem.GetProperty("errors").EnumerateArray().Select(fault => fault.GetProperty("pointer").GetString()));
        }

        Assert.False(rig.Copters[0].IsArmed);
        using var unknown = await rig.CallAsync(() => pilot.PostAsJsonAsync(Commands, new { command = "arm", purpose = "sightseeing", authorisedBy = "nobody" }, Token));
        await unknown.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        using var neither = await rig.CallAsync(() => pilot.PostAsJsonAsync(Commands, new { command = "hold", purpose = "training", authorisedBy = "nobody" }, Token));
        await neither.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");

        await TakeOffAsync(rig, pilot, new { command = "takeoff", altitudeAboveHomeM = 15, purpose = "training", authorisedBy = "2026-0117" });
        await LandAsync(rig, pilot);

        var sortie = await OnlyAsync(pilot);
        Assert.Equal(("training", "2026-0117", JsonValueKind.Null), (Text(sortie, "purpose"), Text(sortie, "authorisedBy"), sortie.GetProperty("debt").ValueKind));
        Assert.Null(rig.Board.Find("1")!.Launch);
    }

    [Fact]
    public async Task What_a_vehicle_was_armed_for_it_takes_off_for()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var pilot = await InControlAsync(rig);
        await CommandAsync(rig, pilot, new { command = "setMode", mode = "GUIDED" });
        await CommandAsync(rig, pilot, new { command = "arm", purpose = "maintenanceTest", authorisedBy = "Chen" });
        await rig.UntilAsync(() => rig.Board.Find("1")!.Snapshot.Armed);

        await TakeOffAsync(rig, pilot, new { command = "takeoff", altitudeAboveHomeM = 12 });

        Assert.Equal("maintenanceTest", Text(await OnlyAsync(pilot), "purpose"));
    }

    [Fact]
    public async Task An_emergency_launch_goes_at_once_and_owes_its_purpose_until_it_is_entered_once()
    {
        await using var rig = await FlightRig.StartAsync(1, store, ("Sorties:DebtMinutes", "2"));
        using var pilot = await InControlAsync(rig);
        using var admin = await rig.Server.SignInAsync("admin");
        var seen = new List<string>();
        rig.Get<SortieChanges>().Changed += changed => seen.Add(changed.Debt?.State ?? "none");

        await TakeOffAsync(rig, pilot, new { command = "takeoff", altitudeAboveHomeM = 15, emergency = true });
        var flying = Assert.Single(await DebtsAsync(pilot, "open"));
        Assert.Equal(("emergency", "user:pilot", JsonValueKind.Null), (Text(flying, "cause"), Text(flying, "person"), flying.GetProperty("dueAt").ValueKind));
        await LandAsync(rig, pilot);
        Assert.Equal(TimeSpan.FromMinutes(2), Assert.Single(await DebtsAsync(pilot, "open")) is var landed ? landed.GetProperty("dueAt").GetDateTimeOffset() - landed.GetProperty("landedAt").GetDateTimeOffset() : default);

        rig.IsHurried = true;
        await rig.AdvanceAsync(TimeSpan.FromMinutes(2.5));
        Assert.Contains("overdue", seen);
        var overdue = Assert.Single(await DebtsAsync(admin, "overdue"));
        var purpose = $"/api/v1/sorties/{overdue.GetProperty("sortieId").GetGuid()}/purpose";
        using var correction = await admin.PostAsJsonAsync(purpose.Replace("/purpose", "/corrections", StringComparison.Ordinal), new { field = "purpose", value = "rescue", reason = "x" }, Token);
        await correction.ReadProblemAsync(HttpStatusCode.Conflict, "debt-open");
        using var without = await pilot.PostAsJsonAsync(purpose, new { purpose = "rescue" }, Token);
        var wrong = await without.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(["#/purpose", "#/authorisedBy", "#/reason"], wrong.GetProperty("errors").EnumerateArray().Select(fault => fault.GetProperty("pointer").GetString()));

        var settled = await SettleAsync(pilot, purpose, "rescue", "duty officer Lin", "A child in the river");
        Assert.Equal(("rescue", "duty officer Lin", "settled"), (Text(settled, "purpose"), Text(settled, "authorisedBy"), Text(settled.GetProperty("debt"), "state")));
        using var again = await admin.PostAsJsonAsync(purpose, new { purpose = "training", authorisedBy = "me", reason = "better" }, Token);
        await again.ReadProblemAsync(HttpStatusCode.Conflict, "debt-settled");
        await CorrectAsync(admin, purpose, "authorisedBy", "2026-0118");

        var kept = await pilot.GetAsync<JsonElement>(purpose[..^"/purpose".Length]);
        Assert.Equal("2026-0118", Text(kept.GetProperty("sortie"), "authorisedBy"));
        Assert.Equal("duty officer Lin", Text(Assert.Single(kept.GetProperty("corrections").EnumerateArray()), "oldValue"));
        Assert.Empty(await DebtsAsync(pilot, "unsettled"));
        var person = Assert.Single((await pilot.GetAsync<JsonElement>("/api/v1/debts/people")).GetProperty("items").EnumerateArray());
        Assert.Equal(("user:pilot", 0, 0, 1, 1), (Text(person, "name"), Number(person, "open"), Number(person, "overdue"), Number(person, "settled"), Number(person, "everOverdue")));
        Assert.Contains("A child in the river", await pilot.GetStringAsync(new Uri("/api/v1/debts.csv?state=settled", UriKind.Relative), Token), StringComparison.Ordinal);
        using var auditor = await rig.Server.SignInAsync("auditor");
        foreach (var action in new[] { "debt.opened", "debt.overdue", "debt.settled" })
            Assert.Single((await auditor.GetAsync<Page<AuditRecord>>($"/api/v1/audit/entries?action={action}")).Items);
    }

    [Fact]
    public async Task A_flight_that_another_station_starts_owes_its_purpose_and_an_older_launch_does_not_cover_it()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        var sequence = (byte)0;
        Send(rig, ref sequence, MavCmd.DoSetMode, 1, 4);
        Send(rig, ref sequence, MavCmd.ComponentArmDisarm, 1, 0);
        Send(rig, ref sequence, MavCmd.NavTakeoff, 0, 0, 15);
        await rig.UntilAsync(() => rig.Copters[0].Height > 14);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(1));

        using var pilot = await rig.Server.SignInAsync("pilot");
        var debt = Assert.Single(await DebtsAsync(pilot, "open"));
        Assert.Equal(("elsewhere", JsonValueKind.Null), (Text(debt, "cause"), debt.GetProperty("person").ValueKind));
        var settled = await SettleAsync(pilot, $"/api/v1/sorties/{debt.GetProperty("sortieId").GetGuid()}/purpose", "training", "Wang", "Flown by remote control");
        Assert.Equal("training", Text(settled, "purpose"));
    }

    [Fact]
    public async Task A_call_that_takes_a_drone_off_its_patrol_turns_the_sortie_and_both_clocks_are_split_there()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var pilot = await InControlAsync(rig);
        var assignments = rig.Get<Assignments>();
        var patrol = new Assignment(AssignmentKind.Patrol, $"{Guid.NewGuid():n}", "Old city", 1, Actors.System, Purpose.Patrol) { AuthorisedBy = "user:admin" };
        var incident = new Assignment(AssignmentKind.Incident, $"{Guid.NewGuid()}", "110-7", 900, "user:dispatcher", Purpose.Incident);
        await assignments.TakeAsync("1", patrol, Token);
        await TakeOffAsync(rig, pilot, new { command = "takeoff", altitudeAboveHomeM = 15 });
        await rig.AdvanceAsync(TimeSpan.FromSeconds(7));
        await assignments.TakeAsync("1", incident, Token);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(5));
        await assignments.TakeAsync("1", incident, Token);
        await LandAsync(rig, pilot);

        var sortie = await OnlyAsync(pilot);
        var spans = sortie.GetProperty("spans").EnumerateArray().ToList();
        Assert.Equal([("patrol", "user:admin", patrol.Id), ("incident", "user:dispatcher", incident.Id)], spans.Select(span => (Text(span, "purpose")!, Text(span, "authorisedBy")!, Text(span, "taskId")!)));
        Assert.Equal(Text(spans[0], "to"), Text(spans[1], "from"));
        Assert.All(spans, span => Assert.InRange(span.GetProperty("airborneS").GetDouble(), 4, 60));
        foreach (var clock in new[] { "airborneS", "armedS" })
            Assert.Equal(sortie.GetProperty(clock).GetDouble(), spans.Sum(span => span.GetProperty(clock).GetDouble()), 0.001);

        var hours = (await pilot.GetAsync<JsonElement>("/api/v1/flightHours?groupBy=purpose")).GetProperty("items").EnumerateArray().ToDictionary(row => Text(row, "key")!);
        Assert.Equal((1, 0), (Number(hours["patrol"], "sorties"), Number(hours["incident"], "sorties")));
        foreach (var (span, row) in spans.Zip([hours["patrol"], hours["incident"]]))
            Assert.Equal((span.GetProperty("airborneS").GetDouble(), span.GetProperty("armedS").GetDouble()), (row.GetProperty("airborneSeconds").GetDouble(), row.GetProperty("armedSeconds").GetDouble()));
        foreach (var filter in new[] { $"incident={incident.Id}", $"patrol={patrol.Id}", "purpose=incident", "purpose=patrol" })
            Assert.Single((await pilot.GetAsync<JsonElement>($"/api/v1/sorties?{filter}")).GetProperty("items").EnumerateArray());
    }

    private static async Task<HttpClient> InControlAsync(FlightRig rig)
    {
        var pilot = await rig.Server.SignInAsync("pilot");
        using var taken = await rig.CallAsync(() => pilot.PostAsJsonAsync("/api/v1/vehicles/1/control", new { }, Token));
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        return pilot;
    }

    private static async Task CommandAsync(FlightRig rig, HttpClient pilot, object body)
    {
        using var answer = await rig.CallAsync(() => pilot.PostAsJsonAsync(Commands, body, Token));
        Assert.Equal("accepted", Text(await answer.ReadAsync<JsonElement>(HttpStatusCode.OK), "outcome"));
    }

    private static async Task TakeOffAsync(FlightRig rig, HttpClient pilot, object body)
    {
        await CommandAsync(rig, pilot, body);
        await rig.UntilAsync(() => rig.Copters[0].Height > 11);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(1));
    }

    /// <summary>Holding and landing need no grounds.</summary>
    private static async Task LandAsync(FlightRig rig, HttpClient pilot)
    {
        await CommandAsync(rig, pilot, new { command = "hold" });
        await CommandAsync(rig, pilot, new { command = "land" });
        await rig.UntilAsync(() => rig.Board.Find("1")!.Snapshot is { Armed: false, InAir: false });
        await rig.AdvanceAsync(TimeSpan.FromSeconds(2));
    }

    private static void Send(FlightRig rig, ref byte sequence, MavCmd command, float p1, float p2, float p7 = 0)
    {
        var buffer = new byte[MavlinkFrame.MaxLength];
        var message = OutgoingMessage.From(new CommandLong { TargetSystem = 1, TargetComponent = 1, Command = command, Param1 = p1, Param2 = p2, Param7 = p7 });
        rig.Copters[0].OnDatagram(buffer.AsSpan(0, FrameWriter.Write(buffer, message, new MavlinkAddress(254, 190), sequence++)));
    }

    private static async Task<JsonElement> OnlyAsync(HttpClient client) => Assert.Single((await client.GetAsync<JsonElement>("/api/v1/sorties")).GetProperty("items").EnumerateArray());

    private static async Task<List<JsonElement>> DebtsAsync(HttpClient client, string state) =>
        [.. (await client.GetAsync<JsonElement>($"/api/v1/debts?state={state}")).GetProperty("items").EnumerateArray()];

    private static async Task<JsonElement> SettleAsync(HttpClient client, string path, string purpose, string authorisedBy, string reason)
    {
        using var answer = await client.PostAsJsonAsync(path, new { purpose, authorisedBy, reason }, Token);
        return (await answer.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("sortie");
    }

    private static async Task CorrectAsync(HttpClient client, string path, string field, string value)
    {
        using var answer = await client.PostAsJsonAsync(path.Replace("/purpose", "/corrections", StringComparison.Ordinal), new { field, value, reason = "a slip of the pen" }, Token);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    private static string? Text(JsonElement item, string name) => item.GetProperty(name).GetString();

    private static int Number(JsonElement item, string name) => item.GetProperty(name).GetInt32();

    public sealed class OnSqlite() : FlightDebtTests(Store.Sqlite);

    public sealed class OnPostgres() : FlightDebtTests(Store.Postgres);
}
