using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Airspace;

/// <summary><c>DELETE /areas/{id}</c> and its likes, under If-Match. What it was stays in the audit log.</summary>
internal static class DeleteFeature
{
    public static void Map(RouteGroupBuilder group, FeatureKind kind) => group
        .MapDelete("/{id}", (string id, HttpContext context, FleetDb db, AirspaceBook book, CancellationToken cancellation) => HandleAsync(kind, id, context, db, book, cancellation))
        .RequireAuthorization(Policies.Administer)
        .HasETag()
        .WithSummary($"Delete one {kind.Singular}");

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        FeatureKind kind, string id, HttpContext context, FleetDb db, AirspaceBook book, CancellationToken cancellation)
    {
        if (await db.Set<Feature>().FindAsync([kind.Name, id], cancellation) is not { } feature)
        {
            return Problems.NotFound(kind.Singular, id);
        }

        if (ETags.Check(context, feature) is { } stale)
        {
            return stale;
        }

        db.Remove(feature);
        await book.SaveAsync(db, feature, "deleted", context.User.Actor(), cancellation);
        return TypedResults.NoContent();
    }
}
