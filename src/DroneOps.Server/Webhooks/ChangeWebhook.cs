using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Webhooks;

/// <summary><c>PATCH /webhooks/{id}</c> and <c>DELETE /webhooks/{id}</c>.</summary>
internal static class ChangeWebhook
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapPatch("/{id:guid}", PatchAsync).HasETag().WithSummary("Change a subscription; enabled true also sets a stopped one going again");
        group.MapDelete("/{id:guid}", DeleteAsync).WithSummary("End a subscription; what waits for it is not sent");
    }

    private static async Task<Results<Ok<WebhookView>, ProblemHttpResult>> PatchAsync(
        Guid id, Request request, HttpContext context, ClaimsPrincipal user, WebhookBook book, FleetDb db, IOptions<WebhooksOptions> options, TimeProvider time, CancellationToken cancellation)
    {
        if (CreateWebhook.Faults(request.Url, request.Types, request.BearerToken, options.Value).ToList() is { Count: > 0 } faults)
            return Problems.Invalid(faults);
        if (await ListWebhooks.FindAsync(db, id, cancellation) is not { } known)
            return Problems.NotFound("webhook", id);
        if (ETags.Check(context, known.Webhook) is { } stale)
            return stale;
        var changed = await book.ChangeAsync(id, user.Actor(), webhook =>
        {
            // A new address has agreed to nothing yet; switching on is how a stopped receiver is tried again.
            if (request.Enabled == true || (request.Url is { } url && url != webhook.Url) || (request.Handshake is { } handshake && handshake != webhook.Handshake))
                webhook.Generation++;
            webhook.Url = request.Url ?? webhook.Url;
            webhook.Types = request.Types is { } types ? [.. types.Distinct(StringComparer.Ordinal)] : webhook.Types;
            webhook.Enabled = request.Enabled ?? webhook.Enabled;
            webhook.Handshake = request.Handshake ?? webhook.Handshake;
            if (request.BearerToken is { } token)
                webhook.BearerToken = token.Length == 0 ? null : book.Hide(token);
            return "webhook.changed";
        }, cancellation);
        if (changed is null)
            return Problems.NotFound("webhook", id);
        ETags.Set(context, changed);
        return TypedResults.Ok(WebhookView.Of(changed, known.Progress, time.GetUtcNow()));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(Guid id, ClaimsPrincipal user, WebhookBook book, CancellationToken cancellation) =>
        await book.DeleteAsync(id, user.Actor(), cancellation) ? TypedResults.NoContent() : Problems.NotFound("webhook", id);

    /// <summary>The request; what is left out stays as it is.</summary>
    /// <param name="BearerToken">Empty for none.</param>
    internal sealed record Request(string? Url, IReadOnlyList<string>? Types, bool? Enabled, bool? Handshake, string? BearerToken);
}
