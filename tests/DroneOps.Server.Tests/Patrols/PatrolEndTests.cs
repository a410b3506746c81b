using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Fleet;
using DroneOps.Server.Patrols;
using DroneOps.Server.Tests.Harness;
using DroneOps.Simulator.Scenarios;
using DroneOps.Vehicles;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Tests.Patrols;

/// <summary>However a patrol ends or fails to begin, its drone is given back and the rota goes on.</summary>
public abstract class PatrolEndTests(Store store)
{
    private const string Occurrences = "patrol_occurrences";
    private const string AssignmentTable = "assignments";
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_landing_while_the_database_is_away_ends_the_patrol_when_it_is_back()
    {
        await using var rig = await StartAsync();
        using var pilot = await rig.Server.SignInAsync("pilot");
        await BeginAsync(rig, pilot);
        await rig.UntilAsync(() => rig.Copters[0].Height > 20);
        rig.IsHurried = true;

        await rig.Server.TakeAwayAsync(Occurrences);
        await rig.Server.TakeAwayAsync(AssignmentTable);
        Assert.IsType<CommandOutcome.Accepted>(await rig.CommandAsync("1", new VehicleCommand.ReturnToLaunch()));
        await rig.UntilAsync(() => rig.Copters[0] is { IsLanded: true, IsArmed: false });
        await rig.AdvanceAsync(Moment);
        var down = rig.Now;
        await rig.AdvanceAsync(TimeSpan.FromSeconds(30));
        Assert.NotNull(rig.Board.Find("1")!.Assignment);
        await rig.Server.BringBackAsync(AssignmentTable);
        await rig.AdvanceAsync(Moment);
        await rig.Server.BringBackAsync(Occurrences);

        // The clock does not wait for what is tried again: on a busy machine that takes a few looks more.
        await rig.UntilAsync(() => rig.Board.Find("1")!.Assignment is null);
        await using var db = await rig.Server.OpenDatabaseAsync();
        await rig.UntilAsync(() => db.Set<OccurrenceRecord>().AsNoTracking().Single().State == OccurrenceState.Done);
        var row = await db.Set<OccurrenceRecord>().SingleAsync(Token);
        Assert.InRange(row.EndedAt!.Value, down - TimeSpan.FromSeconds(10), down);
    }

    [Fact]
    public async Task A_patrol_whose_start_could_not_be_written_gives_its_drone_back_and_starts_when_it_can_be()
    {
        await using var rig = await StartAsync();
        using var pilot = await rig.Server.SignInAsync("pilot");

        // Full from the moment the drone is taken: that it starts finds no room, and that it is given back neither.
        void Fill(FleetVehicle vehicle) => rig.Server.IsAuditDiskFull |= vehicle.Assignment is not null;
        rig.Board.Changed += Fill;
        await BeginAsync(rig, pilot);
        await rig.UntilAsync(() => rig.Server.IsAuditDiskFull);
        rig.Board.Changed -= Fill;
        await rig.AdvanceAsync(Moment);
        Assert.Equal("planned", StateOf(Assert.Single(await RunsAsync(pilot))));

        rig.Server.IsAuditDiskFull = false;
        await rig.AdvanceAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("flying", StateOf(Assert.Single(await RunsAsync(pilot))));
    }

    [Fact]
    public async Task A_patrol_whose_order_could_not_be_entered_is_missed_and_gives_its_drone_back()
    {
        await using var rig = await StartAsync();
        using var pilot = await rig.Server.SignInAsync("pilot");
        void Fill(OccurrenceView run) => rig.Server.IsAuditDiskFull |= run.State == OccurrenceState.Starting;
        rig.Get<PatrolChanges>().Changed += Fill;
        await BeginAsync(rig, pilot);
        await rig.UntilAsync(() => rig.Server.IsAuditDiskFull);
        await rig.AdvanceAsync(Moment);

        rig.Server.IsAuditDiskFull = false;
        await rig.AdvanceAsync(Moment);
        Assert.Equal("missed", StateOf(Assert.Single(await RunsAsync(pilot))));
        Assert.Null(rig.Board.Find("1")!.Assignment);
        Assert.False(rig.Copters[0].IsArmed);
    }

    [Fact]
    public async Task A_drone_that_the_last_run_could_not_give_back_is_given_back_at_the_start()
    {
        await using var rig = await StartAsync();
        await using (var db = await rig.Server.OpenDatabaseAsync())
        {
            var assignment = new Assignment(AssignmentKind.Patrol, "over", "Old city", PatrolRunner.Priority, "user:pilot", Purpose.Patrol);
            db.Add(new AssignmentRecord { VehicleId = "1", Assignment = assignment, TakenAt = rig.Now });
            await db.SaveChangesAsync(Token);
        }

        await rig.Server.RestartAsync();
        await rig.AdvanceAsync(Moment);

        Assert.Null(rig.Board.Find("1")!.Assignment);
        await using var after = await rig.Server.OpenDatabaseAsync();
        Assert.Empty(await after.Set<AssignmentRecord>().ToListAsync(Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_drone_that_is_not_heard_any_more_is_given_up_and_starts_nothing_by_itself_when_it_comes_back(bool isRestarted)
    {
        await using var rig = await StartAsync(("Patrols:SilentMinutes", "30"));
        using var pilot = await rig.Server.SignInAsync("pilot");
        var patrol = await BeginAsync(rig, pilot);
        await rig.UntilAsync(() => rig.Copters[0].Height > 20);
        rig.IsHurried = true;
        rig.IsSilent = true;
        if (isRestarted)
            await rig.Server.RestartAsync();
        using var again = await rig.Server.SignInAsync("pilot");
        await rig.AdvanceAsync(TimeSpan.FromMinutes(29));
        Assert.Equal("flying", StateOf(Assert.Single(await RunsAsync(again))));
        Assert.NotNull(rig.Board.Find("1")!.Assignment);

        await rig.AdvanceAsync(TimeSpan.FromMinutes(2));
        var lost = Assert.Single(await RunsAsync(again));
        Assert.Equal(("interrupted", "UAV-01 was not heard for 30 minutes."), (StateOf(lost), lost.GetProperty("reason").GetString()));
        Assert.Null(rig.Board.Find("1")!.Assignment);

        await rig.UntilAsync(() => rig.Copters[0] is { IsLanded: true, IsArmed: false });
        rig.IsSilent = false;
        await rig.AdvanceAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(VehicleLinkState.Up, rig.Board.Find("1")!.Snapshot.Link);
        await BeginAsync(rig, again, patrol);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(("planned", "UAV-01: It was not heard on a patrol; take control of it first."), Waiting(await RunsAsync(again)));
        Assert.False(rig.Copters[0].IsArmed);

        var control = rig.Get<IGrainFactory>().GetGrain<IVehicleGrain>("1");
        Assert.NotNull(await control.TakeControl("user:pilot"));
        Assert.True(await control.ReleaseControl("user:pilot"));
        await rig.AdvanceAsync(Moment);
        Assert.NotEqual("UAV-01: It was not heard on a patrol; take control of it first.", Waiting(await RunsAsync(again)).Reason);

        static (string? State, string? Reason) Waiting(List<JsonElement> runs) => (StateOf(runs[^1]), runs[^1].GetProperty("reason").GetString());
    }

    private Task<FlightRig> StartAsync(params (string Key, string Value)[] settings)
    {
        var packs = new Dictionary<string, float> { ["BATT_CAPACITY"] = 13_070 };
        return FlightRig.StartAsync(new Scenario(Count: 1, FastBoot: true, Parameters: packs), TestServer.Begin, store, settings);
    }

    /// <summary>Plans a patrol for the one drone and starts it by hand.</summary>
    /// <returns>The patrol.</returns>
    private static async Task<Guid> BeginAsync(FlightRig rig, HttpClient pilot)
    {
        var plan = new { name = "Old city", routeId = "old-city-lawnmower", vehicleIds = new[] { "1" }, vehicleCount = 1 };
        using var made = await rig.CallAsync(() => pilot.PostAsJsonAsync("/api/v1/patrols", plan, Token));
        var patrol = (await made.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        await BeginAsync(rig, pilot, patrol);
        return patrol;
    }

    private static async Task BeginAsync(FlightRig rig, HttpClient pilot, Guid patrol)
    {
        using var started = await rig.CallAsync(() => pilot.PostAsJsonAsync($"/api/v1/patrols/{patrol}/start", new { }, Token));
        Assert.Equal(HttpStatusCode.OK, started.StatusCode);
    }

    private static async Task<List<JsonElement>> RunsAsync(HttpClient client) =>
        [.. (await client.GetAsync<JsonElement>("/api/v1/patrols/occurrences?from=2026-04-30T00:00:00Z&to=2026-05-02T00:00:00Z")).GetProperty("items").EnumerateArray()];

    private static string? StateOf(JsonElement run) => run.GetProperty("state").GetString();

    public sealed class OnSqlite() : PatrolEndTests(Store.Sqlite);

    public sealed class OnPostgres() : PatrolEndTests(Store.Postgres);
}
