using System.Security.Claims;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Webhooks;

/// <summary><c>POST /webhooks/{id}/secret</c>: a new secret; for a day deliveries carry the signatures of both, so that the receiver can change
/// over when it suits it.</summary>
internal static class RotateSecret
{
    /// <summary>How long the old one goes on.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    public static void Map(RouteGroupBuilder group) => group.MapPost("/{id:guid}/secret", HandleAsync).WithSummary("Give a subscription a new secret; shown this once, the old one goes on for 24 hours");

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> HandleAsync(Guid id, ClaimsPrincipal user, WebhookBook book, TimeProvider time, CancellationToken cancellation)
    {
        var secret = SigningSecret.New();
        var until = time.GetUtcNow() + Overlap;
        var changed = await book.ChangeAsync(id, user.Actor(), webhook =>
        {
            (webhook.OldSecret, webhook.OldSecretUntil, webhook.Secret) = (webhook.Secret, until, book.Hide(secret.Text));
            return "webhook.secretChanged";
        }, cancellation);
        return changed is null ? Problems.NotFound("webhook", id) : TypedResults.Ok(new Answer(secret.Text, until));
    }

    /// <summary>The new secret, and until when the old one signs too.</summary>
    internal sealed record Answer(string Secret, DateTimeOffset OldSecretUntil);
}
