using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Webhooks;

/// <summary><c>POST /webhooks/{id}/test</c>: sends a ping at once, outside the order of the events, and answers how it went. Changes nothing.</summary>
internal static class TestWebhook
{
    public static void Map(RouteGroupBuilder group) => group.MapPost("/{id:guid}/test", HandleAsync).WithSummary("Send a ping to the receiver and answer how it went");

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> HandleAsync(
        Guid id, ClaimsPrincipal user, WebhookBook book, Deliveries deliveries, FleetDb db, AuditLog audit, IOptions<WebhooksOptions> options, TimeProvider time, CancellationToken cancellation)
    {
        if (await ListWebhooks.FindAsync(db, id, cancellation) is not { } known)
            return Problems.NotFound("webhook", id);
        await audit.AppendAsync(new AuditEntry(user.Actor(), "webhook.tested", $"webhook/{id}", null), cancellation);
        var recipient = book.RecipientOf(known.Webhook);
        var began = time.GetTimestamp();

        // No event goes to a receiver that has not agreed, not even this one.
        var verdict = known is { Webhook.Handshake: true, Progress.State: CourierState.Pending } ? await deliveries.ShakeHandsAsync(recipient, cancellation) : null;
        if (verdict is not { IsFailure: true })
        {
            var now = time.GetUtcNow();
            var ping = $"ping-{Guid.CreateVersion7(now)}";
            verdict = await deliveries.PostAsync(recipient, ping, Envelope.Write(options.Value.Origin, ping, EventTypes.Ping, $"webhook/{id}", now, "{}"), cancellation);
        }

        return TypedResults.Ok(new Answer(verdict.IsDelivered, verdict.Outcome, verdict.Status, verdict.Detail, Math.Round(time.GetElapsedTime(began).TotalMilliseconds, 1)));
    }

    /// <summary>How it went.</summary>
    internal sealed record Answer(bool Delivered, AttemptOutcome Outcome, int? Status, string Detail, double TookMs);
}
