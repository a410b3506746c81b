using DroneOps.Server.Api;
using DroneOps.Server.Sorties.Revisions;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Sorties;

/// <summary><c>GET /sorties/{id}</c> with its corrections and with how its record was put together or taken apart. One that was replaced is still shown.</summary>
internal static class ShowSortie
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/{id:guid}", HandleAsync).HasETag().WithSummary("One sortie with its corrections, the first values among them");

    /// <summary>A sortie as it is answered.</summary>
    public static async Task<Answer> AnswerAsync(SortieRecord row, FleetDb db, CancellationToken cancellation)
    {
        var corrections = await db.Set<SortieCorrection>().AsNoTracking().Where(correction => correction.SortieId == row.Id).OrderBy(correction => correction.Number).ToListAsync(cancellation);
        return new Answer(
            SortieView.Of(row), [.. corrections.Select(c => new CorrectionView(c.Field, c.OldValue, c.NewValue, c.Reason, c.Actor, c.At))], await RevisionView.AllOfAsync(row.Id, db, cancellation));
    }

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> HandleAsync(Guid id, HttpContext context, FleetDb db, CancellationToken cancellation)
    {
        if (await db.Set<SortieRecord>().IgnoreQueryFilters().AsNoTracking().SingleOrDefaultAsync(sortie => sortie.Id == id, cancellation) is not { } row)
            return Problems.NotFound("sortie", id);
        ETags.Set(context, row);
        return TypedResults.Ok(await AnswerAsync(row, db, cancellation));
    }

    /// <summary>A sortie and what was corrected about it.</summary>
    /// <param name="Sortie">As it stands.</param>
    /// <param name="Corrections">Oldest first; the first one of a field holds its first value.</param>
    /// <param name="Revisions">Oldest first; the records that were replaced can be read under their ids.</param>
    internal sealed record Answer(SortieView Sortie, IReadOnlyList<CorrectionView> Corrections, IReadOnlyList<RevisionView> Revisions);

    /// <summary>One correction.</summary>
    internal sealed record CorrectionView(string Field, string? OldValue, string? NewValue, string Reason, string Actor, DateTimeOffset At);
}
