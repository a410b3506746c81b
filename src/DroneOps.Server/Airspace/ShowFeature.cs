using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Airspace;

/// <summary><c>GET /areas/{id}</c> and its likes.</summary>
internal static class ShowFeature
{
    public static void Map(RouteGroupBuilder group, FeatureKind kind) => group
        .MapGet("/{id}", (string id, HttpContext context, FleetDb db, CancellationToken cancellation) => HandleAsync(kind, id, context, db, cancellation))
        .HasETag()
        .WithSummary($"One {kind.Singular}");

    private static async Task<Results<Ok<FeatureView>, ProblemHttpResult>> HandleAsync(
        FeatureKind kind, string id, HttpContext context, FleetDb db, CancellationToken cancellation)
    {
        if (await db.Set<Feature>().FindAsync([kind.Name, id], cancellation) is not { } feature)
        {
            return Problems.NotFound(kind.Singular, id);
        }

        ETags.Set(context, feature);
        return TypedResults.Ok(FeatureView.Of(feature));
    }
}
