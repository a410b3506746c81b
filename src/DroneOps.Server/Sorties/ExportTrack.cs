using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Sorties;

/// <summary><c>GET /sorties/{id}/track.geojson</c>, <c>.gpx</c>, <c>.kml</c>, <c>.csv</c>. Looking at a track leaves a trace.</summary>
internal static class ExportTrack
{
    private static readonly (string Form, string MediaType, Func<SortieRecord, List<TrackPoint>, byte[]> Write)[] Forms =
    [
        ("geojson", "application/geo+json", TrackFiles.GeoJson),
        ("gpx", "application/gpx+xml", TrackFiles.Gpx),
        ("kml", "application/vnd.google-earth.kml+xml", TrackFiles.Kml),
        ("csv", "text/csv", TrackFiles.Csv),
    ];

    public static void Map(RouteGroupBuilder group)
    {
        foreach (var (form, mediaType, write) in Forms)
        {
            group.MapGet($"/{{id:guid}}/track.{form}", async Task<Results<FileContentHttpResult, ProblemHttpResult>> (Guid id, ClaimsPrincipal user, FleetDb db, AuditLog audit, CancellationToken cancellation) =>
                {
                    if (await db.Set<SortieRecord>().IgnoreQueryFilters().AsNoTracking().SingleOrDefaultAsync(sortie => sortie.Id == id, cancellation) is not { } row)
                        return Problems.NotFound("sortie", id);
                    await audit.AppendAsync(new AuditEntry(user.Actor(), "sortie.trackViewed", $"sortie/{id}", new { format = form }), cancellation);
                    var pieces = await db.Set<TrackPiece>().AsNoTracking().Where(piece => piece.SortieId == id).OrderBy(piece => piece.Number).ToListAsync(cancellation);
                    return TypedResults.File(write(row, [.. pieces.SelectMany(piece => piece.Points)]), mediaType, $"{NameOf(row)}.{form}");
                })
                .Produces<Stream>(contentType: mediaType)
                .WithSummary($"The track as .{form}; the look is audited");
        }
    }

    /// <summary>What a file of a sortie is called.</summary>
    public static string NameOf(SortieRecord row) => $"sortie-{row.VehicleName}-{row.TakeoffAt.UtcDateTime:yyyyMMdd-HHmmss}";
}
