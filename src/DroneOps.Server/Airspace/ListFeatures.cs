using System.Globalization;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Airspace;

/// <summary><c>GET /areas</c> and its likes: by id, with an optional box.</summary>
internal static class ListFeatures
{
    public static void Map(RouteGroupBuilder group, FeatureKind kind) => group
        .MapGet("", (string? bbox, [AsParameters] PageRequest page, FleetDb db, CancellationToken cancellation) => HandleAsync(kind, bbox, page, db, cancellation))
        .WithSummary($"Every {kind.Singular}, by id; bbox=west,south,east,north narrows");

    private static async Task<Results<Ok<Page<FeatureView>>, ProblemHttpResult>> HandleAsync(
        FeatureKind kind, string? bbox, PageRequest page, FleetDb db, CancellationToken cancellation)
    {
        if (page.Fault is { } fault)
        {
            return Problems.Invalid(fault);
        }

        var rows = db.Set<Feature>().AsNoTracking().Where(feature => feature.Kind == kind.Name);
        if (page.After is { } after)
        {
            rows = rows.Where(feature => string.Compare(feature.Id, after) > 0);
        }

        if (bbox is not null)
        {
            if (Box(bbox) is not { } box)
            {
                return Problems.Invalid(new Fault("bbox", "bbox is west,south,east,north in degrees."));
            }

            rows = rows.InBox(box);
        }

        var found = await rows.OrderBy(feature => feature.Id).Take(page.Take + 1).ToListAsync(cancellation);
        return TypedResults.Ok(page.Of(found, FeatureView.Of, feature => feature.Id));
    }

    private static Envelope? Box(string text)
    {
        var parts = text.Split(',');
        var edges = parts.Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) ? degrees : double.NaN).ToArray();
        return edges is [var west, var south, var east, var north] && west <= east && south <= north ? new Envelope(west, east, south, north) : null;
    }
}
