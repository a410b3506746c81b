using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Webhooks;

/// <summary><c>GET /webhooks</c> and <c>GET /webhooks/{id}</c>: the subscriptions and how their receivers do.</summary>
internal static class ListWebhooks
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("", ListAsync).WithSummary("Subscriptions, oldest first");
        group.MapGet("/{id:guid}", ShowAsync).HasETag().WithSummary("One subscription");
    }

    /// <summary>One subscription as it is shown; null when there is none.</summary>
    public static async Task<(WebhookRecord Webhook, WebhookProgress Progress)?> FindAsync(FleetDb db, Guid id, CancellationToken cancellation)
    {
        var found = await Rows(db).SingleOrDefaultAsync(row => row.Webhook.Id == id, cancellation);
        return found is null ? null : (found.Webhook, found.Progress);
    }

    private static async Task<Ok<Page<WebhookView>>> ListAsync(FleetDb db, TimeProvider time, CancellationToken cancellation)
    {
        // There are a hundred at most: one page.
        var rows = await Rows(db).OrderBy(row => row.Webhook.CreatedAt).ThenBy(row => row.Webhook.Id).ToListAsync(cancellation);
        var now = time.GetUtcNow();
        return TypedResults.Ok(new Page<WebhookView>([.. rows.Select(row => WebhookView.Of(row.Webhook, row.Progress, now))], null));
    }

    private static async Task<Results<Ok<WebhookView>, ProblemHttpResult>> ShowAsync(Guid id, HttpContext context, FleetDb db, TimeProvider time, CancellationToken cancellation)
    {
        if (await FindAsync(db, id, cancellation) is not { } found)
            return Problems.NotFound("webhook", id);
        ETags.Set(context, found.Webhook);
        return TypedResults.Ok(WebhookView.Of(found.Webhook, found.Progress, time.GetUtcNow()));
    }

    private static IQueryable<Row> Rows(FleetDb db) => db.Set<WebhookRecord>().AsNoTracking()
        .Join(db.Set<WebhookProgress>(), webhook => webhook.Id, progress => progress.WebhookId, (webhook, progress) => new Row { Webhook = webhook, Progress = progress });

    private sealed class Row
    {
        public required WebhookRecord Webhook { get; init; }

        public required WebhookProgress Progress { get; init; }
    }
}
