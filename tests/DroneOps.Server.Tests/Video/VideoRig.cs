using System.Diagnostics;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Video;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Video;

/// <summary>A server with one stream, and what is needed to look at it.</summary>
internal sealed class VideoRig : IAsyncDisposable
{
    public const string Stream = "1-visible";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private HttpClient _http;

    private VideoRig(TestServer server, HttpClient http, string token, int port) => (Server, _http, Token, Port) = (server, http, token, port);

    public TestServer Server { get; }

    /// <summary>A token of the command system.</summary>
    public string Token { get; }

    /// <summary>Where the camera sends to, or offers.</summary>
    public int Port { get; }

    public VideoStream Video => Server.Services.GetRequiredService<VideoStreams>().Find(Stream)!;

    /// <summary>Starts a server with one stream.</summary>
    /// <param name="url">With {0} for the port.</param>
    /// <param name="settings">Keys below <c>Video:</c>, or with <c>Rtsp:</c> before them.</param>
    public static async Task<VideoRig> StartAsync(Store store, string url, string mode, params (string Key, string Value)[] settings)
    {
        var port = FreePorts.Take();
        (string, string)[] all =
        [
            ("Video:Sources:0:VehicleId", "1"),
            ("Video:Sources:0:Url", string.Format(System.Globalization.CultureInfo.InvariantCulture, url, port)),
            ("Video:Sources:0:Mode", mode),
            .. settings.Select(setting => (setting.Key.StartsWith("Rtsp:", StringComparison.Ordinal) ? setting.Key : $"Video:{setting.Key}", setting.Value)),
        ];
        var server = await TestServer.StartAsync(store, all);
        var http = await server.TokenAsync(Roles.Integration);
        return new(server, http, http.DefaultRequestHeaders.Authorization!.Parameter!, port);
    }

    /// <summary>Stops the server, lets time pass and starts it again. Days pass at once that way: nothing waits for each of their seconds.</summary>
    public async Task RestartAsync(TimeSpan after = default)
    {
        await Server.StopAsync();
        Server.Time.Advance(after);
        await Server.RestartAsync();
        _http.Dispose();
        _http = Server.Anonymous();
        _http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
    }

    public Task<LiveClient> WatchAsync() => LiveClient.OpenAsync(Server, Token, Stream);

    public Task<StreamView> ShowAsync() => _http.GetAsync<StreamView>($"/api/v1/video/streams/{Stream}");

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(new Uri($"/api/v1/video/streams/{path}", UriKind.Relative));

    /// <summary>Asks for the stream until it is as expected.</summary>
    /// <param name="step">Virtual time that passes between two looks.</param>
    /// <param name="mayStep">Whether it may pass now; null is always.</param>
    public Task<StreamView> UntilAsync(Func<StreamView, bool> holds, TimeSpan step = default, Func<bool>? mayStep = null) => UntilAsync(holds, () =>
    {
        if (step > TimeSpan.Zero && mayStep?.Invoke() != false)
            Server.Time.Advance(step);
    });

    /// <summary>The same while a camera sends that has a clock of its own: the server's goes as fast as that one. Were it faster, or slower, each picture
    /// would come out of its time, and the recorder would rightly say that a clock had jumped.</summary>
    public Task<StreamView> UntilAtCameraPaceAsync(Func<StreamView, bool> holds)
    {
        var last = Stopwatch.GetTimestamp();
        return UntilAsync(holds, () =>
        {
            var now = Stopwatch.GetTimestamp();
            Server.Time.Advance(Stopwatch.GetElapsedTime(last, now));
            last = now;
        });
    }

    /// <summary>The entries of the audit log about video, oldest first.</summary>
    public async Task<List<JsonElement>> AuditedAsync()
    {
        using var auditor = await Server.SignInAsync(Roles.Auditor);
        var page = await auditor.GetAsync<JsonElement>("/api/v1/audit/entries?limit=1000");
        return [.. page.GetProperty("items").EnumerateArray().Where(entry => entry.GetProperty("action").GetString()!.StartsWith("video.", StringComparison.Ordinal)).OrderBy(entry => entry.GetProperty("sequence").GetInt64())];
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
    }

    private async Task<StreamView> UntilAsync(Func<StreamView, bool> holds, Action letTimePass)
    {
        using CancellationTokenSource limit = new(Patience, TimeProvider.System);
        while (true)
        {
            var stream = await ShowAsync();
            if (holds(stream))
                return stream;
            Assert.False(limit.IsCancellationRequested, $"It did not come to hold: {JsonSerializer.Serialize(stream, Answers.Json)}");
            letTimePass();
        }
    }
}
