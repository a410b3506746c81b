using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Cluster;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;
using DroneOps.Server.Storage.Postgres;
using DroneOps.Server.Storage.Sqlite;
using DroneOps.Server.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Response;

/// <summary>The kept figures of a day whose incidents change while it is counted. The clock begins at eight in the city's morning of 2026-05-01.</summary>
public abstract class DayKeeperTests(Store store)
{
    private const string Incidents = "/api/v1/incidents";
    private static readonly TimeSpan ToMidnight = TimeSpan.FromHours(16);
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_correction_that_is_written_after_its_day_was_counted_is_counted_however_long_the_writing_took()
    {
        using var held = new HeldSave();
        await using var server = await TestServer.StartAsync(store, builder => builder.Services
            .ConfigureDbContext<SqliteFleetDb>(context => context.AddInterceptors(held)).ConfigureDbContext<PostgresFleetDb>(context => context.AddInterceptors(held)));
        using var dispatcher = await server.SignInAsync(Roles.Dispatcher);
        var id = await ArriveAsync(dispatcher);
        await AdvanceAsync(server, ToMidnight - (Look / 2));
        using var late = await server.SignInAsync(Roles.Dispatcher);
        var correcting = held.HoldAsync(() => CorrectAsync(late, id));
        await held.Begun;
        await AdvanceAsync(server, Look);
        Assert.Equal(100, await ArrivalS(late));
        await AdvanceAsync(server, 10 * Look);

        held.LetGo();
        await correcting;
        await AdvanceAsync(server, Look);
        Assert.Equal(80, await ArrivalS(late));
    }

    [Fact]
    public async Task A_change_of_which_nobody_told_is_counted_though_its_time_is_from_before_the_count()
    {
        await using var server = await TestServer.StartAsync(store);
        using var dispatcher = await server.SignInAsync(Roles.Dispatcher);
        var id = await ArriveAsync(dispatcher);
        await AdvanceAsync(server, ToMidnight);
        var counted = server.Time.GetUtcNow();
        await AdvanceAsync(server, 10 * Look);

        // As another node has written it, or this one before it died.
        await using (var db = await server.Services.GetRequiredService<IDbContextFactory<FleetDb>>().CreateDbContextAsync(Token))
        {
            var times = await db.Set<IncidentTimes>().SingleAsync(row => row.Id == id, Token);
            (times.Axis, times.ChangedAt) = (TallyTests.Row((IncidentStage.DroneOnScene, 80)).Axis, counted - (Look / 2));
            await db.SaveChangesAsync(Token);
        }

        await server.RestartAsync();
        await AdvanceAsync(server, Look);
        using var next = await server.SignInAsync(Roles.Dispatcher);
        Assert.Equal(80, await ArrivalS(next));
    }

    [Fact]
    public async Task A_day_of_imported_history_is_counted_within_a_minute()
    {
        await using var server = await TestServer.StartAsync(store);
        using var dispatcher = await server.SignInAsync(Roles.Dispatcher);
        await AdvanceAsync(server, Look);
        using var file = new StringContent("number,time,lon,lat,到场时间\n1,2026-04-28 08:00:00,117.65,24.51,2026-04-28 08:01:40\n");
        file.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        using (var imported = await dispatcher.PostAsync($"{Incidents}/import", file, Token))
            Assert.Equal(1, (await imported.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("taken").GetInt32());

        await AdvanceAsync(server, Look);
        var day = Assert.Single((await dispatcher.GetAsync<JsonElement>("/api/v1/response/days")).GetProperty("items").EnumerateArray());
        Assert.Equal(("2026-04-28", 1), (day.GetProperty("day").GetString(), day.GetProperty("figures").GetProperty("incidents").GetInt32()));
    }

    private static async Task AdvanceAsync(TestServer server, TimeSpan span)
    {
        server.Time.Advance(span);
        await server.Services.GetRequiredService<Quiescence>().WhenIdleAsync();
    }

    /// <summary>An incident whose drone came after a hundred seconds.</summary>
    private static async Task<Guid> ArriveAsync(HttpClient dispatcher)
    {
        using var reported = await dispatcher.PostAsJsonAsync(Incidents, new { type = "theft", priority = 2, keySiteId = "site-zhongshan-park", reportedAt = "2026-04-30T23:30:00Z" }, Token);
        var id = (await reported.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var arrived = await dispatcher.PostAsJsonAsync($"{Incidents}/{id}/stages", new { stage = "DroneOnScene", at = "2026-04-30T23:31:40Z" }, Token);
        Assert.Equal(HttpStatusCode.OK, arrived.StatusCode);
        return id;
    }

    private static async Task CorrectAsync(HttpClient dispatcher, Guid id)
    {
        using var corrected = await dispatcher.PostAsJsonAsync($"{Incidents}/{id}/stages/DroneOnScene/corrections", new { at = "2026-04-30T23:31:20Z", reason = "by the picture's own clock" }, Token);
        Assert.Equal(HttpStatusCode.OK, corrected.StatusCode);
    }

    /// <summary>Seconds from the call to the drone on scene, as they are kept of the only day.</summary>
    private static async Task<double> ArrivalS(HttpClient client) =>
        Assert.Single((await client.GetAsync<JsonElement>("/api/v1/response/days")).GetProperty("items").EnumerateArray()).GetProperty("figures").GetProperty("spans").EnumerateArray()
            .Single(span => span.GetProperty("span").GetString() == "droneToScene").GetProperty("p50S").GetDouble();

    /// <summary>Holds up one change of an incident after it has taken its time and before it is written.</summary>
    private sealed class HeldSave : SaveChangesInterceptor, IDisposable
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _holds;

        /// <summary>Ends when a change is held up.</summary>
        public Task Begun => _begun.Task;

        public Task HoldAsync(Func<Task> change)
        {
            Interlocked.Exchange(ref _holds, 1);
            return change();
        }

        public void LetGo() => _letGo.TrySetResult();

        public void Dispose() => LetGo();

        public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            if (eventData.Context!.ChangeTracker.Entries<IncidentTimes>().Any() && Interlocked.Exchange(ref _holds, 0) == 1)
            {
                _begun.TrySetResult();
                await _letGo.Task;
            }

            return result;
        }
    }

    public sealed class OnSqlite() : DayKeeperTests(Store.Sqlite);

    public sealed class OnPostgres() : DayKeeperTests(Store.Postgres);
}
