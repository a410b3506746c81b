using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Webhooks;

/// <summary>A subscription as the administrator set it. Owner: <see cref="WebhookBook"/>.</summary>
internal sealed class WebhookRecord : Versioned
{
    public required Guid Id { get; init; }

    public required string Url { get; set; }

    /// <summary>The types that are sent; none means all.</summary>
    public List<string> Types { get; set; } = [];

    public bool Enabled { get; set; } = true;

    /// <summary>Whether the receiver must agree first.</summary>
    public bool Handshake { get; set; } = true;

    /// <summary>The signing secret, encrypted with the service's keys.</summary>
    public required string Secret { get; set; }

    /// <summary>The secret before it, encrypted likewise, while both are in force.</summary>
    public string? OldSecret { get; set; }

    public DateTimeOffset? OldSecretUntil { get; set; }

    /// <summary>What the receiver wants as Authorization, encrypted likewise.</summary>
    public string? BearerToken { get; set; }

    /// <summary>Counts the changes after which the courier begins anew: another address, or switched on again.</summary>
    public int Generation { get; set; } = 1;

    public required string CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<WebhookRecord>
    {
        public void Configure(EntityTypeBuilder<WebhookRecord> builder)
        {
            builder.ToTable("webhooks");
            builder.Property(webhook => webhook.Types).HasJson();
        }
    }
}

/// <summary>Where a subscription stands with its receiver.</summary>
internal enum CourierState
{
    /// <summary>The receiver has not agreed yet.</summary>
    Pending,
    Active,

    /// <summary>It asked for a pause (429).</summary>
    PausedByReceiver,

    /// <summary>It is gone for good (410).</summary>
    Gone,

    /// <summary>It does not take the format (415).</summary>
    Unsupported,
}

/// <summary>How far a subscription is delivered. Owner: its <see cref="Courier"/>.</summary>
internal sealed class WebhookProgress
{
    public required Guid WebhookId { get; init; }

    /// <summary>The last event that is dealt with.</summary>
    public required long Cursor { get; set; }

    /// <summary>The generation of the settings that this belongs to.</summary>
    public int Generation { get; set; }

    public CourierState State { get; set; }

    /// <summary>In a row.</summary>
    public int Failures { get; set; }

    public DateTimeOffset? NextAttemptAt { get; set; }

    /// <summary>What the receiver takes in a minute, when it said so.</summary>
    public int? PerMinute { get; set; }

    public DateTimeOffset? LastAttemptAt { get; set; }

    public DateTimeOffset? LastDeliveryAt { get; set; }

    public AttemptOutcome? LastOutcome { get; set; }

    public int? LastStatus { get; set; }

    public string? LastDetail { get; set; }

    public long Delivered { get; set; }

    /// <summary>Events that became too old before the receiver took them.</summary>
    public long GivenUp { get; set; }

    /// <summary>Takes in how an attempt ended.</summary>
    public void Take(Verdict verdict, DateTimeOffset now, double chance)
    {
        (LastAttemptAt, LastOutcome, LastStatus, LastDetail) = (now, verdict.Outcome, verdict.Status, verdict.Detail);
        if (!verdict.IsFailure)
        {
            (State, Failures, NextAttemptAt) = (CourierState.Active, 0, null);
            if (verdict.Outcome == AttemptOutcome.Validated)
            {
                PerMinute = verdict.PerMinute;
                return;
            }

            (LastDeliveryAt, Delivered) = (now, Delivered + 1);
            if (PerMinute is { } rate)
                NextAttemptAt = now + TimeSpan.FromMinutes(1.0 / rate);
            return;
        }

        Failures++;
        NextAttemptAt = verdict.NotBefore ?? now + Backoff.After(Failures, chance);
        State = verdict.Outcome switch
        {
            AttemptOutcome.Gone => CourierState.Gone,
            AttemptOutcome.UnsupportedMediaType => CourierState.Unsupported,
            _ when State == CourierState.Pending => CourierState.Pending,
            AttemptOutcome.TooManyRequests => CourierState.PausedByReceiver,
            _ => CourierState.Active,
        };
        if (HasStopped)
            NextAttemptAt = null;
    }

    /// <summary>Begins anew after a change of the settings; what is delivered stays delivered.</summary>
    public void BeginAnew(WebhookRecord webhook)
    {
        (Generation, State) = (webhook.Generation, webhook.Handshake ? CourierState.Pending : CourierState.Active);
        (Failures, NextAttemptAt, PerMinute) = (0, null, null);
    }

    /// <summary>Whether only the administrator can set it going again.</summary>
    public bool HasStopped => State is CourierState.Gone or CourierState.Unsupported;

    internal sealed class Table : IEntityTypeConfiguration<WebhookProgress>
    {
        public void Configure(EntityTypeBuilder<WebhookProgress> builder)
        {
            builder.ToTable("webhook_progress");
            builder.HasKey(progress => progress.WebhookId);
            builder.HasOne<WebhookRecord>().WithOne().HasForeignKey<WebhookProgress>(progress => progress.WebhookId).OnDelete(DeleteBehavior.Cascade);
            builder.Property(progress => progress.State).HasConversion<string>();
            builder.Property(progress => progress.LastOutcome).HasConversion<string>();
            builder.Ignore(progress => progress.HasStopped);
        }
    }
}

/// <summary>An event that is kept for the receivers. Owner: <see cref="EventJournal"/>.</summary>
internal sealed class JournalEntry
{
    /// <summary>The feed's id; one more than the last where a clock that was set back would repeat ids.</summary>
    public required long Id { get; init; }

    public required string Type { get; init; }

    public required string Subject { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>JSON: the thing after the change.</summary>
    public required string Data { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<JournalEntry>
    {
        public void Configure(EntityTypeBuilder<JournalEntry> builder)
        {
            builder.ToTable("webhook_events");
            builder.Property(entry => entry.Id).ValueGeneratedNever();
            builder.HasIndex(entry => entry.At);
            builder.HasIndex(entry => new { entry.Subject, entry.Id });
        }
    }
}
