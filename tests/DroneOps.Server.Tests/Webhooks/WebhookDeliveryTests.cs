using System.Net;
using DroneOps.Server.Alarms;
using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Tests.Webhooks;

public abstract class WebhookDeliveryTests(Store store)
{
    [Fact]
    public async Task Events_come_in_their_order_signed_and_only_of_the_types_that_were_asked_for()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var rig = await WebhookRig.StartAsync(store, receiver);
        var sorties = await rig.SubscribeAsync(receiver.Address, true, "cn.droneops.sortie.changed");
        var made = await rig.SubscribeAsync(receiver.Address, true, "cn.droneops.incident.changed");
        var reported = new List<string> { await rig.ReportAsync(), await rig.ReportAsync(), await rig.ReportAsync() };

        var ids = new List<long>();
        foreach (var incident in reported)
        {
            var call = await receiver.NextAsync();
            Assert.Equal("application/cloudevents+json; charset=utf-8", call.Headers["Content-Type"]);
            var signed = SigningSecret.Parse(made.Secret).Sign(call.Id, long.Parse(call.Headers["webhook-timestamp"], System.Globalization.CultureInfo.InvariantCulture), call.Body);
            Assert.Equal(signed, call.Headers["webhook-signature"]);
            var read = CloudEventReader.ReadStructured(call.Body, []);
            Assert.Equal((call.Id, "//droneops", "cn.droneops.incident.changed", $"incident/{incident}"), (read!.Id, read.Source, read.Type, read.Subject));
            Assert.Equal(incident, read.Data.GetProperty("id").GetString());
            ids.Add(long.Parse(read.Id, System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.Equal(ids.Order(), ids);
        Assert.Equal(2, receiver.Handshakes);
        var done = await rig.UntilAsync(made.Webhook.Id, webhook => webhook.Delivered == 3);
        Assert.Equal((WebhookState.Active, AttemptOutcome.Delivered, 200), (done.State, done.LastAttempt!.Outcome, done.LastAttempt.Status));
        Assert.Equal(0, (await rig.UntilAsync(sorties.Webhook.Id, webhook => webhook.State == WebhookState.Active)).Delivered);
    }

    [Fact]
    public async Task A_receiver_that_has_not_agreed_gets_no_event_and_all_of_them_once_it_has()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.AllowedOrigin = "somebody.else";
        await using var rig = await WebhookRig.StartAsync(store, receiver);
        var made = await rig.SubscribeAsync(receiver.Address);
        await rig.ReportAsync();
        var waiting = await rig.UntilAsync(made.Webhook.Id, webhook => webhook.Failures == 1);
        Assert.Equal((WebhookState.Pending, AttemptOutcome.NotValidated, false), (waiting.State, waiting.LastAttempt!.Outcome, receiver.HasMore));

        receiver.AllowedOrigin = "droneops";
        rig.Server.Time.Advance(waiting.NextAttemptAt!.Value - rig.Server.Time.GetUtcNow());
        await receiver.NextAsync();
        await rig.UntilAsync(made.Webhook.Id, webhook => webhook is { State: WebhookState.Active, Delivered: 1 });
    }

    [Fact]
    public async Task A_failed_delivery_says_why_and_is_repeated_with_the_same_id_and_a_redirect_is_not_followed()
    {
        await using var elsewhere = await Receiver.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        await using var rig = await WebhookRig.StartAsync(store, receiver, elsewhere);
        var made = await rig.SubscribeAsync(receiver.Address);
        foreach (var (status, location, outcome) in new[]
        {
            (301, elsewhere.Address.ToString(), AttemptOutcome.Redirected), (302, "http://169.254.169.254/latest/meta-data", AttemptOutcome.Redirected), (308, elsewhere.Address.ToString(), AttemptOutcome.Redirected),
            (206, null, AttemptOutcome.Status), (400, null, AttemptOutcome.Status), (500, null, AttemptOutcome.Status),
        })
        {
            receiver.OnPost = (context, _) =>
            {
                context.Response.StatusCode = status;
                context.Response.Headers.Location = location;
                return Task.CompletedTask;
            };
            await rig.ReportAsync();
            var first = await receiver.NextAsync();
            var failed = await rig.UntilAsync(made.Webhook.Id, webhook => webhook.Failures == 1);
            Assert.Equal((WebhookState.Active, outcome, status), (failed.State, failed.LastAttempt!.Outcome, failed.LastAttempt.Status));
            Assert.InRange((failed.NextAttemptAt!.Value - rig.Server.Time.GetUtcNow()).TotalSeconds, 4, 6);

            receiver.OnPost = (_, _) => Task.CompletedTask;
            rig.Server.Time.Advance(TimeSpan.FromSeconds(6));
            Assert.Equal(first.Id, (await receiver.NextAsync()).Id);
            await rig.UntilAsync(made.Webhook.Id, webhook => webhook.Failures == 0);
        }

        Assert.False(elsewhere.HasMore);
    }

    [Theory]
    [InlineData(410, WebhookState.Gone, "webhook.gone")]
    [InlineData(415, WebhookState.Unsupported, "webhook.unsupported")]
    internal async Task A_receiver_that_stops_us_is_left_alone_until_the_administrator_tries_again(int status, WebhookState state, string action)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var rig = await WebhookRig.StartAsync(store, receiver);
        receiver.OnPost = (context, _) =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        var made = await rig.SubscribeAsync(receiver.Address);
        await rig.ReportAsync();
        var first = await receiver.NextAsync();
        await rig.UntilAsync(made.Webhook.Id, webhook => webhook.State == state);
        await rig.ReportAsync();
        rig.Server.Time.Advance(TimeSpan.FromHours(2));
        Assert.Null((await rig.UntilAsync(made.Webhook.Id, webhook => webhook.State == state)).NextAttemptAt);
        Assert.False(receiver.HasMore);
        Assert.Equal(["webhook.created", action], await rig.AuditedAsync(made.Webhook.Id));
        var alarms = rig.Server.Services.GetRequiredService<AlarmBook>();
        var alarm = Assert.Single(alarms.Open, alarm => alarm.Code == AlarmCatalog.WebhookStopped);
        Assert.Equal(($"webhook/{made.Webhook.Id}", AlarmPriority.Caution), (alarm.Subject, alarm.Priority));
        Assert.EndsWith($"takes no events any more: status {status}.", alarm.Text, StringComparison.Ordinal);

        receiver.OnPost = (_, _) => Task.CompletedTask;
        await (await rig.PatchAsync(made.Webhook.Id, new { enabled = true })).ReadAsync<WebhookView>(HttpStatusCode.OK);
        Assert.Equal(first.Id, (await receiver.NextAsync()).Id);
        Assert.NotEqual(first.Id, (await receiver.NextAsync()).Id);
        await rig.UntilAsync(made.Webhook.Id, webhook => webhook.State == WebhookState.Active);
        rig.Server.Time.Advance(TimeSpan.FromSeconds(10));
        alarms.Tick();
        Assert.False(alarms.Find(alarm.Id)!.Life.IsActive);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pause_that_the_receiver_asks_for_is_kept_to_the_second(bool asDate)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var rig = await WebhookRig.StartAsync(store, receiver);
        var until = TestServer.Begin + TimeSpan.FromSeconds(1234);
        receiver.OnPost = (context, _) =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = asDate ? until.ToString("R", System.Globalization.CultureInfo.InvariantCulture) : "1234";
            return Task.CompletedTask;
        };
        var made = await rig.SubscribeAsync(receiver.Address);
        await rig.ReportAsync();
        var first = await receiver.NextAsync();
        var paused = await rig.UntilAsync(made.Webhook.Id, webhook => webhook.State == WebhookState.PausedByReceiver);
        Assert.Equal(until, paused.NextAttemptAt);

        // A restart does not forget it, and what happens meanwhile does not break it.
        await rig.RestartAsync();
        receiver.OnPost = (_, _) => Task.CompletedTask;
        await rig.ReportAsync();
        rig.Server.Time.Advance(TimeSpan.FromSeconds(1233));
        await rig.UntilAsync(made.Webhook.Id, webhook => webhook.State == WebhookState.PausedByReceiver);
        Assert.False(receiver.HasMore);
        rig.Server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(first.Id, (await receiver.NextAsync()).Id);
        await rig.UntilAsync(made.Webhook.Id, webhook => webhook is { State: WebhookState.Active, Delivered: 2 });
    }

    [Fact]
    public async Task A_receiver_that_hangs_delays_nobody_and_one_that_never_ends_its_body_has_taken_the_event()
    {
        await using var silent = await Receiver.StartAsync();
        await using var stuck = await Receiver.StartAsync();
        await using var endless = await Receiver.StartAsync();
        await using var good = await Receiver.StartAsync();
        await using var rig = await WebhookRig.StartAsync(store, silent, stuck, endless, good);
        silent.OnPost = (_, closing) => UntilAsync(closing);
        stuck.OnPost = async (context, closing) =>
        {
            await context.Response.Body.FlushAsync(closing);
            await UntilAsync(closing);
        };
        endless.OnPost = async (context, closing) =>
        {
            var much = new byte[64 * 1024];
            while (!closing.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(much, context.RequestAborted);
        };
        var webhooks = new List<Guid>();
        foreach (var receiver in (Receiver[])[silent, stuck, endless, good])
            webhooks.Add((await rig.SubscribeAsync(receiver.Address)).Webhook.Id);
        for (var count = 0; count < 3; count++)
            await rig.ReportAsync();

        // The clock stands: nobody has waited for anybody's time-out.
        await silent.NextAsync();
        foreach (var taken in webhooks.Skip(1))
            await rig.UntilAsync(taken, webhook => webhook is { Delivered: 3, Failures: 0 });
        Assert.False(silent.HasMore);

        rig.Server.Time.Advance(TimeSpan.FromSeconds(10));
        var failed = await rig.UntilAsync(webhooks[0], webhook => webhook.Failures == 1);
        Assert.Equal(AttemptOutcome.TimedOut, failed.LastAttempt!.Outcome);
    }

    [Fact]
    public async Task What_could_not_be_delivered_for_a_day_is_given_up_and_said_and_the_next_event_comes()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var witness = await Receiver.StartAsync();
        await using var rig = await WebhookRig.StartAsync(store, receiver, witness);
        receiver.OnPost = (context, _) =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        var made = await rig.SubscribeAsync(receiver.Address);
        await rig.SubscribeAsync(witness.Address);
        await rig.ReportAsync();
        await rig.ReportAsync();
        await receiver.NextAsync();

        // Both are in the journal: what comes into it later is given up on its own.
        await witness.NextAsync();
        await witness.NextAsync();
        await rig.UntilAsync(made.Webhook.Id, webhook => webhook.Failures == 1);
        receiver.OnPost = (_, _) => Task.CompletedTask;
        rig.Server.Time.Advance(TimeSpan.FromHours(25));
        await rig.SignInAsync();
        Assert.Equal(2, (await rig.UntilAsync(made.Webhook.Id, webhook => webhook.GivenUp > 0)).GivenUp);
        Assert.Equal(["webhook.created", "webhook.gaveUp"], await rig.AuditedAsync(made.Webhook.Id));

        var incident = await rig.ReportAsync();
        Assert.Contains(incident, System.Text.Encoding.UTF8.GetString((await receiver.NextAsync()).Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_loses_no_event_and_keeps_order_and_ids()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var rig = await WebhookRig.StartAsync(store, receiver);
        receiver.OnPost = (context, _) =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        var made = await rig.SubscribeAsync(receiver.Address);
        var reported = new List<string> { await rig.ReportAsync(), await rig.ReportAsync(), await rig.ReportAsync() };
        var tried = await receiver.NextAsync();
        await rig.UntilAsync(made.Webhook.Id, webhook => webhook.Failures == 1);

        await rig.RestartAsync();
        reported.Add(await rig.ReportAsync());
        receiver.OnPost = (_, _) => Task.CompletedTask;
        rig.Server.Time.Advance(TimeSpan.FromSeconds(6));
        var came = new List<Call>();
        foreach (var _ in reported)
            came.Add(await receiver.NextAsync());
        Assert.Equal(reported.Select(id => $"incident/{id}"), came.Select(call => CloudEventReader.ReadStructured(call.Body, [])!.Subject));
        Assert.Equal(tried.Id, came[0].Id);
        await rig.UntilAsync(made.Webhook.Id, webhook => webhook.Delivered == 4);

        // And one more restart repeats nothing.
        await rig.RestartAsync();
        var last = await rig.ReportAsync();
        Assert.Equal($"incident/{last}", CloudEventReader.ReadStructured((await receiver.NextAsync()).Body, [])!.Subject);
    }

    [Fact]
    public async Task What_a_service_tells_when_it_starts_and_when_it_stops_is_delivered_too()
    {
        await using var receiver = await Receiver.StartAsync();
        // The first of all services: it starts before all others and stops after them, as the flight log does after the feed.
        await using var rig = await WebhookRig.StartAsync(
            store, builder => builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(services => new Talker(services.GetRequiredService<SortieChanges>()))), receiver);
        await rig.SubscribeAsync(receiver.Address, true, "cn.droneops.sortie.changed");

        await rig.RestartAsync();

        foreach (var expected in new[] { Talker.Last, Talker.First })
        {
            var call = await receiver.NextAsync();
            Assert.Equal($"sortie/{expected}", CloudEventReader.ReadStructured(call.Body, [])!.Subject);
        }
    }

    [Fact]
    public async Task An_incident_that_a_kill_parted_from_its_event_is_told_at_the_next_start()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var rig = await WebhookRig.StartAsync(store, receiver);
        await rig.SubscribeAsync(receiver.Address);
        var known = await rig.ReportAsync();
        await receiver.NextAsync();

        // What a kill between the row and the journal leaves: the row.
        var now = rig.Server.Time.GetUtcNow() + TimeSpan.FromSeconds(1);
        var lost = new IncidentRecord { Id = Guid.CreateVersion7(now), Type = "fire", Priority = 1, Summary = "", ReportedAt = now, ReportedBy = "user:admin", Shape = new Point(117.657, 24.512) };
        TimeAxis.Reach(lost, IncidentStage.IncidentCreated, now, "event", "user:admin");
        await using (var db = await rig.Server.Services.GetRequiredService<IDbContextFactory<FleetDb>>().CreateDbContextAsync())
        {
            db.Add(lost);
            var changed = await db.Set<IncidentRecord>().SingleAsync(row => row.Id == Guid.Parse(known));
            changed.State = IncidentState.Dispatched;
            await db.SaveChangesAsync();
        }

        await rig.RestartAsync();
        var told = new[] { await receiver.NextAsync(), await receiver.NextAsync() }.Select(call => CloudEventReader.ReadStructured(call.Body, [])!).ToDictionary(read => read.Subject!, read => read.Data.GetProperty("state").GetString());
        Assert.Equal("open", told[$"incident/{lost.Id}"]);
        Assert.Equal("dispatched", told[$"incident/{known}"]);
    }

    [Fact]
    public async Task An_unknown_certificate_a_private_address_and_a_name_that_leads_to_one_are_not_called()
    {
        await using var tls = await Receiver.StartAsync(tls: true);
        await using var plain = await Receiver.StartAsync();
        var name = $"http://localhost:{plain.Address.Port}";
        await using var trusting = await WebhookRig.StartAsync(store, [tls.Address.Authority], ["127.0.0.0/8"]);
        await using var strict = await WebhookRig.StartAsync(store, [name, plain.Entry, "http://169.254.169.254"], []);

        Assert.Equal(AttemptOutcome.CertificateRefused, (await FirstFailureAsync(trusting, tls.Address)).Outcome);
        Assert.Equal(AttemptOutcome.AddressNotAllowed, (await FirstFailureAsync(strict, new Uri(name))).Outcome);
        Assert.Equal(AttemptOutcome.AddressNotAllowed, (await FirstFailureAsync(strict, plain.Address)).Outcome);
        Assert.Equal(AttemptOutcome.AddressNotAllowed, (await FirstFailureAsync(strict, new Uri("http://169.254.169.254/latest/meta-data"))).Outcome);
        Assert.Equal((0, false), (plain.Handshakes, plain.HasMore));
    }

    private static async Task<AttemptView> FirstFailureAsync(WebhookRig rig, Uri url)
    {
        var made = await rig.SubscribeAsync(url);
        return (await rig.UntilAsync(made.Webhook.Id, webhook => webhook.Failures > 0)).LastAttempt!;
    }

    private static async Task UntilAsync(CancellationToken end)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (end.Register(ended.SetResult))
            await ended.Task;
    }

    /// <summary>A service that tells of one sortie when it starts and of another when it stops.</summary>
    private sealed class Talker(SortieChanges changes) : IHostedService
    {
        public static readonly Guid First = Guid.CreateVersion7(TestServer.Begin);
        public static readonly Guid Last = Guid.CreateVersion7(TestServer.Begin);

        public Task StartAsync(CancellationToken cancellationToken) => TellAsync(First);

        public Task StopAsync(CancellationToken cancellationToken) => TellAsync(Last);

        private Task TellAsync(Guid sortie)
        {
            changes.Publish(SortieView.Of(new SortieRecord
            {
                Id = sortie,
                VehicleId = "1",
                VehicleName = "UAV-1",
                HardwareId = null,
                Firmware = null,
                SystemId = 1,
                Pilot = null,
                Purpose = null,
                TaskKind = null,
                TaskId = null,
                TaskLabel = null,
                DockId = null,
                TakeoffAt = TestServer.Begin,
                TakeoffSource = ClockSource.LandedState,
            }));
            return Task.CompletedTask;
        }
    }

    public sealed class OnSqlite() : WebhookDeliveryTests(Store.Sqlite);

    public sealed class OnPostgres() : WebhookDeliveryTests(Store.Postgres);
}
