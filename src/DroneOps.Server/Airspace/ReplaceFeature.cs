using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Airspace;

/// <summary><c>PUT /areas/{id}</c> and its likes: the whole feature anew, under If-Match.</summary>
internal static class ReplaceFeature
{
    public static void Map(RouteGroupBuilder group, FeatureKind kind) => group
        .MapPut("/{id}", (string id, JsonElement body, HttpContext context, FleetDb db, AirspaceBook book, TimeProvider time, CancellationToken cancellation) =>
            HandleAsync(kind, id, body, context, db, book, time, cancellation))
        .RequireAuthorization(Policies.Administer)
        .Accepts<FeatureView>("application/geo+json", "application/json")
        .HasBody<FeatureBody>()
        .HasETag()
        .WithSummary($"Replace one {kind.Singular}");

    private static async Task<Results<Ok<FeatureView>, ProblemHttpResult>> HandleAsync(
        FeatureKind kind, string id, JsonElement body, HttpContext context, FleetDb db, AirspaceBook book, TimeProvider time, CancellationToken cancellation)
    {
        if (await db.Set<Feature>().FindAsync([kind.Name, id], cancellation) is not { } feature)
        {
            return Problems.NotFound(kind.Singular, id);
        }

        if (ETags.Check(context, feature) is { } stale)
        {
            return stale;
        }

        var faults = new List<Fault>();
        var input = FeatureInput.Read(body, kind, book.City, faults);
        if (input?.Id is { } sent && sent != id)
        {
            faults.Add(new Fault("#/id", $"The id in the body is '{sent}', in the path '{id}'."));
        }

        if (input is null || faults.Count > 0)
        {
            return Problems.Invalid(faults);
        }

        feature.Properties = FeatureKind.Write(input.Properties);
        feature.Shape = input.Shape;
        feature.ChangedAt = time.GetUtcNow();
        feature.ChangedBy = context.User.Actor();
        await book.SaveAsync(db, feature, "changed", context.User.Actor(), cancellation);
        ETags.Set(context, feature);
        return TypedResults.Ok(FeatureView.Of(feature));
    }
}
