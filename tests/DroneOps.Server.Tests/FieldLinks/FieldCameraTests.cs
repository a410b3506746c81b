using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Tests.Video;

namespace DroneOps.Server.Tests.FieldLinks;

/// <summary>What a crew sees through its link of what the drones see: those of its own incident, while they are there for it.</summary>
public abstract class FieldCameraTests(Store store)
{
    private const string Crew = "巡警-12";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_crew_watches_the_drone_of_its_incident_and_no_other_until_the_drone_leaves()
    {
        await using var rig = await StartAsync();
        using var cameras = Cameras(rig);
        using var dispatcher = await rig.Flight.Server.SignInAsync("dispatcher");
        var id = await DispatchAsync(rig, dispatcher);
        var (url, link) = await dispatcher.LinkAsync(id, Crew);
        using var phone = await CrewPhone.OpenAsync(rig.Flight.Server, url);
        var camera = Assert.Single(Assert.Single((await phone.IncidentAsync()).GetProperty("drones").EnumerateArray()).GetProperty("cameras").EnumerateArray());
        Assert.Equal(("1-visible", "visible"), (camera.GetProperty("id").GetString(), camera.GetProperty("kind").GetString()));

        using (var picture = await WatchAsync(rig, phone, "1-visible"))
        {
            await PicturesAsync(picture, 10);
            Assert.Equal(HttpStatusCode.NotFound, await RefusedAsync(rig, phone, "2-visible"));
            Assert.Equal(HttpStatusCode.NotFound, await RefusedAsync(rig, phone, "none"));
            using var stranger = CrewPhone.New(rig.Flight.Server);
            Assert.Equal(HttpStatusCode.Unauthorized, await RefusedAsync(rig, stranger, "1-visible"));

            var ending = DrainAsync(picture);
            using var recalled = await rig.Flight.CallAsync(() => dispatcher.PostAsJsonAsync($"/api/v1/incidents/{id}/recall", new { }, Token));
            Assert.Equal(HttpStatusCode.OK, recalled.StatusCode);
            await ending;
        }

        Assert.All((await phone.IncidentAsync()).GetProperty("drones").EnumerateArray(), drone => Assert.Empty(drone.GetProperty("cameras").EnumerateArray()));
        Assert.Equal(HttpStatusCode.NotFound, await RefusedAsync(rig, phone, "1-visible"));

        using var auditor = await rig.Flight.Server.SignInAsync("auditor");
        var entries = (await auditor.GetAsync<JsonElement>("/api/v1/audit/entries?limit=1000")).GetProperty("items").EnumerateArray();
        var watched = Assert.Single(entries, entry => entry.GetProperty("action").GetString() == "video.watched");
        Assert.Equal(("video/1-visible", $"unit:{Crew}"), (watched.GetProperty("subject").GetString(), watched.GetProperty("actor").GetString()));
        var through = watched.GetProperty("details").GetProperty("through");
        Assert.Equal((link.GetProperty("id").GetGuid(), id), (through.GetProperty("fieldLink").GetGuid(), through.GetProperty("incident").GetGuid()));
        Assert.Single((await auditor.GetAsync<JsonElement>("/api/v1/audit/entries?limit=1000")).GetProperty("items").EnumerateArray(), entry => entry.GetProperty("action").GetString() == "video.watchEnded");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_picture_ends_with_the_link(bool isRevoked)
    {
        await using var rig = await StartAsync();
        using var cameras = Cameras(rig);
        using var dispatcher = await rig.Flight.Server.SignInAsync("dispatcher");
        var id = await DispatchAsync(rig, dispatcher);
        var (url, link) = await dispatcher.LinkAsync(id, Crew, minutes: 1);
        using var phone = await CrewPhone.OpenAsync(rig.Flight.Server, url);
        using var picture = await WatchAsync(rig, phone, "1-visible");
        await PicturesAsync(picture, 1);
        var ending = DrainAsync(picture);
        if (isRevoked)
            Assert.Equal(HttpStatusCode.NoContent, (await dispatcher.DeleteAsync(new Uri($"/api/v1/incidents/{id}/links/{link.GetProperty("id").GetGuid()}", UriKind.Relative), Token)).StatusCode);
        else
            await rig.Flight.AdvanceAsync(TimeSpan.FromMinutes(1));
        await ending;
        Assert.Equal(HttpStatusCode.Unauthorized, await RefusedAsync(rig, phone, "1-visible"));
    }

    private static Pair Cameras(Rig rig) => new(Camera.SendTo(rig.Ports[0]), Camera.SendTo(rig.Ports[1]));

    private static async Task<Guid> DispatchAsync(Rig rig, HttpClient dispatcher)
    {
        var report = new { type = "theft", priority = 1, summary = "", location = new { type = "Point", coordinates = new[] { 117.6560, 24.5110 } }, dispatch = "manual" };
        using var made = await rig.Flight.CallAsync(() => dispatcher.PostAsJsonAsync("/api/v1/incidents", report, Token));
        var id = (await made.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var sent = await rig.Flight.CallAsync(() => dispatcher.PostAsJsonAsync($"/api/v1/incidents/{id}/dispatch", new { vehicleId = "1" }, Token));
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        return id;
    }

    private static Uri Address(Rig rig, string camera) => new UriBuilder(rig.Flight.Server.Address) { Scheme = "ws", Path = $"/field/cameras/{camera}/live" }.Uri;

    private static async Task<ClientWebSocket> WatchAsync(Rig rig, CrewPhone phone, string camera)
    {
        ClientWebSocket socket = new();
        socket.Options.Cookies = phone.Cookies;
        await socket.ConnectAsync(Address(rig, camera), Token);
        return socket;
    }

    private static async Task<HttpStatusCode> RefusedAsync(Rig rig, CrewPhone phone, string camera)
    {
        using ClientWebSocket socket = new();
        socket.Options.Cookies = phone.Cookies;
        socket.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Address(rig, camera), Token));
        return socket.HttpStatusCode;
    }

    private static async Task PicturesAsync(ClientWebSocket socket, int count)
    {
        using CancellationTokenSource limit = new(Patience, TimeProvider.System);
        var buffer = new byte[1 << 20];
        while (count > 0)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
            Assert.NotEqual(WebSocketMessageType.Close, part.MessageType);
            count -= part is { MessageType: WebSocketMessageType.Binary, EndOfMessage: true } ? 1 : 0;
        }
    }

    private static async Task DrainAsync(ClientWebSocket socket)
    {
        using CancellationTokenSource limit = new(Patience, TimeProvider.System);
        var buffer = new byte[1 << 20];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), limit.Token)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (WebSocketException)
        {
            // In the middle of a picture it is ended without a word.
        }
    }

    private async Task<Rig> StartAsync()
    {
        int[] ports = [FreePorts.Take(), FreePorts.Take()];
        return new(
            await FlightRig.StartAsync(
                2, store, [.. Enumerable.Range(0, 2).SelectMany(number => ((string, string)[])[($"Video:Sources:{number}:VehicleId", $"{number + 1}"), ($"Video:Sources:{number}:Url", $"udp://127.0.0.1:{ports[number]}"), ($"Video:Sources:{number}:Mode", "Always")])]),
            ports);
    }

    private sealed record Rig(FlightRig Flight, int[] Ports) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Flight.DisposeAsync();
    }

    private sealed record Pair(Camera One, Camera Two) : IDisposable
    {
        public void Dispose()
        {
            One.Dispose();
            Two.Dispose();
        }
    }

    public sealed class OnSqlite() : FieldCameraTests(Store.Sqlite);

    public sealed class OnPostgres() : FieldCameraTests(Store.Postgres);
}
