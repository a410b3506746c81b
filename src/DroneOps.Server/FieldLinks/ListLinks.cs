using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.FieldLinks;

/// <summary><c>GET /incidents/{id}/links</c>: who was given a link to the incident, until when, and when it was last used.</summary>
internal static class ListLinks
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/{id:guid}/links", HandleAsync).RequireAuthorization(Policies.Read)
        .WithSummary("The links of an incident, the newest first");

    private static async Task<Ok<Page<FieldLinkView>>> HandleAsync(Guid id, FieldLinkBook links, TimeProvider time, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return TypedResults.Ok(new Page<FieldLinkView>([.. (await links.OfIncidentAsync(id, cancellation)).Select(link => FieldLinkView.Of(link, now))], null));
    }
}
