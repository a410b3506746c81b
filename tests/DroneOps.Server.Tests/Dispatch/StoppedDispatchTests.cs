using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Mavlink.Messages;
using DroneOps.Server.Dispatch;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Server.Tests.Harness;
using DroneOps.Vehicles;
using Altitude = DroneOps.Mavlink.Altitude;

namespace DroneOps.Server.Tests.Dispatch;

/// <summary>Drones that did not confirm that they go, or did not take their route: none flies or hovers without anybody who has it.</summary>
public abstract class StoppedDispatchTests(Store store)
{
    private const string Incidents = "/api/v1/incidents";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_drone_is_on_its_way_when_only_the_answer_to_its_start_was_lost()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var id = await ReportAsync(rig, dispatcher, 117.6560, 24.5110);
        rig.Down = datagram => Frames.IsAnswer(datagram, MavCmd.MissionStart) ? default : datagram;

        (await SendAsync(rig, dispatcher, id, "1")).Done();

        await rig.UntilAsync(() => rig.Copters[0] is { Mode: "AUTO", Height: > 20 });
        Assert.Equal([("1", "onTheWay")], await DronesAsync(dispatcher, id));
        Assert.Equal(id.ToString(), rig.Board.Find("1")!.Assignment?.Id);
    }

    [Fact]
    public async Task A_drone_that_may_have_gone_is_ordered_home_once_and_the_next_keeps_its_height_from_it()
    {
        await using var rig = await FlightRig.StartAsync(2, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var id = await ReportAsync(rig, dispatcher, 117.6560, 24.5110);
        var returns = 0;
        rig.OnSent = frame =>
        {
            // Nothing is heard from the start on, until the order home is.
            if (Frames.IsCommand(frame, MavCmd.MissionStart))
                rig.IsSilent = true;
            else if (Frames.IsCommand(frame, MavCmd.NavReturnToLaunch))
                (rig.IsSilent, returns) = (false, returns + 1);
        };

        (await SendAsync(rig, dispatcher, id, "1")).Refused("drone-did-not-go", "It was ordered to return.");
        Assert.Equal((1, "RTL"), (returns, rig.Copters[0].Mode));
        rig.OnSent = null;
        Assert.Equal([("1", "leaving")], await DronesAsync(dispatcher, id));
        (await SendAsync(rig, dispatcher, id, "2")).Done();
        var heights = (await ReadAsync(dispatcher, id)).GetProperty("drones").EnumerateArray().Select(drone => drone.GetProperty("task").GetProperty("heightM").GetDouble()).ToList();
        Assert.True(Math.Abs(heights[0] - heights[1]) >= SceneStand.SeparationM, string.Join(", ", heights));

        await rig.UntilAsync(() => rig.Copters[0] is { IsLanded: true, IsArmed: false });
        await rig.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain("1", (await DronesAsync(dispatcher, id)).Select(drone => drone.VehicleId));
    }

    [Fact]
    public async Task A_drone_that_did_not_confirm_its_way_home_either_is_kept_until_it_is_down()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var id = await ReportAsync(rig, dispatcher, 117.6560, 24.5110);
        rig.OnSent = frame => rig.IsSilent |= Frames.IsCommand(frame, MavCmd.MissionStart);

        (await SendAsync(rig, dispatcher, id, "1")).Refused("drone-did-not-go", "The order to return was not confirmed: ");

        Assert.Equal([("1", "lost")], await DronesAsync(dispatcher, id));
        Assert.Equal(id.ToString(), rig.Board.Find("1")!.Assignment?.Id);
        (rig.OnSent, rig.IsSilent) = (null, false);
        await rig.UntilAsync(() => rig.Copters[0] is { IsLanded: true, IsArmed: false });
        await rig.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Empty(await DronesAsync(dispatcher, id));
        Assert.Null(rig.Board.Find("1")!.Assignment);
    }

    [Fact]
    public async Task A_drone_that_was_stopped_in_the_air_for_a_route_that_it_did_not_take_comes_home()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var second = await ReportAfterRecallAsync(rig, dispatcher);
        rig.Down = datagram => Frames.AnswersUpload(datagram) ? default : datagram;

        (await SendAsync(rig, dispatcher, second, "1")).Refused("drone-did-not-go", "It was ordered to return.");

        Assert.Equal("RTL", rig.Copters[0].Mode);
        Assert.Equal([("1", "leaving")], await DronesAsync(dispatcher, second));
        Assert.Null(rig.Board.Find("1")!.Assignment);
        rig.IsHurried = true;
        await rig.UntilAsync(() => rig.Copters[0] is { IsLanded: true, IsArmed: false });
        await rig.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Empty(await DronesAsync(dispatcher, second));
    }

    [Fact]
    public async Task A_pilot_who_has_taken_control_of_a_drone_that_was_stopped_keeps_it_where_it_is()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var second = await ReportAfterRecallAsync(rig, dispatcher);
        rig.Down = datagram => Frames.AnswersUpload(datagram) ? default : datagram;
        var isHeld = false;
        rig.OnSent = frame => isHeld |= Frames.IsCommand(frame, MavCmd.DoSetMode);

        var sending = rig.OrderAsync(() => rig.Get<DispatchDesk>().SendAsync(second, "1", DroneRole.Primary, "user:dispatcher", Token));
        await rig.UntilAsync(() => isHeld);
        Assert.NotNull(await rig.Get<IGrainFactory>().GetGrain<IVehicleGrain>("1").TakeControl("user:pilot"));
        Assert.IsType<DispatchResult.Refused>(await rig.UntilAsync(sending));

        Assert.Equal("BRAKE", rig.Copters[0].Mode);
        Assert.Empty(await DronesAsync(dispatcher, second));
    }

    [Fact]
    public async Task What_a_drone_that_did_not_go_flies_later_is_not_written_into_that_call()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var id = await ReportAsync(rig, dispatcher, 117.6560, 24.5110);
        rig.Down = datagram => Frames.AnswersUpload(datagram) ? default : datagram;
        (await SendAsync(rig, dispatcher, id, "1")).Refused("drone-did-not-go", "did not go: upload");
        rig.Down = null;
        using var closed = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"{Incidents}/{id}/close", new { }, Token));
        Assert.Equal(HttpStatusCode.OK, closed.StatusCode);

        Assert.IsType<CommandOutcome.Accepted>(await rig.CommandAsync("1", new VehicleCommand.Takeoff(Altitude.Relative(12))));
        await rig.UntilAsync(() => rig.Copters[0].Height > 11);
        Assert.Null(await ReachedAsync(dispatcher, id, "DroneAirborne"));

        Assert.True(await rig.Get<IGrainFactory>().GetGrain<IVehicleGrain>("1").ReleaseControl("user:pilot"));
        var second = await ReportAsync(rig, dispatcher, 117.6575, 24.5130);
        (await SendAsync(rig, dispatcher, second, "1")).Done();
        using var recalled = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"{Incidents}/{second}/recall", new { }, Token));
        await rig.UntilAsync(() => rig.Copters[0] is { IsLanded: true, IsArmed: false });
        await rig.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.NotNull(await ReachedAsync(dispatcher, second, "DroneRecovered"));
        Assert.Null(await ReachedAsync(dispatcher, id, "DroneRecovered"));
    }

    [Fact]
    public async Task A_more_urgent_call_takes_the_drone_that_is_just_being_started_for_another()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var patient = await ReportAsync(rig, dispatcher, 117.6560, 24.5110, priority: 3);
        var urgent = await ReportAsync(rig, dispatcher, 117.6575, 24.5130);
        var isStarting = false;
        rig.OnSent = frame => isStarting |= Frames.IsCommand(frame, MavCmd.ComponentArmDisarm);
        var first = rig.OrderAsync(() => rig.Get<DispatchDesk>().SendAsync(patient, "1", DroneRole.Primary, "user:dispatcher", Token));
        await rig.UntilAsync(() => isStarting);
        Assert.False(first.IsCompleted);

        var second = await rig.UntilAsync(rig.OrderAsync(() => rig.Get<DispatchDesk>().SendAsync(urgent, "1", DroneRole.Primary, "user:dispatcher", Token)));

        Assert.IsType<DispatchResult.Sent>(second);
        await rig.UntilAsync(first);
        await rig.UntilAsync(() => rig.Copters[0] is { Mode: "AUTO", Height: > 20 });
        Assert.Equal([("1", "onTheWay")], await DronesAsync(dispatcher, urgent));
        Assert.DoesNotContain(("1", "onTheWay"), await DronesAsync(dispatcher, patient));
        Assert.Equal(urgent.ToString(), rig.Board.Find("1")!.Assignment?.Id);
    }

    [Fact]
    public async Task A_drone_that_is_landed_by_hand_while_its_route_is_written_is_not_started()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var (second, upload, sending) = await WritingAsync(rig, dispatcher);
        await StopAsync(rig, new VehicleCommand.Land());
        rig.Down = null;

        var refused = Assert.IsType<DispatchResult.Refused>(await rig.UntilAsync(sending));
        Assert.Equal("UAV-01 did not go: start, A safe stop came first.", refused.Detail);
        Assert.Equal(refused.Detail, (await ReadAsync(dispatcher, second)).GetProperty("waitsFor").GetString());
        await rig.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Equal((0, "LAND"), (upload.Starts, rig.Copters[0].Mode));
    }

    [Fact]
    public async Task A_drone_that_leaves_its_hold_by_itself_while_its_route_is_written_is_not_started()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var (_, upload, sending) = await WritingAsync(rig, dispatcher);

        // As by a transmitter or a failsafe: no order of the service's is behind it.
        await rig.UntilAsync(rig.Get<Gateway>().LoopOf("1")!.Command(new VehicleCommand.SetMode("LAND"))!);
        await rig.UntilAsync(() => rig.Board.Find("1")!.Snapshot.Mode == "LAND");
        rig.Down = null;

        var refused = Assert.IsType<DispatchResult.Refused>(await rig.UntilAsync(sending));
        Assert.Equal("UAV-01 did not go: start, It was taken out of its hold to LAND.", refused.Detail);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Equal((0, "LAND"), (upload.Starts, rig.Copters[0].Mode));
    }

    [Fact]
    public async Task An_order_that_waits_for_its_turn_does_not_hold_a_drone_that_is_sent_home_meanwhile()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var patient = await ReportAfterRecallAsync(rig, dispatcher, priority: 3);
        var urgent = await ReportAsync(rig, dispatcher, 117.6560, 24.5110);
        var upload = WatchUpload(rig);
        var first = rig.OrderAsync(() => rig.Get<DispatchDesk>().SendAsync(patient, "1", DroneRole.Primary, "user:dispatcher", Token));
        await rig.UntilAsync(() => upload.IsWriting);
        var second = rig.OrderAsync(() => rig.Get<DispatchDesk>().SendAsync(urgent, "1", DroneRole.Primary, "user:dispatcher", Token));
        await rig.UntilAsync(() => rig.Board.Find("1")!.Assignment?.Id == urgent.ToString());
        await rig.AdvanceAsync(TimeSpan.FromSeconds(1));

        await StopAsync(rig, new VehicleCommand.ReturnToLaunch());
        rig.Down = null;

        Assert.IsType<DispatchResult.Refused>(await rig.UntilAsync(first));
        Assert.Equal("UAV-01 did not go: hold, A safe stop came first.", Assert.IsType<DispatchResult.Refused>(await rig.UntilAsync(second)).Detail);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Equal((0, "RTL"), (upload.Starts, rig.Copters[0].Mode));
    }

    /// <summary>Keeps what a drone answers to the writing of a route from the server, until <see cref="FlightRig.Down"/> lets it through again.</summary>
    private static Upload WatchUpload(FlightRig rig)
    {
        Upload upload = new();
        rig.Down = datagram => Frames.AnswersUpload(datagram) ? default : datagram;
        rig.OnSent = frame =>
        {
            upload.IsWriting |= Frames.AnnouncesPlan(frame);
            upload.Starts += Frames.IsCommand(frame, MavCmd.MissionStart) ? 1 : 0;
        };
        return upload;
    }

    /// <summary>A drone in the air, held there while its route to another incident is written.</summary>
    private static async Task<(Guid Incident, Upload Upload, Task<DispatchResult> Sending)> WritingAsync(FlightRig rig, HttpClient dispatcher)
    {
        var incident = await ReportAfterRecallAsync(rig, dispatcher);
        var upload = WatchUpload(rig);
        var sending = rig.OrderAsync(() => rig.Get<DispatchDesk>().SendAsync(incident, "1", DroneRole.Primary, "user:dispatcher", Token));
        await rig.UntilAsync(() => upload.IsWriting);
        return (incident, upload, sending);
    }

    /// <summary>A pilot who has not taken control stops a drone: that needs none.</summary>
    private static async Task StopAsync(FlightRig rig, VehicleCommand stop)
    {
        var receipt = await rig.UntilAsync(rig.Get<FleetCommands>().ExecuteAsync("1", stop, new Commander("user:pilot", MayFly: true, AssignmentId: null), Token));
        Assert.True(receipt.IsAccepted);
    }

    /// <summary>A drone in the air, on its way home from one incident, and another incident reported.</summary>
    private static async Task<Guid> ReportAfterRecallAsync(FlightRig rig, HttpClient dispatcher, int priority = 1)
    {
        var first = await ReportAsync(rig, dispatcher, 117.6560, 24.5110);
        (await SendAsync(rig, dispatcher, first, "1")).Done();
        await rig.UntilAsync(() => rig.Copters[0].Height > 50);
        using var recalled = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"{Incidents}/{first}/recall", new { }, Token));
        Assert.Equal(HttpStatusCode.OK, recalled.StatusCode);
        return await ReportAsync(rig, dispatcher, 117.6575, 24.5130, priority);
    }

    private static async Task<Guid> ReportAsync(FlightRig rig, HttpClient dispatcher, double longitude, double latitude, int priority = 1)
    {
        var report = new { type = "theft", priority, summary = "", location = new { type = "Point", coordinates = new[] { longitude, latitude } }, dispatch = "manual" };
        using var answer = await rig.CallAsync(() => dispatcher.PostAsJsonAsync(Incidents, report, Token));
        return (await answer.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private static async Task<Answer> SendAsync(FlightRig rig, HttpClient dispatcher, Guid id, string vehicleId)
    {
        using var answer = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"{Incidents}/{id}/dispatch", new { vehicleId }, Token));
        return new(answer.StatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    private static Task<JsonElement> ReadAsync(HttpClient client, Guid id) => client.GetAsync<JsonElement>($"{Incidents}/{id}");

    private static async Task<string?> ReachedAsync(HttpClient client, Guid id, string stage) =>
        (await ReadAsync(client, id)).GetProperty("timeAxis").EnumerateArray().Single(step => step.GetProperty("stage").GetString() == stage).GetProperty("at").GetString();

    private static async Task<List<(string? VehicleId, string? State)>> DronesAsync(HttpClient client, Guid id) =>
        [.. (await ReadAsync(client, id)).GetProperty("drones").EnumerateArray().Select(drone => (drone.GetProperty("vehicleId").GetString(), drone.GetProperty("state").GetString()))];

    private sealed class Upload
    {
        public bool IsWriting { get; set; }

        public int Starts { get; set; }
    }

    private sealed record Answer(HttpStatusCode Status, string Body)
    {
        public void Done() => Assert.True(Status == HttpStatusCode.OK, Body);

        public void Refused(string slug, string detail)
        {
            Assert.Equal(HttpStatusCode.Conflict, Status);
            Assert.Contains(slug, Body, StringComparison.Ordinal);
            Assert.Contains(detail, Body, StringComparison.Ordinal);
        }
    }

    public sealed class OnSqlite() : StoppedDispatchTests(Store.Sqlite);

    public sealed class OnPostgres() : StoppedDispatchTests(Store.Postgres);
}
