using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Server.Cluster;
using DroneOps.Server.Incidents;
using DroneOps.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DroneOps.Server.Tests.Response;

/// <summary>The report over the API. The shared servers' clock stands at 2026-05-01 00:00 UTC, eight in the city's morning.</summary>
public abstract class ResponseTests(SharedServer shared, Store store)
{
    private const string Incidents = "/api/v1/incidents";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_number_of_the_report_opens_into_its_incidents()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var type = $"t-{Guid.NewGuid():n}";
        foreach (var afterS in new[] { 50, 100, 170 })
            await ArriveAsync(dispatcher, type, "2026-04-30T23:30:00Z", afterS);
        await ReportAsync(dispatcher, type, "2026-04-30T23:30:00Z");

        var report = await dispatcher.GetAsync<JsonElement>($"/api/v1/response/report?type={type}");
        var total = report.GetProperty("total");
        Assert.Equal(4, total.GetProperty("incidents").GetInt32());
        var span = Span(total, "droneToScene");
        Assert.Equal((3, 100.0, 170.0), (span.GetProperty("count").GetInt32(), span.GetProperty("p50S").GetDouble(), span.GetProperty("p90S").GetDouble()));
        Assert.Equal((1, 2), (total.GetProperty("within").GetProperty("in60S").GetInt32(), total.GetProperty("within").GetProperty("in120S").GetInt32()));
        var groups = report.GetProperty("groups").EnumerateArray().ToList();
        Assert.Contains(groups, group => group.GetProperty("by").GetString() == "gridId");
        Assert.Contains(groups, group => (group.GetProperty("by").GetString(), group.GetProperty("key").GetString()) == ("keySiteId", "site-zhongshan-park"));
        Assert.Contains(groups, group => (group.GetProperty("by").GetString(), group.GetProperty("key").GetString()) == ("hour", "7"));
        foreach (var group in groups)
        {
            var by = group.GetProperty("by").GetString();
            var narrowed = by == "type" ? "" : $"&{by}={group.GetProperty("key").GetString()}";
            var list = await dispatcher.GetAsync<Page<JsonElement>>($"{Incidents}?type={type}{narrowed}");
            Assert.Equal(group.GetProperty("figures").GetProperty("incidents").GetInt32(), list.Items.Count);
        }
    }

    [Fact]
    public async Task The_report_is_a_table_for_spreadsheets_too()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var type = $"=t{Guid.NewGuid():n}";
        await ArriveAsync(dispatcher, type, "2026-04-30T23:30:00Z", 55);
        using var answer = await dispatcher.GetAsync($"/api/v1/response/report.csv?type={Uri.EscapeDataString(type)}", Token);
        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        var text = Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(Token));
        Assert.StartsWith("\uFEFFby,key,incidents,", text, StringComparison.Ordinal);
        Assert.Contains($"\r\ntype,'{type},1,droneToScene,1,55,55,55,1,1,1,1,0,0,0\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_incident_is_taken_apart_and_what_is_not_known_is_said()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var id = await ArriveAsync(dispatcher, $"t-{Guid.NewGuid():n}", "2026-04-30T23:59:00Z", 55);
        var response = await dispatcher.GetAsync<JsonElement>($"{Incidents}/{id}/response");
        Assert.Equal((55.0, 1), (response.GetProperty("callToSceneS").GetDouble(), response.GetProperty("comparedWith").GetInt32()));
        var parts = response.GetProperty("parts").EnumerateArray().ToDictionary(part => part.GetProperty("part").GetString()!, part => part.GetProperty("tookS"));
        Assert.Equal(60, parts["intake"].GetDouble());
        Assert.All(["decision", "launch", "climb", "cruise", "detour", "choice"], part => Assert.Equal(JsonValueKind.Null, parts[part].ValueKind));
        using var none = await dispatcher.GetAsync($"{Incidents}/{Guid.NewGuid()}/response", Token);
        await none.ReadProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_day_is_counted_after_the_citys_midnight_and_again_after_a_late_correction()
    {
        await using var server = await TestServer.StartAsync(store);
        using var dispatcher = await server.SignInAsync("dispatcher");
        var id = await ArriveAsync(dispatcher, "theft", "2026-04-30T23:30:00Z", 100);
        Assert.Empty((await dispatcher.GetAsync<JsonElement>("/api/v1/response/days")).GetProperty("items").EnumerateArray());

        // Sixteen hours on it is midnight in the city, and a minute later somebody has looked.
        server.Time.Advance(TimeSpan.FromHours(16) + TimeSpan.FromMinutes(1));
        await IdleAsync(server);
        using var next = await server.SignInAsync("dispatcher");
        var day = Assert.Single((await next.GetAsync<JsonElement>("/api/v1/response/days?days=90")).GetProperty("items").EnumerateArray());
        Assert.Equal("2026-05-01", day.GetProperty("day").GetString());
        Assert.Equal(100, Span(day.GetProperty("figures"), "droneToScene").GetProperty("p50S").GetDouble());

        using var corrected = await next.PostAsJsonAsync($"{Incidents}/{id}/stages/DroneOnScene/corrections", new { at = "2026-04-30T23:31:20Z", reason = "by the picture's own clock" }, Token);
        Assert.Equal(HttpStatusCode.OK, corrected.StatusCode);
        server.Time.Advance(TimeSpan.FromMinutes(1));
        await IdleAsync(server);
        day = Assert.Single((await next.GetAsync<JsonElement>("/api/v1/response/days")).GetProperty("items").EnumerateArray());
        Assert.Equal(80, Span(day.GetProperty("figures"), "droneToScene").GetProperty("p50S").GetDouble());
    }

    [Fact]
    public async Task A_grid_that_is_drawn_anew_takes_the_incidents_that_it_holds_now()
    {
        await using var server = await TestServer.StartAsync(store);
        using var dispatcher = await server.SignInAsync("dispatcher");
        using var admin = await server.SignInAsync("admin");
        await ReportAsync(dispatcher, "theft", "2026-04-30T23:30:00Z");
        var report = await dispatcher.GetAsync<JsonElement>("/api/v1/response/report");
        var grid = report.GetProperty("groups").EnumerateArray().Single(group => group.GetProperty("by").GetString() == "gridId").GetProperty("key").GetString();
        using var gone = await admin.DeleteAsync($"/api/v1/grids/{grid}", Token);
        Assert.True(gone.IsSuccessStatusCode, $"{gone.StatusCode}");
        var keeper = server.Services.GetServices<IHostedService>().OfType<PlaceKeeper>().Single();
        await keeper.LookUpAsync(server.Services.GetRequiredService<AirspaceBook>().Current, Token);
        report = await dispatcher.GetAsync<JsonElement>("/api/v1/response/report");
        Assert.DoesNotContain(report.GetProperty("groups").EnumerateArray(), group => group.GetProperty("key").GetString() == grid);
    }

    private static Task IdleAsync(TestServer server) => server.Services.GetRequiredService<Quiescence>().WhenIdleAsync();

    private static JsonElement Span(JsonElement figures, string name) => figures.GetProperty("spans").EnumerateArray().Single(span => span.GetProperty("span").GetString() == name);

    private static async Task<Guid> ReportAsync(HttpClient dispatcher, string type, string at)
    {
        using var answer = await dispatcher.PostAsJsonAsync(Incidents, new { type, priority = 2, keySiteId = "site-zhongshan-park", reportedAt = at }, Token);
        return (await answer.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private static async Task<Guid> ArriveAsync(HttpClient dispatcher, string type, string called, int afterS)
    {
        var id = await ReportAsync(dispatcher, type, called);
        var at = DateTimeOffset.Parse(called, System.Globalization.CultureInfo.InvariantCulture).AddSeconds(afterS);
        using var answer = await dispatcher.PostAsJsonAsync($"{Incidents}/{id}/stages", new { stage = "DroneOnScene", at }, Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return id;
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : ResponseTests(server, Store.Sqlite);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : ResponseTests(server, Store.Postgres);
}
