using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;
using DroneOps.Mavlink;
using DroneOps.Server.Alarms;
using DroneOps.Server.Fleet;
using DroneOps.Server.Tests.Harness;
using DroneOps.Vehicles;
using Microsoft.AspNetCore.SignalR.Client;

namespace DroneOps.Server.Tests.Alarms;

/// <summary>What the fleet, the incidents and the flights become alarmed by, with simulated vehicles on both stores.</summary>
public abstract class AlarmSourceTests(Store store)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_urgent_incident_that_waits_too_long_is_an_alarm_until_it_has_a_drone()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var urgent = await ReportAsync(rig, dispatcher, 1, 117.6560, 24.5110);
        await ReportAsync(rig, dispatcher, 2, 117.6560, 24.5110);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(58));
        Assert.DoesNotContain(rig.Get<AlarmBook>().Open, alarm => alarm.Code == AlarmCatalog.IncidentWaits);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(4));
        var alarm = Assert.Single(rig.Get<AlarmBook>().Open, alarm => alarm.Code == AlarmCatalog.IncidentWaits);
        Assert.Equal((urgent, AlarmPriority.Warning), (alarm.IncidentId, alarm.Priority));

        using var sent = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"/api/v1/incidents/{urgent}/dispatch", new { vehicleId = "1" }, Token));
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(7));
        Assert.False(rig.Get<AlarmBook>().Find(alarm.Id)!.Life.IsActive);
    }

    [Fact]
    public async Task A_drone_that_is_lost_on_its_way_is_an_alarm_of_the_incident_and_of_the_vehicle()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var incident = await ReportAsync(rig, dispatcher, 2, 117.6660, 24.5110);
        using var sent = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"/api/v1/incidents/{incident}/dispatch", new { vehicleId = "1" }, Token));
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        await rig.UntilAsync(() => rig.Copters[0].DistanceFromDock > 50);
        Assert.DoesNotContain(rig.Get<AlarmBook>().Open, alarm => alarm.Code is AlarmCatalog.DroneLostOnWay);

        rig.IsSilent = true;
        await rig.UntilAsync(() => rig.Board.Find("1")!.Snapshot.Link == VehicleLinkState.Lost);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Equal([AlarmCatalog.DroneLostOnWay, AlarmCatalog.LinkLost], rig.Get<AlarmBook>().Open.Select(alarm => alarm.Code).Order(StringComparer.Ordinal));
        Assert.Equal(incident, rig.Get<AlarmBook>().Open.Single(alarm => alarm.Code == AlarmCatalog.DroneLostOnWay).IncidentId);

        rig.IsSilent = false;
        await rig.UntilAsync(() => rig.Board.Find("1")!.Snapshot.Link == VehicleLinkState.Up);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(8));
        Assert.All(rig.Get<AlarmBook>().Open, alarm => Assert.Equal(AlarmState.ReturnedUnacknowledged, alarm.State));
    }

    [Fact]
    public async Task A_place_in_a_no_fly_zone_is_told_at_once_and_a_closed_incident_has_no_alarms()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var incident = await ReportAsync(rig, dispatcher, 3, 117.602, 24.533);
        var alarm = Assert.Single(rig.Get<AlarmBook>().Open);
        Assert.Equal((AlarmCatalog.PlaceInNoFlyZone, AlarmPriority.Advisory), (alarm.Code, alarm.Priority));
        Assert.Contains("看守所", alarm.Text, StringComparison.Ordinal);

        using var closed = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"/api/v1/incidents/{incident}/close", new { }, Token));
        Assert.Equal(HttpStatusCode.OK, closed.StatusCode);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(7));
        Assert.False(rig.Get<AlarmBook>().Find(alarm.Id)!.Life.IsActive);
    }

    [Fact]
    public async Task A_vehicle_that_is_grounded_is_suppressed_by_design_and_calls_when_it_is_put_back()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var admin = await rig.Server.SignInAsync("admin");
        using var grounded = await rig.CallAsync(() => admin.PatchAsJsonAsync("/api/v1/vehicles/1", new { groundedFor = "repair" }, Token));
        Assert.Equal(HttpStatusCode.OK, grounded.StatusCode);
        rig.IsSilent = true;
        await rig.UntilAsync(() => rig.Board.Find("1")!.Snapshot.Link == VehicleLinkState.Lost);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(2));
        var alarm = Assert.Single(rig.Get<AlarmBook>().Standing);
        Assert.Equal((AlarmState.SuppressedByDesign, "It is grounded."), (alarm.State, alarm.SuppressedFor));
        Assert.Empty(rig.Get<AlarmBook>().Open);

        using var back = await rig.CallAsync(() => admin.PatchAsJsonAsync("/api/v1/vehicles/1", new { groundedFor = (string?)null }, Token));
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(alarm.Id, Assert.Single(rig.Get<AlarmBook>().Open).Id);
    }

    [Fact]
    public async Task A_whole_network_that_goes_silent_is_one_alarm_and_no_client_of_the_feed_misses_any()
    {
        await using var rig = await FlightRig.StartAsync(4, store);
        using var machine = await rig.Server.TokenAsync("integration");
        var token = machine.DefaultRequestHeaders.Authorization!.Parameter;
        await using var hub = new HubConnectionBuilder().WithUrl(new Uri(rig.Server.Address, "feed"), options => options.AccessTokenProvider = () => Task.FromResult(token)).Build();
        var alerts = Channel.CreateUnbounded<JsonElement>();
        hub.On<JsonElement>("alert", body => alerts.Writer.TryWrite(body.GetProperty("item")));
        await hub.StartAsync(Token);
        await hub.InvokeAsync("Subscribe", new { rateHz = 1 }, Token);

        rig.IsSilent = true;
        await rig.UntilAsync(() => rig.Board.All.All(vehicle => vehicle.Snapshot.Link == VehicleLinkState.Lost));
        await rig.AdvanceAsync(TimeSpan.FromSeconds(1));
        var calling = rig.Get<AlarmBook>().Open.Where(alarm => alarm.GroupId is null).ToList();
        Assert.Equal(4, Assert.Single(calling).Members);

        var seen = new HashSet<Guid>();
        while (!seen.IsSupersetOf(rig.Get<AlarmBook>().All.Select(alarm => alarm.Id)))
            seen.Add((await alerts.Reader.ReadAsync(Token)).GetProperty("id").GetGuid());
        Assert.Equal(5, seen.Count);
    }

    [Fact]
    public async Task A_flight_that_ended_without_a_purpose_owes_it_until_it_is_entered()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        Assert.IsType<CommandOutcome.Accepted>(await rig.CommandAsync("1", new VehicleCommand.Takeoff(Altitude.Relative(10)), new LaunchGrounds(null, null, IsEmergency: true)));
        await rig.UntilAsync(() => rig.Copters[0].Height > 8);
        Assert.IsType<CommandOutcome.Accepted>(await rig.CommandAsync("1", new VehicleCommand.Land()));
        await rig.UntilAsync(() => rig.Get<AlarmBook>().Open.Any(alarm => alarm.Code == AlarmCatalog.PurposeMissing));
        var alarm = rig.Get<AlarmBook>().Open.Single(alarm => alarm.Code == AlarmCatalog.PurposeMissing);

        using var pilot = await rig.Server.SignInAsync("pilot");
        var sortie = alarm.Subject.Split('/')[1];
        using var settled = await rig.CallAsync(() => pilot.PostAsJsonAsync($"/api/v1/sorties/{sortie}/purpose", new { purpose = "training", authorisedBy = "user:admin", reason = "entered late" }, Token));
        Assert.Equal(HttpStatusCode.OK, settled.StatusCode);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(7));
        Assert.False(rig.Get<AlarmBook>().Find(alarm.Id)!.Life.IsActive);
    }

    private static async Task<Guid> ReportAsync(FlightRig rig, HttpClient dispatcher, int priority, double lon, double lat)
    {
        var report = new { type = "theft", priority, summary = "", location = new { type = "Point", coordinates = new[] { lon, lat } }, dispatch = "manual" };
        using var answer = await rig.CallAsync(() => dispatcher.PostAsJsonAsync("/api/v1/incidents", report, Token));
        return (await answer.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    public sealed class OnSqlite() : AlarmSourceTests(Store.Sqlite);

    public sealed class OnPostgres() : AlarmSourceTests(Store.Postgres);
}
