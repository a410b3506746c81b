using System.Text.Json;
using DroneOps.Mavlink;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Fleet;
using DroneOps.Server.Sorties;
using DroneOps.Server.Tests.Harness;
using DroneOps.Vehicles;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Tests.Sorties;

/// <summary>Sorties as the database has them, with a database that does not always take them.</summary>
public abstract class SortieLogTests(Store store)
{
    private const byte CommandLong = 76;

    [Fact]
    public async Task A_sortie_whose_opening_could_not_be_written_is_written_with_the_next_step()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        await rig.Server.TakeAwayAsync("sorties");
        await TakeOffAsync(rig);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(5));

        await rig.Server.BringBackAsync("sorties");
        await rig.AdvanceAsync(TimeSpan.FromSeconds(2));

        var sortie = Assert.Single(await SortiesAsync(rig));
        Assert.False(sortie.IsClosed);
        var track = await TrackAsync(rig, sortie.Id);
        Assert.InRange(track[0].At - sortie.TakeoffAt, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal(sortie.Shape.NumPoints, track.Count);
    }

    [Fact]
    public async Task What_the_database_did_not_take_in_flight_is_all_there_after_the_landing()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        await TakeOffAsync(rig);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(12));
        await rig.Server.TakeAwayAsync("sortie_tracks");
        await rig.AdvanceAsync(TimeSpan.FromSeconds(25));
        await rig.Server.BringBackAsync("sortie_tracks");
        await LandAsync(rig);

        var sortie = Assert.Single(await SortiesAsync(rig));
        Assert.True(sortie.IsClosed);
        var track = await TrackAsync(rig, sortie.Id);
        Assert.Equal(track.DistinctBy(point => point.At).Count(), track.Count);
        Assert.InRange(track.Zip(track.Skip(1), (one, next) => (next.At - one.At).TotalSeconds).Max(), 0.9, 1.5);
        Assert.InRange(sortie.AirborneS - (track[^1].At - track[0].At).TotalSeconds, 0, 3);
    }

    [Fact]
    public async Task A_landing_that_could_not_be_written_does_not_become_part_of_the_next_flight()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        await TakeOffAsync(rig);
        await rig.Server.TakeAwayAsync("sorties");
        await LandAsync(rig);
        await TakeOffAsync(rig);
        await rig.Server.BringBackAsync("sorties");
        await LandAsync(rig);

        var sorties = await SortiesAsync(rig);
        Assert.Equal([true, true], sorties.Select(sortie => sortie.IsClosed));
        Assert.True(sorties[0].DisarmedAt < sorties[1].ArmedAt);
        using var auditor = await rig.Server.SignInAsync("auditor");
        foreach (var action in new[] { "sortie.opened", "sortie.closed" })
        {
            var entries = await auditor.GetAsync<Page<AuditRecord>>($"/api/v1/audit/entries?action={action}");
            Assert.Equal(sorties.Select(sortie => $"sortie/{sortie.Id}"), entries.Items.Reverse().Select(entry => entry.Subject));
        }
    }

    [Fact]
    public async Task A_flight_while_the_audit_log_has_no_room_is_in_log_and_record_when_there_is_room_again()
    {
        await using var rig = await FlightRig.StartAsync(1, store);

        // From the first order on: the take-off and the answers of the vehicle find no room.
        rig.OnSent = frame => rig.Server.IsAuditDiskFull |= frame.Span[7] == CommandLong;
        Assert.IsType<CommandOutcome.Accepted>(await rig.CommandAsync("1", new VehicleCommand.Takeoff(Altitude.Relative(12))));
        rig.OnSent = null;
        await rig.UntilAsync(() => rig.Copters[0].Height > 11);
        Assert.Empty(await SortiesAsync(rig));
        rig.Server.IsAuditDiskFull = false;
        await rig.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.False(Assert.Single(await SortiesAsync(rig)).IsClosed);

        // Nothing is launched without its entry; a vehicle is brought down all the same, and the entry follows.
        rig.Server.IsAuditDiskFull = true;
        var (commands, pilot) = (rig.Get<FleetCommands>(), new Commander("user:pilot", MayFly: true, AssignmentId: null));
        var away = new VehicleCommand.GoTo(rig.Board.Find("1")!.Snapshot.Position!.Value.Value.Point, Altitude.Relative(20));
        await Assert.ThrowsAsync<AuditFullException>(() => commands.ExecuteAsync("1", away, pilot, CancellationToken.None));
        Assert.True((await rig.UntilAsync(commands.ExecuteAsync("1", new VehicleCommand.Land(), pilot, CancellationToken.None))).IsAccepted);
        await rig.UntilAsync(() => rig.Board.Find("1")!.Snapshot is { Armed: false, InAir: false });
        await rig.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.False(Assert.Single(await SortiesAsync(rig)).IsClosed);
        rig.Server.IsAuditDiskFull = false;
        await rig.AdvanceAsync(TimeSpan.FromSeconds(3));

        var sortie = Assert.Single(await SortiesAsync(rig));
        Assert.True(sortie.IsClosed);
        var track = await TrackAsync(rig, sortie.Id);
        Assert.InRange(sortie.AirborneS - (track[^1].At - track[0].At).TotalSeconds, 0, 3);
        using var auditor = await rig.Server.SignInAsync("auditor");
        var entries = await auditor.GetAsync<Page<AuditRecord>>("/api/v1/audit/entries");
        Assert.Equal(["sortie.opened", "sortie.closed"], entries.Items.Reverse().Where(entry => entry.Subject == $"sortie/{sortie.Id}").Select(entry => entry.Action));
        var orders = entries.Items.Reverse().Where(entry => entry.Action is "vehicle.commanded" or "vehicle.answered").Select(entry => (entry.Action, JsonSerializer.Serialize(entry.Details))).ToList();
        Assert.Equal(["vehicle.commanded", "vehicle.answered", "vehicle.commanded", "vehicle.answered"], orders.Select(order => order.Action));
        Assert.Equal([false, true, true, true], orders.Select(order => order.Item2.Contains("\"late\":true", StringComparison.Ordinal)));
        Assert.Contains("land", orders[2].Item2, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clean_stop_in_flight_keeps_the_track_up_to_its_last_point()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        await TakeOffAsync(rig);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(14));
        var last = rig.Board.Find("1")!.Snapshot.Position!.Value.At;

        await rig.Server.RestartAsync();

        var sortie = Assert.Single(await SortiesAsync(rig));

        // What was on its way when the stop began may still have come in: the track can be longer than what was seen, never shorter by more than a point.
        Assert.InRange((await TrackAsync(rig, sortie.Id))[^1].At, last - TimeSpan.FromSeconds(1.2), last + TimeSpan.FromSeconds(1.2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sortie_of_a_vehicle_that_falls_silent_is_closed_after_a_while_and_goes_on_when_it_comes_back(bool isRestarted)
    {
        await using var rig = await FlightRig.StartAsync(1, store, ("Sorties:SilentMinutes", "5"));
        await TakeOffAsync(rig);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(10));
        rig.IsSilent = true;
        await rig.AdvanceAsync(TimeSpan.FromMinutes(4));
        Assert.False(Assert.Single(await SortiesAsync(rig)).IsClosed);
        await rig.AdvanceAsync(TimeSpan.FromMinutes(2));
        var silent = Assert.Single(await SortiesAsync(rig));
        Assert.Equal((true, ClockSource.LastKnown), (silent.IsClosed, silent.LandingSource));
        Assert.NotNull(silent.GivenUpAt);
        Assert.Null(silent.AirborneWithinS);
        Assert.InRange(silent.AirborneS, 8, 30);

        if (isRestarted)
            await rig.Server.RestartAsync();
        rig.IsSilent = false;
        await rig.AdvanceAsync(TimeSpan.FromSeconds(20));
        var back = Assert.Single(await SortiesAsync(rig));
        Assert.Equal((silent.Id, false, null, null), (back.Id, back.IsClosed, back.GivenUpAt, back.LandedAt));

        await LandAsync(rig);
        var over = Assert.Single(await SortiesAsync(rig));
        Assert.Equal((silent.Id, true, ClockSource.Inferred), (over.Id, over.IsClosed, over.LandingSource));
        Assert.InRange(over.AirborneS, 370, 460);
        Assert.Equal(360, (over.Gaps[^1].To - over.Gaps[^1].From)!.Value.TotalSeconds, 25.0);
        using var auditor = await rig.Server.SignInAsync("auditor");
        var entries = await auditor.GetAsync<Page<AuditRecord>>("/api/v1/audit/entries");
        Assert.Equal(["sortie.opened", "sortie.closed", "sortie.reopened", "sortie.closed"], entries.Items.Reverse().Where(entry => entry.Subject == $"sortie/{silent.Id}" && entry.Action.StartsWith("sortie.", StringComparison.Ordinal)).Select(entry => entry.Action));
    }

    [Fact]
    public async Task A_sortie_in_flight_at_a_restart_is_closed_after_a_while_when_its_vehicle_is_never_heard_again()
    {
        await using var rig = await FlightRig.StartAsync(1, store, ("Sorties:SilentMinutes", "5"));
        await TakeOffAsync(rig);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(12));
        rig.IsSilent = true;
        await rig.Server.RestartAsync();
        await rig.AdvanceAsync(TimeSpan.FromMinutes(4));
        Assert.False(Assert.Single(await SortiesAsync(rig)).IsClosed);

        await rig.AdvanceAsync(TimeSpan.FromMinutes(2));
        var lost = Assert.Single(await SortiesAsync(rig));
        Assert.Equal((true, ClockSource.LastKnown), (lost.IsClosed, lost.LandingSource));
        Assert.NotNull(lost.GivenUpAt);
        var last = (await TrackAsync(rig, lost.Id))[^1];
        Assert.InRange(lost.LandedAt!.Value - last.At, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal((last.Lon, last.Lat), (lost.Shape.Coordinates[^1].X, lost.Shape.Coordinates[^1].Y));

        rig.IsSilent = false;
        await rig.AdvanceAsync(TimeSpan.FromSeconds(20));
        var back = Assert.Single(await SortiesAsync(rig));
        Assert.Equal((lost.Id, false, null), (back.Id, back.IsClosed, back.GivenUpAt));
        Assert.NotNull(Assert.Single(back.Gaps).To);
    }

    private static async Task TakeOffAsync(FlightRig rig)
    {
        Assert.IsType<CommandOutcome.Accepted>(await rig.CommandAsync("1", new VehicleCommand.Takeoff(Altitude.Relative(12))));
        await rig.UntilAsync(() => rig.Copters[0].Height > 11);
    }

    private static async Task LandAsync(FlightRig rig)
    {
        Assert.IsType<CommandOutcome.Accepted>(await rig.CommandAsync("1", new VehicleCommand.Land()));
        await rig.UntilAsync(() => rig.Board.Find("1")!.Snapshot is { Armed: false, InAir: false });
        await rig.AdvanceAsync(TimeSpan.FromSeconds(2));
    }

    private static async Task<List<SortieRecord>> SortiesAsync(FlightRig rig)
    {
        await using var db = await rig.Server.OpenDatabaseAsync();
        return await db.Set<SortieRecord>().AsNoTracking().OrderBy(sortie => sortie.TakeoffAt).ToListAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<List<TrackPoint>> TrackAsync(FlightRig rig, Guid sortie)
    {
        await using var db = await rig.Server.OpenDatabaseAsync();
        var pieces = await db.Set<TrackPiece>().AsNoTracking().Where(piece => piece.SortieId == sortie).OrderBy(piece => piece.Number).ToListAsync(TestContext.Current.CancellationToken);
        return [.. pieces.SelectMany(piece => piece.Points)];
    }

    public sealed class OnSqlite() : SortieLogTests(Store.Sqlite);

    public sealed class OnPostgres() : SortieLogTests(Store.Postgres);
}
