using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Mavlink.Messages;
using DroneOps.Server.Dispatch;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;
using DroneOps.Server.Tests.Harness;
using DroneOps.Simulator.Faults;
using DroneOps.Simulator.Scenarios;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Tests.Dispatch;

/// <summary>An incident with several drones, and with drones that are lost to it.</summary>
public abstract class IncidentDronesTests(Store store)
{
    private const string Incidents = "/api/v1/incidents";
    private const byte MissionCount = 44;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_drone_stands_on_another_side_and_at_another_height_and_goes_home_alone()
    {
        await using var rig = await FlightRig.StartAsync(2, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var id = await ReportAsync(rig, dispatcher, "manual");
        (await PostAsync(rig, dispatcher, $"{id}/dispatch", new { role = "second" })).Refused("no-drone");
        (await PostAsync(rig, dispatcher, $"{id}/dispatch", new { vehicleId = "1" })).Done();
        (await PostAsync(rig, dispatcher, $"{id}/dispatch", new { role = "second" })).Done();
        (await PostAsync(rig, dispatcher, $"{id}/dispatch", new { role = "second" })).Refused("already-dispatched");
        (await PostAsync(rig, dispatcher, $"{id}/dispatch", new { role = "third" })).Refused("invalid-request");

        await UntilAsync(rig, dispatcher, id, incident => Drones(incident).All(drone => drone.State == "onScene"));

        var drones = Drones(await ReadAsync(dispatcher, id));
        Assert.Equal([("1", "primary"), ("2", "second")], drones.Select(drone => (drone.VehicleId, drone.Role)));
        Assert.True(SceneStand.Apart(drones[0].BearingDeg, drones[1].BearingDeg) > 120);
        Assert.True(Math.Abs(AmslOf(rig, 0) - AmslOf(rig, 1)) >= SceneStand.SeparationM - 1);

        (await PostAsync(rig, dispatcher, $"{id}/recall", new { vehicleId = "2" })).Done();
        var after = await ReadAsync(dispatcher, id);
        Assert.Equal(("onScene", "1"), (after.GetProperty("state").GetString(), after.GetProperty("vehicleId").GetString()));
        Assert.Equal(["onScene", "leaving"], Drones(after).Select(drone => drone.State));
    }

    [Fact]
    public async Task Whoever_sends_a_drone_and_hangs_up_has_sent_it()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var id = await ReportAsync(rig, dispatcher, "manual");
        using CancellationTokenSource gone = new();
        rig.OnSent = frame =>
        {
            if (frame.Span[7] == MissionCount)
                gone.Cancel();
        };
        var sent = await rig.UntilAsync(rig.OrderAsync(() => rig.Get<DispatchDesk>().SendAsync(id, null, DroneRole.Primary, "user:dispatcher", gone.Token)));
        Assert.True(gone.IsCancellationRequested);
        Assert.IsType<DispatchResult.Sent>(sent);
        await rig.UntilAsync(() => rig.Copters[0].Height > 10);

        // Before the drone is taken nothing has happened, and nothing does.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.Get<DispatchDesk>().SendAsync(id, null, DroneRole.Second, "user:dispatcher", gone.Token));
    }

    [Fact]
    public async Task A_drone_that_is_ordered_twice_at_once_is_sent_once_and_stays_the_incidents()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var id = await ReportAsync(rig, dispatcher, "manual", priority: 2);
        using var requested = await dispatcher.PostAsJsonAsync($"{Incidents}/{id}/stages", new { stage = "DroneRequested" }, Token);
        Assert.Equal(HttpStatusCode.OK, requested.StatusCode);

        // Both orders take the drone before either is written; meanwhile the call has become more urgent, so that the second is not refused for the first.
        using ManualResetEventSlim mayWrite = new();
        var writing = await HoldBookAsync(rig, id, mayWrite);
        var first = rig.Get<DispatchDesk>().SendAsync(id, "1", DroneRole.Primary, "user:dispatcher", Token);
        await rig.UntilAsync(() => rig.Board.Find("1")!.Assignment is not null);
        await using (var db = await rig.Get<IDbContextFactory<FleetDb>>().CreateDbContextAsync(Token))
            await db.Set<IncidentRecord>().Where(row => row.Id == id).ExecuteUpdateAsync(row => row.SetProperty(incident => incident.Priority, 1), Token);
        var second = rig.Get<DispatchDesk>().SendAsync(id, "1", DroneRole.Primary, "user:other", Token);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(1));
        mayWrite.Set();
        await writing;

        var ends = await rig.UntilAsync(Task.WhenAll(first, second));
        Assert.Single(ends.OfType<DispatchResult.Sent>());
        Assert.Equal("already-dispatched", Assert.Single(ends.OfType<DispatchResult.Refused>()).Slug);
        Assert.Equal(id.ToString(), rig.Board.Find("1")!.Assignment?.Id);
        await rig.UntilAsync(() => rig.Copters[0].Height > 20);
        Assert.Equal(("1", "onTheWay"), Drones(await ReadAsync(dispatcher, id)).Select(drone => (drone.VehicleId, drone.State)).Single());
    }

    [Fact]
    public async Task Who_sent_a_drone_is_told_what_became_of_the_incident_while_it_started()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var id = await ReportAsync(rig, dispatcher, "manual");
        var arms = false;
        rig.OnSent = frame => arms |= Frames.IsCommand(frame, MavCmd.ComponentArmDisarm);
        var sending = rig.OrderAsync(() => rig.Get<DispatchDesk>().SendAsync(id, null, DroneRole.Primary, "user:dispatcher", Token));
        await rig.UntilAsync(() => arms);
        await rig.Get<IncidentBook>().ChangeAsync(id, "system", (row, now) => row.Stop("1", DroneState.Gone, now, "Another call took it.") ? ("incident.droneLost", null) : null, Token);

        var sent = Assert.IsType<DispatchResult.Sent>(await rig.UntilAsync(sending));
        Assert.Equal((null, IncidentState.Open), (sent.Incident.VehicleId, sent.Incident.State));
    }

    [Fact]
    public async Task A_drone_that_loses_its_link_on_the_way_is_replaced_within_seconds_and_not_asked_again()
    {
        await using var rig = await FlightRig.StartAsync(2, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var id = await ReportAsync(rig, dispatcher, "auto");
        await rig.UntilAsync(() => rig.Copters.Any(copter => copter.Height > 20));
        var lost = rig.Copters[0].Height > 20 ? 0 : 1;

        rig.Copters[lost].DownFaults = rig.Copters[lost].UpFaults = new LineFaults(Silent: true);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(12));

        var drones = Drones(await ReadAsync(dispatcher, id));
        Assert.Equal(["lost", "onTheWay"], drones.Select(drone => drone.State));
        Assert.Equal($"{lost + 1}", drones[0].VehicleId);
        Assert.Equal("Its link was lost.", drones[0].Why);
        Assert.True(Math.Abs(drones[0].HeightM - drones[1].HeightM) >= SceneStand.SeparationM);

        // It is heard again: it is brought home, and comes to rest there with nothing left of the incident.
        rig.Copters[lost].DownFaults = rig.Copters[lost].UpFaults = LineFaults.None;
        await rig.UntilAsync(() => rig.Copters[lost].Mode == "RTL");
        (await PostAsync(rig, dispatcher, $"{id}/recall", new { })).Done();
        rig.IsHurried = true;
        await rig.UntilAsync(() => rig.Copters.All(copter => copter is { IsLanded: true, IsArmed: false }));

        // The landing is told six times a second.
        var end = await ReadAsync(dispatcher, id);
        for (var limit = rig.Now + TimeSpan.FromSeconds(1); Drones(end).Count > 0 && rig.Now < limit; end = await ReadAsync(dispatcher, id))
            await rig.AdvanceAsync(TimeSpan.FromMilliseconds(100));
        Assert.Empty(end.GetProperty("drones").EnumerateArray());
        Assert.Null(rig.Board.Find($"{lost + 1}")!.Assignment);
        var recovered = end.GetProperty("timeAxis").EnumerateArray().Single(step => step.GetProperty("stage").GetString() == "DroneRecovered");
        Assert.Equal(JsonValueKind.String, recovered.GetProperty("at").ValueKind);
    }

    [Fact]
    public async Task A_drone_whose_autopilot_turns_home_leaves_the_incident_waiting_with_the_reason()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var id = await ReportAsync(rig, dispatcher, "auto");
        await rig.UntilAsync(() => rig.Copters[0].Height > 20);

        rig.Copters[0].Plan(new TimedFault(FaultKind.GpsLoss, 0));
        await UntilAsync(rig, dispatcher, id, incident => incident.GetProperty("state").GetString() == "open");
        await rig.AdvanceAsync(TimeSpan.FromSeconds(5));

        var waiting = await ReadAsync(dispatcher, id);
        Assert.Equal(JsonValueKind.Null, waiting.GetProperty("vehicleId").ValueKind);
        Assert.StartsWith("Its autopilot acts by itself:", Assert.Single(Drones(waiting)).Why, StringComparison.Ordinal);
        Assert.Contains("UAV-01:", waiting.GetProperty("waitsFor").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_relief_comes_before_the_first_must_leave_and_the_first_goes_home_when_it_is_there()
    {
        var packs = new Dictionary<string, float> { ["BATT_CAPACITY"] = 13_070 };
        await using var rig = await FlightRig.StartAsync(new Scenario(Count: 2, FastBoot: true, Parameters: packs), TestServer.Begin, store, ("Dispatch:AutoRelief", "true"));
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var id = await ReportAsync(rig, dispatcher, "manual");
        (await PostAsync(rig, dispatcher, $"{id}/dispatch", new { vehicleId = "1" })).Done();
        await rig.UntilAsync(() => rig.Copters[0].Height > 20);
        rig.Copters[0].Plan(new TimedFault(FaultKind.LowBattery, 0, Value: 0.34));
        rig.IsHurried = true;

        await rig.UntilAsync(() => rig.Copters[1].Height > 20);
        var asked = await ReadAsync(dispatcher, id);
        Assert.Equal([("1", "primary"), ("2", "relief")], Drones(asked).Select(drone => (drone.VehicleId, drone.Role)));
        var relieveBy = asked.GetProperty("drones")[0].GetProperty("relieveBy").GetDateTimeOffset();
        Assert.InRange(relieveBy - rig.Now, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(4));

        await rig.UntilAsync(() => rig.Copters[0].Mode == "RTL");
        var relieved = await ReadAsync(dispatcher, id);
        Assert.Equal(("onScene", "2"), (relieved.GetProperty("state").GetString(), relieved.GetProperty("vehicleId").GetString()));
        Assert.Equal([("1", "leaving", "UAV-02 relieved it."), ("2", "onScene", null)], Drones(relieved).Select(drone => (drone.VehicleId, drone.State, drone.Why)));
        await rig.UntilAsync(() => rig.Copters[0] is { IsArmed: false });
        Assert.InRange(rig.Copters[0].BatteryCharge, 0.2, 0.34);
    }

    /// <summary>The pack is little more than half of what the type has: the drone's own discharge tells.</summary>
    [Fact]
    public async Task Without_a_relief_the_incident_says_so_in_time_and_the_drone_still_lands_with_its_reserve()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var id = await ReportAsync(rig, dispatcher, "auto");
        await rig.UntilAsync(() => rig.Copters[0].Height > 20);
        rig.Copters[0].Plan(new TimedFault(FaultKind.LowBattery, 0, Value: 0.4));
        rig.IsHurried = true;

        await UntilAsync(rig, dispatcher, id, incident => incident.GetProperty("waitsFor").GetString()?.Contains("nobody can relieve it", StringComparison.Ordinal) == true);
        await UntilAsync(rig, dispatcher, id, incident => incident.GetProperty("state").GetString() == "open");
        Assert.Equal("It had to leave to land with its reserve.", Assert.Single(Drones(await ReadAsync(dispatcher, id))).Why);
        await rig.UntilAsync(() => rig.Copters[0] is { IsArmed: false });
        Assert.InRange(rig.Copters[0].BatteryCharge, 0.2, 0.4);
    }

    private static double AmslOf(FlightRig rig, int copter) => rig.Board.Find($"{copter + 1}")!.Snapshot.Position!.Value.Value.Amsl.Metres;

    /// <summary>Has a change of an incident stand before all others until it may go on.</summary>
    /// <returns>The change, once it stands.</returns>
    private static async Task<Task> HoldBookAsync(FlightRig rig, Guid id, ManualResetEventSlim mayGoOn)
    {
        TaskCompletionSource stands = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var change = Task.Run(() => rig.Get<IncidentBook>().ChangeAsync(id, "system", (_, _) =>
        {
            stands.SetResult();
            mayGoOn.Wait(Token);
            return null;
        }, Token), Token);
        await stands.Task;
        return change;
    }

    private static async Task<Guid> ReportAsync(FlightRig rig, HttpClient dispatcher, string dispatch, int priority = 1)
    {
        var report = new { type = "theft", priority, summary = "", location = new { type = "Point", coordinates = new[] { 117.6560, 24.5110 } }, dispatch };
        using var answer = await rig.CallAsync(() => dispatcher.PostAsJsonAsync(Incidents, report, Token));
        return (await answer.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private static async Task<Answer> PostAsync(FlightRig rig, HttpClient dispatcher, string path, object body)
    {
        using var answer = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"{Incidents}/{path}", body, Token));
        return new(answer.StatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    /// <summary>Looks at the incident each half second of virtual time.</summary>
    private static async Task UntilAsync(FlightRig rig, HttpClient dispatcher, Guid id, Func<JsonElement, bool> holds)
    {
        for (var end = rig.Now + TimeSpan.FromMinutes(15); !holds(await ReadAsync(dispatcher, id));)
        {
            Assert.True(rig.Now < end, "It did not come to hold in fifteen minutes.");
            await rig.AdvanceAsync(TimeSpan.FromSeconds(0.5));
        }
    }

    private static Task<JsonElement> ReadAsync(HttpClient client, Guid id) => client.GetAsync<JsonElement>($"{Incidents}/{id}");

    private static List<Drone> Drones(JsonElement incident) => [.. incident.GetProperty("drones").EnumerateArray().Select(drone => new Drone(
        drone.GetProperty("vehicleId").GetString()!, drone.GetProperty("role").GetString()!, drone.GetProperty("state").GetString()!, drone.GetProperty("why").GetString(),
        drone.GetProperty("task").GetProperty("heightM").GetDouble(), drone.GetProperty("task").GetProperty("bearingDeg").GetDouble()))];

    private sealed record Drone(string VehicleId, string Role, string State, string? Why, double HeightM, double BearingDeg);

    private sealed record Answer(HttpStatusCode Status, string Body)
    {
        public void Done() => Assert.True(Status == HttpStatusCode.OK, Body);

        public void Refused(string slug) => Assert.Contains(slug, Body, StringComparison.Ordinal);
    }

    public sealed class OnSqlite() : IncidentDronesTests(Store.Sqlite);

    public sealed class OnPostgres() : IncidentDronesTests(Store.Postgres);
}
