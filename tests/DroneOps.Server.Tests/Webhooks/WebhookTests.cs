using System.Net;
using System.Net.Http.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Webhooks;

public abstract class WebhookTests(Store store)
{
    [Fact]
    public async Task An_address_that_may_not_be_called_is_refused_with_the_reason()
    {
        await using var rig = await WebhookRig.StartAsync(store, ["hooks.example.org"], []);
        foreach (var (url, expected) in new[]
        {
            ("ftp://hooks.example.org/", "https address"), ("hooks", "https address"), ("https://user:secret@hooks.example.org/", "no user"), ("https://hooks.example.org/#part", "fragment"),
            ("https://hooks.example.org:8443/", "AllowedHosts"), ("http://hooks.example.org/", "AllowedHosts"), ("https://hooks.example.org.evil.example/", "AllowedHosts"), ("https://10.0.0.1/", "AllowedHosts"),
        })
        {
            var problem = await (await rig.Admin.PostAsJsonAsync(WebhookRig.Webhooks, new { url })).ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
            Assert.Contains(expected, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        await (await rig.Admin.PostAsJsonAsync(WebhookRig.Webhooks, new { url = "https://HOOKS.example.org/in" })).ReadAsync<CreateWebhook.Answer>(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Only_administrators_see_subscriptions_and_nobody_sees_their_secrets_again()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var rig = await WebhookRig.StartAsync(store, receiver);
        var made = await (await rig.Admin.PostAsJsonAsync(WebhookRig.Webhooks, new { url = receiver.Address, bearerToken = "the-receivers-token" })).ReadAsync<CreateWebhook.Answer>(HttpStatusCode.Created);
        var listed = await rig.Admin.GetStringAsync(new Uri(WebhookRig.Webhooks, UriKind.Relative));
        Assert.DoesNotContain(made.Secret, listed, StringComparison.Ordinal);
        Assert.DoesNotContain("the-receivers-token", listed, StringComparison.Ordinal);
        await using (var db = await rig.Server.Services.GetRequiredService<IDbContextFactory<FleetDb>>().CreateDbContextAsync())
        {
            var row = await db.Set<WebhookRecord>().SingleAsync();
            Assert.DoesNotContain(made.Secret["whsec_".Length..], row.Secret, StringComparison.Ordinal);
            Assert.DoesNotContain("the-receivers-token", row.BearerToken, StringComparison.Ordinal);
        }

        await rig.ReportAsync();
        Assert.Equal("Bearer the-receivers-token", (await receiver.NextAsync()).Headers["Authorization"]);
        using var dispatcher = await rig.Server.SignInAsync(Roles.Dispatcher);
        Assert.Equal(HttpStatusCode.Forbidden, (await dispatcher.GetAsync(new Uri(WebhookRig.Webhooks, UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task A_new_secret_signs_beside_the_old_one_for_a_day()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var rig = await WebhookRig.StartAsync(store, receiver);
        var made = await rig.SubscribeAsync(receiver.Address);
        var changed = await (await rig.Admin.PostAsJsonAsync($"{WebhookRig.Webhooks}/{made.Webhook.Id}/secret", new { })).ReadAsync<RotateSecret.Answer>(HttpStatusCode.OK);
        await rig.ReportAsync();
        var call = await receiver.NextAsync();
        Assert.Equal([Signed(changed.Secret, call), Signed(made.Secret, call)], call.Headers["webhook-signature"].Split(' '));

        // Its answer must be in before the clock runs, or it counts as too late.
        await rig.UntilAsync(made.Webhook.Id, webhook => webhook.Delivered == 1);
        rig.Server.Time.Advance(TimeSpan.FromHours(24));
        await rig.SignInAsync();
        await rig.ReportAsync();
        var later = await receiver.NextAsync();
        Assert.Equal(Signed(changed.Secret, later), later.Headers["webhook-signature"]);
    }

    [Fact]
    public async Task A_test_sends_a_ping_and_answers_how_it_went()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var rig = await WebhookRig.StartAsync(store, receiver);
        receiver.AllowedOrigin = null;
        var made = await rig.SubscribeAsync(receiver.Address);
        await rig.UntilAsync(made.Webhook.Id, webhook => webhook.Failures == 1);
        var path = $"{WebhookRig.Webhooks}/{made.Webhook.Id}/test";
        var refused = await (await rig.Admin.PostAsJsonAsync(path, new { })).ReadAsync<TestWebhook.Answer>(HttpStatusCode.OK);
        Assert.Equal((false, AttemptOutcome.NotValidated, false), (refused.Delivered, refused.Outcome, receiver.HasMore));

        receiver.AllowedOrigin = "*";
        var sent = await (await rig.Admin.PostAsJsonAsync(path, new { })).ReadAsync<TestWebhook.Answer>(HttpStatusCode.OK);
        Assert.Equal((true, 200), (sent.Delivered, sent.Status));
        Assert.Equal("cn.droneops.ping", CloudEventReader.ReadStructured((await receiver.NextAsync()).Body, [])!.Type);
        Assert.Equal(["webhook.created", "webhook.tested", "webhook.tested"], await rig.AuditedAsync(made.Webhook.Id));
    }

    [Fact]
    public async Task A_subscription_that_is_switched_off_is_silent_and_goes_on_where_it_stopped()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var rig = await WebhookRig.StartAsync(store, receiver);
        var made = await rig.SubscribeAsync(receiver.Address, handshake: false);
        Assert.Equal(WebhookState.Active, made.Webhook.State);
        var off = await (await rig.PatchAsync(made.Webhook.Id, new { enabled = false })).ReadAsync<WebhookView>(HttpStatusCode.OK);
        Assert.Equal(WebhookState.Disabled, off.State);
        var first = await rig.ReportAsync();
        await (await rig.PatchAsync(made.Webhook.Id, new { enabled = true })).ReadAsync<WebhookView>(HttpStatusCode.OK);
        Assert.Equal($"incident/{first}", CloudEventReader.ReadStructured((await receiver.NextAsync()).Body, [])!.Subject);
        Assert.Equal(0, receiver.Handshakes);

        Assert.Equal(HttpStatusCode.NoContent, (await rig.Admin.DeleteAsync(new Uri($"{WebhookRig.Webhooks}/{made.Webhook.Id}", UriKind.Relative))).StatusCode);
        await (await rig.PatchAsync(made.Webhook.Id, new { enabled = true })).ReadProblemAsync(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(["webhook.changed", "webhook.changed", "webhook.created", "webhook.deleted"], await rig.AuditedAsync(made.Webhook.Id));
    }

    [Fact]
    public async Task A_change_that_is_based_on_an_old_reading_is_refused()
    {
        await using var rig = await WebhookRig.StartAsync(store, ["hooks.example.org"], []);
        var made = await rig.SubscribeAsync(new Uri("https://hooks.example.org/"));
        await (await rig.PatchAsync(made.Webhook.Id, new { types = new[] { "cn.droneops.alert.changed" } })).ReadAsync<WebhookView>(HttpStatusCode.OK);
        using var request = new HttpRequestMessage(HttpMethod.Patch, new Uri($"{WebhookRig.Webhooks}/{made.Webhook.Id}", UriKind.Relative)) { Content = JsonContent.Create(new { enabled = false }) };
        request.Headers.IfMatch.Add(new("\"1\""));
        await (await rig.Admin.SendAsync(request)).ReadProblemAsync(HttpStatusCode.PreconditionFailed, "stale-etag");
        await (await rig.PatchAsync(made.Webhook.Id, new { types = new[] { "cn.droneops.weather" } })).ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    private static string Signed(string secret, Call call) =>
        SigningSecret.Parse(secret).Sign(call.Id, long.Parse(call.Headers["webhook-timestamp"], System.Globalization.CultureInfo.InvariantCulture), call.Body);

    public sealed class OnSqlite() : WebhookTests(Store.Sqlite);

    public sealed class OnPostgres() : WebhookTests(Store.Postgres);
}
