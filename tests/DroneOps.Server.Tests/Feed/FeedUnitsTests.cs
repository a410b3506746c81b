using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;
using DroneOps.Server.Feed;
using DroneOps.Server.Tests.Harness;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Feed;

/// <summary>Ground crews in the feed.</summary>
public sealed class FeedUnitsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_crew_is_told_once_a_second_as_it_then_is_and_takes_no_place_in_the_log()
    {
        await using var server = await TestServer.StartAsync(Store.Sqlite);
        using var machine = await server.TokenAsync("integration");
        await ReportAsync(server, machine, "ZZ-01", 117.65);
        var (hub, seen) = await ListenAsync(server, machine, bounds: null);
        await using var held = hub;
        Assert.Equal(117.65, LongitudeOf(await seen.ReadAsync(Token)));
        var before = server.Services.GetRequiredService<FeedLog>().LastId;

        for (var report = 1; report <= 9; report++)
            await ReportAsync(server, machine, "ZZ-01", 117.65 + (report * 0.001));
        server.Time.Advance(TimeSpan.FromSeconds(1));

        var told = await seen.ReadAsync(Token);
        Assert.Equal(JsonValueKind.Null, told.GetProperty("eventId").ValueKind);
        Assert.Equal(117.659, LongitudeOf(told));
        Assert.Equal(before, server.Services.GetRequiredService<FeedLog>().LastId);
        Assert.False(seen.TryRead(out _));
    }

    [Fact]
    public async Task A_crew_outside_the_bounds_is_not_told_and_one_that_leaves_them_is_told_once_more()
    {
        await using var server = await TestServer.StartAsync(Store.Sqlite);
        using var machine = await server.TokenAsync("integration");
        await ReportAsync(server, machine, "ZZ-01", 117.65);
        await ReportAsync(server, machine, "ZZ-02", 117.80);
        var (hub, seen) = await ListenAsync(server, machine, bounds: [117.6, 24.4, 117.7, 24.6]);
        await using var held = hub;
        Assert.Equal("ZZ-01", CallSignOf(await seen.ReadAsync(Token)));

        await ReportAsync(server, machine, "ZZ-01", 117.75);
        await ReportAsync(server, machine, "ZZ-02", 117.81);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var left = await seen.ReadAsync(Token);
        Assert.Equal(("ZZ-01", 117.75), (CallSignOf(left), LongitudeOf(left)));

        await ReportAsync(server, machine, "ZZ-01", 117.76);
        await ReportAsync(server, machine, "ZZ-02", 117.66);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("ZZ-02", CallSignOf(await seen.ReadAsync(Token)));
    }

    [Fact]
    public async Task A_crew_that_is_taken_off_the_list_is_told_as_gone()
    {
        await using var server = await TestServer.StartAsync(Store.Sqlite);
        using var machine = await server.TokenAsync("integration");
        using var admin = await server.SignInAsync("admin");
        await ReportAsync(server, machine, "ZZ-01", 117.65);
        var (hub, seen) = await ListenAsync(server, machine, bounds: null);
        await using var held = hub;
        await seen.ReadAsync(Token);

        using var removed = await admin.DeleteAsync("/api/v1/units/ZZ-01", Token);
        removed.EnsureSuccessStatusCode();
        server.Time.Advance(TimeSpan.FromSeconds(1));

        var gone = (await seen.ReadAsync(Token)).GetProperty("item");
        Assert.Equal(("ZZ-01", true), (gone.GetProperty("callSign").GetString(), gone.GetProperty("isRemoved").GetBoolean()));
    }

    private static string? CallSignOf(JsonElement told) => told.GetProperty("item").GetProperty("callSign").GetString();

    private static double LongitudeOf(JsonElement told) => told.GetProperty("item").GetProperty("location").GetProperty("coordinates")[0].GetDouble();

    private static async Task<(HubConnection Hub, ChannelReader<JsonElement> Seen)> ListenAsync(TestServer server, HttpClient machine, double[]? bounds)
    {
        var token = machine.DefaultRequestHeaders.Authorization!.Parameter;
        var hub = new HubConnectionBuilder().WithUrl(new Uri(server.Address, "/feed"), http => http.Headers["Authorization"] = $"Bearer {token}").Build();
        var seen = Channel.CreateUnbounded<JsonElement>();
        hub.On<JsonElement>("unit", body => seen.Writer.TryWrite(body));
        await hub.StartAsync(Token);
        await hub.InvokeAsync("Subscribe", new { bounds, rateHz = 1 }, Token);
        return (hub, seen.Reader);
    }

    private static async Task ReportAsync(TestServer server, HttpClient machine, string callSign, double longitude)
    {
        server.Time.Advance(TimeSpan.FromMilliseconds(10));
        var report = new { location = new { type = "Point", coordinates = new[] { longitude, 24.51 } }, at = server.Time.GetUtcNow() };
        using var answer = await machine.PutAsJsonAsync($"/api/v1/units/{callSign}/position", report, Token);
        answer.EnsureSuccessStatusCode();
    }
}
