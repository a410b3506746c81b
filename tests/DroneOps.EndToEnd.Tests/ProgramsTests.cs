using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Xunit;

namespace DroneOps.EndToEnd.Tests;

/// <summary>The programs as an operator starts them: the service and the simulator as processes, MAVLink over UDP between them, HTTP in front.</summary>
public sealed class ProgramsTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _data = Directory.CreateTempSubdirectory("droneops-e2e-").FullName;
    private readonly List<Process> _processes = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited)
                process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        Directory.Delete(_data, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_simulated_drone_is_seen_dispatched_and_logged_by_the_real_programs()
    {
        var (http, udp) = (FreePort(SocketType.Stream), FreePort(SocketType.Dgram));
        var server = Start("droneops.dll", "serve", "--demo", "--data", _data, "--port", $"{http}", "--set", $"Links:0=udp-listen://127.0.0.1:{udp}");
        await server.LineAsync("listens on", Patience);
        Start("droneops-sim.dll", "--count", "1", "--to", $"udp://127.0.0.1:{udp}", "--fast-boot");
        await server.LineAsync("UAV-01 is here", Patience);

        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}/api/v1/") };
        await SignInAsync(client);
        var vehicles = await client.GetFromJsonAsync<JsonElement>("vehicles");
        Assert.Equal("UAV-01", vehicles.GetProperty("items")[0].GetProperty("name").GetString());

        using var reported = await client.PostAsJsonAsync("incidents", new
        {
            externalNumber = "110-1",
            type = "theft",
            priority = 1,
            summary = "",
            location = new { type = "Point", coordinates = new[] { 117.657, 24.512 } },
        });
        Assert.Equal(HttpStatusCode.Created, reported.StatusCode);
        Assert.True(File.Exists(Path.Combine(_data, "droneops.db")));
    }

    private static async Task SignInAsync(HttpClient client)
    {
        using var answer = await client.PostAsJsonAsync("session", new { userName = "dispatcher", password = Started.Password });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var session = await answer.Content.ReadFromJsonAsync<JsonElement>();
        client.DefaultRequestHeaders.Add("X-XSRF-TOKEN", session.GetProperty("antiforgeryToken").GetString());
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    private static int FreePort(SocketType type)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private Started Start(string program, params string[] arguments)
    {
        var started = Started.Run(program, arguments);
        _processes.Add(started.Process);
        return started;
    }
}
