using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Webhooks;
using Microsoft.AspNetCore.Builder;

namespace DroneOps.Server.Tests.Webhooks;

/// <summary>A server that may call some receivers, and its administrator.</summary>
internal sealed class WebhookRig : IAsyncDisposable
{
    public const string Webhooks = "/api/v1/webhooks";
    private static readonly double[] Market = [117.657, 24.512];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private WebhookRig(TestServer server, HttpClient admin) => (Server, Admin) = (server, admin);

    public TestServer Server { get; }

    public HttpClient Admin { get; private set; }

    public static async Task<WebhookRig> StartAsync(Store store, params Receiver[] receivers) =>
        await StartAsync(store, _ => { }, receivers);

    /// <summary>The same with services that the test changes.</summary>
    public static async Task<WebhookRig> StartAsync(Store store, Action<WebApplicationBuilder> configure, params Receiver[] receivers) =>
        await StartAsync(store, configure, [.. receivers.Select(receiver => receiver.Entry)], ["127.0.0.0/8"]);

    public static Task<WebhookRig> StartAsync(Store store, string[] hosts, string[] networks) => StartAsync(store, _ => { }, hosts, networks);

    private static async Task<WebhookRig> StartAsync(Store store, Action<WebApplicationBuilder> configure, string[] hosts, string[] networks)
    {
        var settings = hosts.Select((host, at) => ($"Webhooks:AllowedHosts:{at}", host)).Concat(networks.Select((network, at) => ($"Webhooks:AllowedNetworks:{at}", network)));
        var server = await TestServer.StartAsync(store, configure, [.. settings]);
        return new(server, await server.SignInAsync(Roles.Admin));
    }

    /// <summary>Subscribes a receiver.</summary>
    public async Task<CreateWebhook.Answer> SubscribeAsync(Uri url, bool handshake = true, params string[] types) =>
        await (await Admin.PostAsJsonAsync(Webhooks, new { url, types, handshake })).ReadAsync<CreateWebhook.Answer>(HttpStatusCode.Created);

    /// <summary>Makes an event: an incident is reported.</summary>
    /// <returns>The incident's id.</returns>
    public async Task<string> ReportAsync()
    {
        var report = new { type = "theft", location = new { type = "Point", coordinates = Market } };
        var incident = await (await Admin.PostAsJsonAsync("/api/v1/incidents", report)).ReadAsync<JsonElement>(HttpStatusCode.Created);
        return incident.GetProperty("id").GetString()!;
    }

    /// <summary>Reads a subscription until it is as expected: the courier writes how it went after the receiver has answered.</summary>
    public async Task<WebhookView> UntilAsync(Guid id, Func<WebhookView, bool> holds)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var webhook = await Admin.GetAsync<WebhookView>($"{Webhooks}/{id}");
            if (holds(webhook))
                return webhook;
            Assert.False(limit.IsCancellationRequested, $"It did not come to hold: {JsonSerializer.Serialize(webhook, Answers.Json)}");
        }
    }

    public Task<HttpResponseMessage> PatchAsync(Guid id, object change) => Admin.PatchAsJsonAsync($"{Webhooks}/{id}", change);

    /// <summary>The actions on a subscription in the audit log, oldest first.</summary>
    public async Task<List<string>> AuditedAsync(Guid id)
    {
        var page = await Admin.GetAsync<JsonElement>($"/api/v1/audit/entries?limit=1000");
        return [.. page.GetProperty("items").EnumerateArray().Where(entry => entry.GetProperty("subject").GetString() == $"webhook/{id}").Select(entry => entry.GetProperty("action").GetString()!).Order()];
    }

    public async Task RestartAsync()
    {
        await Server.RestartAsync();
        await SignInAsync();
    }

    /// <summary>Signs in anew: after a restart, or when the session has ended.</summary>
    public async Task SignInAsync()
    {
        Admin.Dispose();
        Admin = await Server.SignInAsync(Roles.Admin);
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await Server.DisposeAsync();
    }
}
