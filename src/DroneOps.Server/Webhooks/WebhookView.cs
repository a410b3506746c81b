namespace DroneOps.Server.Webhooks;

/// <summary>Where a subscription stands.</summary>
internal enum WebhookState
{
    Pending,
    Active,
    PausedByReceiver,
    Gone,
    Unsupported,
    Disabled,
}

/// <summary>The last attempt to call the receiver.</summary>
/// <param name="At">When.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Status">The HTTP status, when one came.</param>
/// <param name="Detail">In English, for a person.</param>
internal sealed record AttemptView(DateTimeOffset At, AttemptOutcome Outcome, int? Status, string Detail);

/// <summary>A subscription as the API shows it; its secrets cannot be read again.</summary>
/// <param name="Types">The types that are sent; none means all.</param>
/// <param name="Handshake">Whether the receiver must agree first.</param>
/// <param name="Failures">In a row.</param>
/// <param name="GivenUp">Events that became too old before the receiver took them.</param>
/// <param name="OldSecretUntil">Until when deliveries are signed with the secret before the present one too.</param>
internal sealed record WebhookView(
    Guid Id, Uri Url, IReadOnlyList<string> Types, WebhookState State, bool Enabled, bool Handshake, bool HasBearerToken, DateTimeOffset? OldSecretUntil, string CreatedBy, DateTimeOffset CreatedAt,
    DateTimeOffset? LastDeliveryAt, AttemptView? LastAttempt, int Failures, DateTimeOffset? NextAttemptAt, long Delivered, long GivenUp)
{
    public static WebhookView Of(WebhookRecord webhook, WebhookProgress progress, DateTimeOffset now)
    {
        // The courier takes up a changed subscription in a moment; until then its old state is not shown for the new.
        var isNew = progress.Generation != webhook.Generation;
        return new(
            webhook.Id, new Uri(webhook.Url), webhook.Types, StateOf(webhook, progress, isNew), webhook.Enabled, webhook.Handshake, webhook.BearerToken is not null,
            webhook.OldSecretUntil > now ? webhook.OldSecretUntil : null, webhook.CreatedBy, webhook.CreatedAt, progress.LastDeliveryAt,
            progress is { LastAttemptAt: { } at, LastOutcome: { } outcome } ? new(at, outcome, progress.LastStatus, progress.LastDetail ?? "") : null,
            isNew ? 0 : progress.Failures, isNew || progress.NextAttemptAt <= now ? null : progress.NextAttemptAt, progress.Delivered, progress.GivenUp);
    }

    private static WebhookState StateOf(WebhookRecord webhook, WebhookProgress progress, bool isNew) => !webhook.Enabled ? WebhookState.Disabled
        : isNew ? webhook.Handshake ? WebhookState.Pending : WebhookState.Active
        : progress.State switch
        {
            CourierState.Pending => WebhookState.Pending,
            CourierState.PausedByReceiver => WebhookState.PausedByReceiver,
            CourierState.Gone => WebhookState.Gone,
            CourierState.Unsupported => WebhookState.Unsupported,
            _ => WebhookState.Active,
        };
}
