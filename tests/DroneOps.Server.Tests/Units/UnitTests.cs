using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Tests.Feed;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Units;

namespace DroneOps.Server.Tests.Units;

/// <summary>The crews on the ground: reports of their places, good and bad.</summary>
public abstract class UnitTests(SharedServer shared)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private readonly string _callSign = $"巡警-{Guid.NewGuid():N}"[..16];

    [Fact]
    public async Task A_crew_appears_with_its_first_report_and_moves_with_the_next()
    {
        using var avl = await shared.Server.TokenAsync(Roles.Integration);

        var first = await (await ReportAsync(avl, 117.655, 24.513, TestServer.Begin.AddSeconds(-5))).ReadAsync<JsonElement>(HttpStatusCode.OK);
        var second = await (await ReportAsync(avl, 117.656, 24.514, TestServer.Begin)).ReadAsync<JsonElement>(HttpStatusCode.OK);

        Assert.Equal(5, first.GetProperty("ageS").GetDouble());
        Assert.Equal("available", first.GetProperty("status").GetString());
        Assert.Equal(117.656, second.GetProperty("location").GetProperty("coordinates")[0].GetDouble());
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        Assert.Contains((await dispatcher.GetAsync<JsonElement>("/api/v1/units?limit=1000")).GetProperty("items").EnumerateArray(), unit => unit.GetProperty("callSign").GetString() == _callSign);
    }

    [Fact]
    public async Task A_late_report_changes_nothing()
    {
        using var avl = await shared.Server.TokenAsync(Roles.Integration);
        await ReportAsync(avl, 117.655, 24.513, TestServer.Begin);

        var late = await (await ReportAsync(avl, 117.66, 24.52, TestServer.Begin.AddSeconds(-30))).ReadAsync<JsonElement>(HttpStatusCode.OK);

        Assert.Equal(117.655, late.GetProperty("location").GetProperty("coordinates")[0].GetDouble());
    }

    [Theory]
    [InlineData(24.513, 117.655, "#/location/coordinates", "swapped")]
    [InlineData(116.4, 39.9, "#/location/coordinates", "outside the city")]
    public async Task A_wrong_place_is_refused_with_what_is_wrong(double first, double second, string where, string expected)
    {
        using var avl = await shared.Server.TokenAsync(Roles.Integration);
        var problem = await (await ReportAsync(avl, first, second, TestServer.Begin)).ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(where, problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
        Assert.Contains(expected, problem.GetProperty("errors")[0].GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_whose_clock_runs_ahead_is_told_so_and_an_auditor_may_not_report()
    {
        using var avl = await shared.Server.TokenAsync(Roles.Integration);
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);

        var problem = await (await ReportAsync(avl, 117.655, 24.513, TestServer.Begin.AddMinutes(5))).ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal("#/at", problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
        await (await ReportAsync(auditor, 117.655, 24.513, TestServer.Begin)).ReadProblemAsync(HttpStatusCode.Forbidden, "not-allowed");
    }

    [Fact]
    public async Task Reports_stream_in_over_a_socket_and_a_bad_one_is_answered_and_survived()
    {
        using var machine = await shared.Server.TokenAsync(Roles.Integration);
        using var socket = await OpenAsync(shared.Server, options => options.SetRequestHeader("Authorization", machine.DefaultRequestHeaders.Authorization!.ToString()));

        await SendAsync(socket, "{ not json");
        var broken = await ReceiveAsync(socket);
        await SendAsync(socket, JsonSerializer.Serialize(new { callSign = _callSign, location = new { type = "Point", coordinates = new[] { 24.513, 117.655 } }, at = TestServer.Begin }));
        var swapped = await ReceiveAsync(socket);
        await SendAsync(socket, JsonSerializer.Serialize(new { callSign = _callSign, location = new { type = "Point", coordinates = new[] { 117.655, 24.513 } }, at = TestServer.Begin, status = "onScene" }));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);

        Assert.Contains("not a report", broken.GetProperty("errors")[0].GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(_callSign, swapped.GetProperty("callSign").GetString());
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        Assert.Equal("onScene", (await dispatcher.GetAsync<JsonElement>($"/api/v1/units/{Uri.EscapeDataString(_callSign)}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_socket_of_a_revoked_token_ends_and_that_of_another_goes_on()
    {
        await using var server = await TestServer.StartAsync(shared.Store);
        var (token, id) = await EventStreamTests.TokenAsync(server);
        var (other, _) = await EventStreamTests.TokenAsync(server);
        using var ending = await OpenAsync(server, options => options.SetRequestHeader("Authorization", $"Bearer {token}"));
        using var staying = await OpenAsync(server, options => options.SetRequestHeader("Authorization", $"Bearer {other}"));

        using var admin = await server.SignInAsync(Roles.Admin);
        using var revoked = await admin.DeleteAsync(new Uri($"/api/v1/tokens/{id}", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        server.Time.Advance(Reporters.Every);

        await EndAsync(ending);
        await SendAsync(staying, JsonSerializer.Serialize(new { callSign = _callSign, location = new { type = "Point", coordinates = new[] { 117.655, 24.513 } }, at = TestServer.Begin }));
        await staying.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);
        Assert.Equal(_callSign, (await admin.GetAsync<JsonElement>($"/api/v1/units/{Uri.EscapeDataString(_callSign)}")).GetProperty("callSign").GetString());
    }

    [Fact]
    public async Task A_socket_does_not_outlive_the_session_that_opened_it()
    {
        const int idleMinutes = 10;
        await using var server = await TestServer.StartAsync(shared.Store, ("Accounts:SessionIdleMinutes", $"{idleMinutes}"));
        var cookies = new CookieContainer();
        using var dispatcher = await server.SignInAsync(Roles.Dispatcher, cookies);
        using var socket = await OpenAsync(server, options => options.Cookies = cookies);

        server.Time.Advance(TimeSpan.FromMinutes(idleMinutes));

        await EndAsync(socket);
    }

    [Fact]
    public async Task Tier_and_duty_mode_are_entered_by_people_and_outlive_reports_and_a_restart()
    {
        await using var server = await TestServer.StartAsync(shared.Store);
        using var avl = await server.TokenAsync(Roles.Integration);
        await ReportAsync(avl, 117.655, 24.513, TestServer.Begin);
        await (await avl.PutAsJsonAsync($"/api/v1/units/{_callSign}", new { tier = "county", dutyMode = "nonsense" }, Cancellation)).ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await (await avl.PutAsJsonAsync($"/api/v1/units/{_callSign}", new { tier = "county", dutyMode = "emergency" }, Cancellation)).ReadAsync<JsonElement>(HttpStatusCode.OK);
        await ReportAsync(avl, 117.656, 24.513, TestServer.Begin.AddSeconds(1));

        await server.RestartAsync();

        using var dispatcher = await server.SignInAsync(Roles.Dispatcher);
        var unit = await dispatcher.GetAsync<JsonElement>($"/api/v1/units/{Uri.EscapeDataString(_callSign)}");
        Assert.Equal(("county", "emergency", 117.656), (unit.GetProperty("tier").GetString(), unit.GetProperty("dutyMode").GetString(), unit.GetProperty("location").GetProperty("coordinates")[0].GetDouble()));
    }

    private Task<HttpResponseMessage> ReportAsync(HttpClient client, double lon, double lat, DateTimeOffset at) =>
        client.PutAsJsonAsync($"/api/v1/units/{_callSign}/position", new { location = new { type = "Point", coordinates = new[] { lon, lat } }, at, speedMps = 3.5 }, Cancellation);

    private static async Task<ClientWebSocket> OpenAsync(TestServer server, Action<ClientWebSocketOptions> identify)
    {
        var socket = new ClientWebSocket();
        identify(socket.Options);
        await socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = "/api/v1/units/avl" }.Uri, Cancellation);
        return socket;
    }

    /// <summary>Waits until the server ends it.</summary>
    private static async Task EndAsync(ClientWebSocket socket)
    {
        using CancellationTokenSource limit = new(Patience, TimeProvider.System);
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ReceiveAsync(new ArraySegment<byte>(new byte[4096]), limit.Token));
    }

    private static Task SendAsync(ClientWebSocket socket, string text) => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, Cancellation);

    private static async Task<JsonElement> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        var got = await socket.ReceiveAsync(buffer, Cancellation);
        return JsonElement.Parse(buffer.AsSpan(0, got.Count));
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : UnitTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : UnitTests(server);
}

/// <summary>Duty modes as configuration writes them.</summary>
public sealed class DutyModeTests
{
    [Fact]
    public void A_mode_is_an_id_and_two_names()
    {
        Assert.Equal(new DutyMode("night", "夜勤", "Night"), DutyMode.Parse("night | 夜勤 | Night"));
        Assert.Null(DutyMode.Parse("night|夜勤"));
        Assert.Null(DutyMode.Parse("|夜勤|Night"));
    }
}
