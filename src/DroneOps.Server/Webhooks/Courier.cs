using System.Globalization;
using System.Security.Cryptography;
using System.Threading.Channels;
using DroneOps.Server.Alarms;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Webhooks;

/// <summary>What couriers share.</summary>
internal sealed record CourierBag(
    WebhookBook Book, Deliveries Deliveries, IDbContextFactory<FleetDb> Databases, AuditLog Audit, AlarmBook Alarms, WebhookMetrics Metrics, IOptions<WebhooksOptions> Options, TimeProvider Time,
    ILogger<Courier> Logger);

/// <summary>Brings one subscription its events, in their order, one at a time: a receiver that hangs delays nobody but itself.</summary>
/// <remarks>Owner of the subscription's row in <c>webhook_progress</c>: its own loop. The cursor moves after the receiver has taken the event, so a
/// kill in between repeats that one event with the same id.</remarks>
internal sealed partial class Courier(Guid id, CourierBag bag)
{
    private const int BatchLength = 50;
    private static readonly TimeSpan AfterOutage = TimeSpan.FromSeconds(5);

    private readonly Channel<bool> _rings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ILogger _logger = bag.Logger;
    private Task<bool>? _ring;

    /// <summary>Something may be due.</summary>
    public void Ring() => _rings.Writer.TryWrite(true);

    /// <summary>Runs until the subscription is deleted or the service stops.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Next next;
            try
            {
                next = await StepAsync(cancellation);
            }
            catch (Exception error) when (Outage.Is(error))
            {
                LogNotWritten(error);
                next = Next.At(bag.Time.GetUtcNow() + AfterOutage);
            }
            catch (CryptographicException error)
            {
                // The service's keys were lost or exchanged; a new secret sets it going again.
                LogSecretUnreadable(error, id);
                next = Next.WhenRung;
            }

            if (next.IsEnd)
                return;
            await RestAsync(next.Time, cancellation);
        }
    }

    /// <summary>Does what is due.</summary>
    /// <returns>When to look again.</returns>
    private async Task<Next> StepAsync(CancellationToken cancellation)
    {
        await using var db = await bag.Databases.CreateDbContextAsync(cancellation);
        if (await db.Set<WebhookRecord>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellation) is not { } webhook)
        {
            Alert(null, null);
            return Next.End;
        }

        if (!webhook.Enabled)
        {
            Alert(webhook, null);
            return Next.WhenRung;
        }

        var progress = await db.Set<WebhookProgress>().SingleAsync(row => row.WebhookId == id, cancellation);
        if (progress.Generation != webhook.Generation)
            progress.BeginAnew(webhook);
        Alert(webhook, progress);
        if (progress.HasStopped)
            return Next.WhenRung;
        if (progress.NextAttemptAt > bag.Time.GetUtcNow())
            return Next.At(progress.NextAttemptAt.Value);
        if (progress.State == CourierState.Pending)
        {
            var began = bag.Time.GetTimestamp();
            await TakeAsync(webhook, progress, await bag.Deliveries.ShakeHandsAsync(bag.Book.RecipientOf(webhook), cancellation), began, cancellation);
            await db.SaveChangesAsync(cancellation);
            return progress.State == CourierState.Active ? Next.At(bag.Time.GetUtcNow()) : NextOf(progress);
        }

        return await DeliverAsync(db, webhook, progress, cancellation);
    }

    private async Task<Next> DeliverAsync(FleetDb db, WebhookRecord webhook, WebhookProgress progress, CancellationToken cancellation)
    {
        var cursor = progress.Cursor;
        var entries = await db.Set<JournalEntry>().AsNoTracking().Where(entry => entry.Id > cursor).OrderBy(entry => entry.Id).Take(BatchLength).ToListAsync(cancellation);
        var oldest = bag.Time.GetUtcNow() - TimeSpan.FromHours(bag.Options.Value.KeepHours);
        var wanted = entries.Where(entry => webhook.Types.Count == 0 || webhook.Types.Contains(entry.Type)).ToList();
        var tooOld = wanted.Where(entry => entry.At < oldest).ToList();
        if (tooOld.Count > 0)
        {
            await bag.Audit.AppendAsync(new AuditEntry(Actors.System, "webhook.gaveUp", $"webhook/{id}", new { tooOld.Count, From = tooOld[0].Id, To = tooOld[^1].Id }), cancellation);
            progress.GivenUp += tooOld.Count;
            bag.Metrics.GaveUp(tooOld.Count);
        }

        foreach (var entry in wanted.Except(tooOld))
        {
            var body = Envelope.Write(bag.Options.Value.Origin, Text(entry.Id), entry.Type, entry.Subject, entry.At, entry.Data);
            var began = bag.Time.GetTimestamp();
            var verdict = await bag.Deliveries.PostAsync(bag.Book.RecipientOf(webhook), Text(entry.Id), body, cancellation);

            // What was skipped before it is dealt with too, whatever came of this one.
            progress.Cursor = verdict.IsDelivered ? entry.Id : Math.Max(progress.Cursor, entry.Id - 1);
            await TakeAsync(webhook, progress, verdict, began, cancellation);
            await db.SaveChangesAsync(CancellationToken.None);
            if (!verdict.IsDelivered || progress.NextAttemptAt is not null || await HasChangedAsync(db, webhook, cancellation))
                return NextOf(progress);
        }

        if (entries.Count == 0)
            return Next.WhenRung;
        progress.Cursor = entries[^1].Id;
        await db.SaveChangesAsync(cancellation);
        return entries.Count == BatchLength ? Next.At(bag.Time.GetUtcNow()) : Next.WhenRung;
    }

    /// <summary>Whether the administrator changed something while we delivered: a secret, an address, off.</summary>
    private static async Task<bool> HasChangedAsync(FleetDb db, WebhookRecord webhook, CancellationToken cancellation) =>
        !await db.Set<WebhookRecord>().AnyAsync(row => row.Id == webhook.Id && row.Version == webhook.Version, cancellation);

    private async Task TakeAsync(WebhookRecord webhook, WebhookProgress progress, Verdict verdict, long began, CancellationToken cancellation)
    {
        bag.Metrics.Attempted(verdict.Outcome, bag.Time.GetElapsedTime(began));
        if (verdict.Outcome is AttemptOutcome.Gone or AttemptOutcome.UnsupportedMediaType)
        {
            var action = verdict.Outcome == AttemptOutcome.Gone ? "webhook.gone" : "webhook.unsupported";
            await bag.Audit.AppendAsync(new AuditEntry(Actors.System, action, $"webhook/{id}", new { verdict.Status, progress.Cursor }), cancellation);
            LogStopped(id, verdict.Detail);
        }

        progress.Take(verdict, bag.Time.GetUtcNow(), Random.Shared.NextDouble());
        Alert(webhook, progress);
    }

    /// <summary>One that has stopped stays so until somebody does something about it, so somebody must be told.</summary>
    private void Alert(WebhookRecord? webhook, WebhookProgress? progress)
    {
        var (subject, now) = ($"webhook/{id}", bag.Time.GetUtcNow());
        bag.Alarms.Apply(webhook is not null && progress is { HasStopped: true }
            ? new Condition.Raise(AlarmCatalog.WebhookStopped, subject, now, AlarmPriority.Caution, $"{new Uri(webhook.Url).Authority} takes no events any more: status {progress.LastStatus}.")
            : new Condition.Clear(AlarmCatalog.WebhookStopped, subject, now));
    }

    private Next NextOf(WebhookProgress progress) => progress.HasStopped ? Next.WhenRung : Next.At(progress.NextAttemptAt ?? bag.Time.GetUtcNow());

    /// <summary>Waits until rung or until a time, whichever is first.</summary>
    private async Task RestAsync(DateTimeOffset? until, CancellationToken cancellation)
    {
        _ring ??= _rings.Reader.WaitToReadAsync(cancellation).AsTask();
        var wait = until - bag.Time.GetUtcNow();
        if (wait <= TimeSpan.Zero)
            return;
        try
        {
            await (wait is { } limit ? _ring.WaitAsync(limit, bag.Time, cancellation) : _ring);
        }
        catch (TimeoutException)
        {
            return;
        }

        _rings.Reader.TryRead(out _);
        _ring = null;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>When to look again: at a time, when rung, or never.</summary>
    private readonly record struct Next(DateTimeOffset? Time, bool IsEnd)
    {
        public static Next WhenRung => new(null, false);

        public static Next End => new(null, true);

        public static Next At(DateTimeOffset time) => new(time, false);
    }

    [LoggerMessage(LogLevel.Warning, "A webhook's progress could not be read or written now")]
    private partial void LogNotWritten(Exception error);

    [LoggerMessage(LogLevel.Error, "The secret of webhook {Id} cannot be decrypted: give it a new one")]
    private partial void LogSecretUnreadable(Exception error, Guid id);

    [LoggerMessage(LogLevel.Warning, "Webhook {Id} has stopped: {Reason}")]
    private partial void LogStopped(Guid id, string reason);
}
