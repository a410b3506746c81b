using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Sorties;

/// <summary><c>GET /sorties/{id}</c> with its corrections, and its track as GeoJSON, GPX, KML and CSV. Looking at a track leaves a trace.</summary>
internal static class ShowSortie
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/{id:guid}", HandleAsync).WithSummary("One sortie with its corrections");
        group.MapGet("/{id:guid}/track.{format}", TrackAsync).WithSummary("The track as geojson, gpx, kml or csv; the look is audited");
    }

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> HandleAsync(Guid id, FleetDb db, CancellationToken cancellation)
    {
        if (await db.Set<SortieRecord>().AsNoTracking().SingleOrDefaultAsync(sortie => sortie.Id == id, cancellation) is not { } row)
            return Problems.NotFound("sortie", id);
        var corrections = await db.Set<SortieCorrection>().AsNoTracking().Where(correction => correction.SortieId == id).OrderBy(correction => correction.At).ToListAsync(cancellation);
        return TypedResults.Ok(new Answer(SortieView.Of(row), [.. corrections.Select(c => new CorrectionView(c.Field, c.OldValue, c.NewValue, c.Reason, c.Actor, c.At))]));
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> TrackAsync(Guid id, string format, ClaimsPrincipal user, FleetDb db, AuditLog audit, CancellationToken cancellation)
    {
        if (await db.Set<SortieRecord>().AsNoTracking().SingleOrDefaultAsync(sortie => sortie.Id == id, cancellation) is not { } row)
            return Problems.NotFound("sortie", id);
        Func<SortieRecord, List<TrackPoint>, byte[]>? write = format switch
        {
            "geojson" => TrackFiles.GeoJson,
            "gpx" => TrackFiles.Gpx,
            "kml" => TrackFiles.Kml,
            "csv" => TrackFiles.Csv,
            _ => null,
        };
        if (write is null)
            return Problems.NotFound("track format", format);
        await audit.AppendAsync(new AuditEntry(user.Actor(), "sortie.trackViewed", $"sortie/{id}", new { format }), cancellation);
        var pieces = await db.Set<TrackPiece>().AsNoTracking().Where(piece => piece.SortieId == id).OrderBy(piece => piece.Number).ToListAsync(cancellation);
        var type = format switch { "geojson" => "application/geo+json", "gpx" => "application/gpx+xml", "kml" => "application/vnd.google-earth.kml+xml", _ => "text/csv" };
        return TypedResults.File(write(row, [.. pieces.SelectMany(piece => piece.Points)]), type, $"sortie-{row.VehicleName}-{row.TakeoffAt:yyyyMMdd-HHmmss}.{format}");
    }

    /// <summary>A sortie and what was corrected about it.</summary>
    internal sealed record Answer(SortieView Sortie, IReadOnlyList<CorrectionView> Corrections);

    /// <summary>One correction.</summary>
    internal sealed record CorrectionView(string Field, string? OldValue, string? NewValue, string Reason, string Actor, DateTimeOffset At);
}
