using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Airspace;

/// <summary><c>POST /areas</c> and its likes: draw a new one.</summary>
internal static class CreateFeature
{
    public static void Map(RouteGroupBuilder group, FeatureKind kind) => group
        .MapPost("", (JsonElement body, HttpContext context, FleetDb db, AirspaceBook book, TimeProvider time, CancellationToken cancellation) =>
            HandleAsync(kind, body, context, db, book, time, cancellation))
        .RequireAuthorization(Policies.Administer)
        .Accepts<FeatureView>("application/geo+json", "application/json")
        .HasBody<FeatureBody>()
        .HasETag()
        .WithSummary($"Draw a new {kind.Singular}");

    private static async Task<Results<Created<FeatureView>, ProblemHttpResult>> HandleAsync(
        FeatureKind kind, JsonElement body, HttpContext context, FleetDb db, AirspaceBook book, TimeProvider time, CancellationToken cancellation)
    {
        var faults = new List<Fault>();
        if (FeatureInput.Read(body, kind, book.City, faults) is not { } input)
        {
            return Problems.Invalid(faults);
        }

        var id = input.Id ?? Guid.CreateVersion7(time.GetUtcNow()).ToString();
        if (await db.Set<Feature>().AnyAsync(feature => feature.Kind == kind.Name && feature.Id == id, cancellation))
        {
            return Problems.Conflict("id-taken", $"There is a {kind.Singular} '{id}' already.");
        }

        var drawn = new Feature
        {
            Kind = kind.Name,
            Id = id,
            Properties = FeatureKind.Write(input.Properties),
            Shape = input.Shape,
            ChangedAt = time.GetUtcNow(),
            ChangedBy = context.User.Actor(),
        };
        db.Add(drawn);
        await book.SaveAsync(db, drawn, "created", context.User.Actor(), cancellation);
        ETags.Set(context, drawn);
        return TypedResults.Created($"{ApiGroups.Prefix}/{kind.Name}/{id}", FeatureView.Of(drawn));
    }
}
