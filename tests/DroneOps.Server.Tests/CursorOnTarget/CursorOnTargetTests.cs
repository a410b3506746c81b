using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.CursorOnTarget;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.CursorOnTarget;

/// <summary>TAK clients that connect here, over real sockets.</summary>
public abstract class CursorOnTargetTests(Store store)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_sees_drones_incidents_and_crews_and_sees_them_go()
    {
        await using var server = await StartAsync(("CursorOnTarget:Incidents", "true"), ("CursorOnTarget:Units", "true"));
        using var integration = await server.TokenAsync(Roles.Integration);
        using var dispatcher = await server.SignInAsync(Roles.Dispatcher);
        await using var phone = await CotClient.ConnectAsync(PortOf(server));
        Show(server, "7");
        var incident = await ReportAsync(integration, "110-0042");
        (await integration.PutAsJsonAsync("/api/v1/units/ZZ-12/position", new { location = new { type = "Point", coordinates = new[] { 117.65, 24.51 } }, at = server.Time.GetUtcNow() }, Cancellation)).EnsureSuccessStatusCode();
        server.Time.Advance(Second);

        var drone = await phone.NextAsync("a-f-A-M-H-Q");
        Assert.Equal(("droneops.vehicle.7", "UAV-7", "24.5131234", "117.6554321"), (drone.Of("uid"), drone.Of("detail/contact/callsign"), drone.Of("point/lat"), drone.Of("point/lon")));
        Assert.Equal((incident.ToString(), "110-0042"), await phone.NextAsync("a-u-G") is var told ? (told.Of("uid").Replace("droneops.incident.", "", StringComparison.Ordinal), told.Of("detail/contact/callsign")) : default);
        Assert.Equal("ZZ-12", (await phone.NextAsync("a-f-G-U-C")).Of("detail/contact/callsign"));

        await using var late = await CotClient.ConnectAsync(PortOf(server));
        Assert.Equal("110-0042", (await late.NextAsync("a-u-G")).Of("detail/contact/callsign"));

        await CloseAsync(dispatcher, incident);
        server.Time.Advance(Second);
        Assert.Equal($"droneops.incident.{incident}", (await phone.NextAsync("t-x-d-d")).Of("detail/link/uid"));
        Assert.Equal($"droneops.incident.{incident}", (await late.NextAsync("t-x-d-d")).Of("detail/link/uid"));
    }

    [Fact]
    public async Task Open_incidents_are_told_again_after_a_restart_and_while_they_last()
    {
        await using var server = await StartAsync(("CursorOnTarget:Incidents", "true"));
        using var integration = await server.TokenAsync(Roles.Integration);
        var incident = await ReportAsync(integration, "110-0043");
        await server.RestartAsync();
        await using var phone = await CotClient.ConnectAsync(PortOf(server));
        server.Time.Advance(Second);
        var first = await phone.NextAsync("a-u-G");
        Assert.Equal($"droneops.incident.{incident}", first.Of("uid"));
        for (var second = 0; second < 31; second++)
            server.Time.Advance(Second);
        var again = await phone.NextAsync("a-u-G");
        Assert.Equal(first.Of("uid"), again.Of("uid"));
        Assert.True(string.CompareOrdinal(again.Of("stale"), first.Of("stale")) > 0);
    }

    [Fact]
    public async Task A_drone_at_its_scene_shows_the_point_that_its_camera_sees_until_it_leaves()
    {
        await using var server = await StartAsync();
        var changes = server.Services.GetRequiredService<IncidentChanges>();
        await using var phone = await CotClient.ConnectAsync(PortOf(server));
        Show(server, "7");
        changes.Publish(CotSamples.Incident(IncidentState.OnScene));
        server.Time.Advance(Second);

        var point = await phone.NextAsync("b-m-p-s-p-i");
        Assert.Equal(("droneops.vehicle.7.SPI1", "droneops.vehicle.7", "24.52", "117.66"), (point.Of("uid"), point.Of("detail/link/uid"), point.Of("point/lat"), point.Of("point/lon")));

        changes.Publish(CotSamples.Incident(IncidentState.Recalled));
        Show(server, "7");
        server.Time.Advance(Second);
        Assert.Equal("droneops.vehicle.7.SPI1", (await phone.NextAsync("t-x-d-d")).Of("detail/link/uid"));
    }

    [Fact]
    public async Task A_look_at_live_positions_is_in_the_audit_log_from_its_beginning_to_its_end()
    {
        await using var server = await StartAsync();
        using var auditor = await server.SignInAsync(Roles.Auditor);
        var phone = await CotClient.ConnectAsync(PortOf(server));
        Show(server, "7");
        server.Time.Advance(Second);
        await phone.NextAsync("a-f-A-M-H-Q");
        var address = phone.Address;
        var opened = Assert.Single(await EntriesAsync(auditor, "liveStream.opened"));
        Assert.Equal($"cot/{address}", opened.Subject);

        await phone.DisposeAsync();
        // Stopping waits for the connections' ends.
        await server.RestartAsync();
        using var again = await server.SignInAsync(Roles.Auditor);
        var closed = Assert.Single(await EntriesAsync(again, "liveStream.closed"));
        Assert.Equal($"cot/{address}", closed.Subject);
    }

    private static async Task<IReadOnlyList<AuditRecord>> EntriesAsync(HttpClient auditor, string action) =>
        (await auditor.GetAsync<Page<AuditRecord>>($"/api/v1/audit/entries?action={action}")).Items;

    private static IPEndPoint PortOf(TestServer server) => server.Services.GetRequiredService<CotListening>().EndPoints[0];

    private static void Show(TestServer server, string id) => server.Services.GetRequiredService<VehicleBoard>().Show(CotSamples.Vehicle(id, $"UAV-{id}", server.Time.GetUtcNow()));

    private static async Task<Guid> ReportAsync(HttpClient integration, string externalNumber)
    {
        var answer = await integration.PostAsJsonAsync(
            "/api/v1/incidents", new { externalNumber, type = "fight", priority = 2, summary = "two men", location = new { type = "Point", coordinates = new[] { 117.66, 24.52 } } }, Cancellation);
        return (await answer.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private static async Task CloseAsync(HttpClient dispatcher, Guid incident) =>
        (await dispatcher.PostAsJsonAsync($"/api/v1/incidents/{incident}/close", new { }, Cancellation)).EnsureSuccessStatusCode();

    private Task<TestServer> StartAsync(params (string, string)[] settings) =>
        TestServer.StartAsync(store, [("CursorOnTarget:Listeners:0:Address", "tcp://127.0.0.1:0"), ("CursorOnTarget:Language", "En"), .. settings]);

    public sealed class OnSqlite() : CursorOnTargetTests(Store.Sqlite);

    public sealed class OnPostgres() : CursorOnTargetTests(Store.Postgres);
}
