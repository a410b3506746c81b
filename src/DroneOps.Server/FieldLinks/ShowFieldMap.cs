using Microsoft.AspNetCore.Http.HttpResults;
using NetTopologySuite.Features;

namespace DroneOps.Server.FieldLinks;

/// <summary><c>GET /field/map.geojson</c>: the base map around the place of the link's incident.</summary>
internal static class ShowFieldMap
{
    private const string GeoJson = "application/geo+json";

    public static void Map(RouteGroupBuilder group) => group.MapGet("/map.geojson", HandleAsync)
        .Produces<FeatureCollection>(contentType: GeoJson)
        .WithSummary("The base map around the place of the link's incident");

    private static async Task<Results<JsonHttpResult<FeatureCollection>, ProblemHttpResult>> HandleAsync(
        HttpContext context, FieldSessions sessions, FieldMap map, CancellationToken cancellation) =>
        await sessions.ShownToAsync(context, cancellation) is (_, { Shape: NetTopologySuite.Geometries.Point place })
            ? TypedResults.Json(map.Around(place), contentType: GeoJson)
            : FieldSessions.NoLink;
}
