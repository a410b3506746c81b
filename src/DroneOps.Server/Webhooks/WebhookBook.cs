using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Webhooks;

/// <summary>Changes subscriptions, one at a time: audited before, written, told to the couriers. Keeps their secrets encrypted with the service's
/// keys: the database alone signs nothing.</summary>
internal sealed class WebhookBook(IDbContextFactory<FleetDb> databases, EventJournal journal, AuditLog audit, IDataProtectionProvider protection, TimeProvider time) : IDisposable
{
    /// <summary>Subscriptions at most.</summary>
    public const int Most = 100;

    private readonly IDataProtector _protector = protection.CreateProtector("DroneOps.Webhooks.v1");
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>A subscription was made, changed or deleted.</summary>
    public event Action<Guid>? Changed;

    /// <summary>Encrypts a secret for the database.</summary>
    public string Hide(string secret) => _protector.Protect(secret);

    /// <summary>Whom to call, and with which secrets.</summary>
    public Recipient RecipientOf(WebhookRecord webhook)
    {
        List<SigningSecret> secrets = [SigningSecret.Parse(_protector.Unprotect(webhook.Secret))];
        if (webhook.OldSecret is { } old && webhook.OldSecretUntil > time.GetUtcNow())
            secrets.Add(SigningSecret.Parse(_protector.Unprotect(old)));
        return new(new Uri(webhook.Url), secrets, webhook.BearerToken is { } token ? _protector.Unprotect(token) : null);
    }

    /// <summary>Adds a subscription, which begins with the next event.</summary>
    /// <returns>Its progress; null when there are too many.</returns>
    public async Task<WebhookProgress?> AddAsync(WebhookRecord webhook, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            if (await db.Set<WebhookRecord>().CountAsync(cancellation) >= Most)
                return null;
            await audit.AppendAsync(new AuditEntry(webhook.CreatedBy, "webhook.created", $"webhook/{webhook.Id}", Described(webhook)), cancellation);
            var progress = new WebhookProgress { WebhookId = webhook.Id, Cursor = journal.Open() };
            progress.BeginAnew(webhook);
            db.Add(webhook);
            db.Add(progress);
            await db.SaveChangesAsync(cancellation);
            Changed?.Invoke(webhook.Id);
            return progress;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Changes a subscription.</summary>
    /// <param name="change">Changes the row; answers the action for the audit log.</param>
    /// <returns>The row, or null when there is none.</returns>
    public async Task<WebhookRecord?> ChangeAsync(Guid id, string actor, Func<WebhookRecord, string> change, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            if (await db.Set<WebhookRecord>().SingleOrDefaultAsync(row => row.Id == id, cancellation) is not { } webhook)
                return null;
            var action = change(webhook);
            await audit.AppendAsync(new AuditEntry(actor, action, $"webhook/{id}", Described(webhook)), cancellation);
            await db.SaveChangesAsync(cancellation);
            Changed?.Invoke(id);
            return webhook;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Deletes a subscription with what waits for it.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> DeleteAsync(Guid id, string actor, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            if (await db.Set<WebhookRecord>().SingleOrDefaultAsync(row => row.Id == id, cancellation) is not { } webhook)
                return false;
            await audit.AppendAsync(new AuditEntry(actor, "webhook.deleted", $"webhook/{id}", Described(webhook)), cancellation);
            db.Remove(webhook);
            await db.SaveChangesAsync(cancellation);
            Changed?.Invoke(id);
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    // Receivers put keys of their own into the query: those are nobody's business.
    private static object Described(WebhookRecord webhook) =>
        new { Url = new Uri(webhook.Url).GetLeftPart(UriPartial.Path), webhook.Types, webhook.Enabled, webhook.Handshake, HasBearerToken = webhook.BearerToken is not null };
}
