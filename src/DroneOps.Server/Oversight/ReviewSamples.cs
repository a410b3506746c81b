using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Oversight;

/// <summary><c>/oversight/samples</c>: draw sorties by lot, write down what is found about each, and sign.</summary>
internal static class ReviewSamples
{
    private const int MostDrawn = 100;
    private const int LongestText = 2000;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/samples", ListAsync).WithSummary("Samples, the newest first");
        group.MapPost("/samples", DrawAsync).WithSummary("Draw sorties of a period by lot; the lot is the head of the audit log, and each draw is in it");
        group.MapPost("/samples/{id:guid}/reviews", ReviewAsync).HasETag().WithSummary("What was found about one sortie of the sample; what was said before stays readable in the audit log");
        group.MapPost("/samples/{id:guid}/signature", SignAsync).HasETag().WithSummary("Sign a sample of which every sortie is reviewed, once");
    }

    private static async Task<Results<Ok<Page<View>>, ProblemHttpResult>> ListAsync([AsParameters] PageRequest page, FleetDb db, CancellationToken cancellation)
    {
        if (page.Fault is { } fault)
            return Problems.Invalid(fault);
        if (!TimeCursor.TryRead(page, out var cursor))
            return Problems.Invalid(TimeCursor.Wrong);
        var rows = db.Set<ReviewSample>().AsNoTracking();
        if (cursor is { At: var at, Id: var id })
            rows = rows.Where(sample => sample.DrawnAt < at || (sample.DrawnAt == at && sample.Id.CompareTo(id) < 0));
        var found = await rows.OrderByDescending(sample => sample.DrawnAt).ThenByDescending(sample => sample.Id).Take(page.Take + 1).ToListAsync(cancellation);
        return TypedResults.Ok(page.Of(found, View.Shown, sample => new TimeCursor(sample.DrawnAt, sample.Id).Key));
    }

    private static async Task<Results<Created<View>, ProblemHttpResult>> DrawAsync(Drawing request, ClaimsPrincipal user, FleetDb db, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (Period.Read(request.From is { } from ? new QueryTime(from.ToUniversalTime()) : null, request.To is { } to ? new QueryTime(to.ToUniversalTime()) : null, now, out var period) is { } fault)
            return Problems.Invalid(fault with { Pointer = "#/to" });
        if (request.Count is not (>= 1 and <= MostDrawn))
            return Problems.Invalid(new Fault("#/count", $"count is 1 to {MostDrawn}."));
        var all = await db.Set<SortieRecord>().Where(sortie => sortie.IsClosed && sortie.TakeoffAt >= period.From && sortie.TakeoffAt < period.To).Select(sortie => sortie.Id).ToListAsync(cancellation);
        if (all.Count == 0)
            return Problems.Conflict("nothing-to-draw", "There is no sortie in this time.");
        var id = Guid.CreateVersion7(now);
        var actor = user.Actor();

        // The lot is the head with this entry in it, which nobody knows before. Who draws until a sample is to his liking leaves an entry each time.
        var number = await audit.AppendAsync(new AuditEntry(actor, "oversight.sampleAsked", $"sample/{id}", new { period.From, period.To, request.Count, of = all.Count }), cancellation);
        var note = audit.Freeze().Checkpoint;
        var root = Convert.FromBase64String(note.Split('\n')[2]);
        var sample = new ReviewSample
        {
            Id = id,
            From = period.From,
            To = period.To,
            DrawnAt = now,
            DrawnBy = actor,
            Checkpoint = note,
            Of = all.Count,
            SortieIds = ReviewSample.Draw(root, all, request.Count.Value),
        };
        await audit.AppendAsync(new AuditEntry(actor, "oversight.sampleDrawn", $"sample/{id}", new { asked = number, root = Convert.ToHexStringLower(root), sorties = sample.SortieIds }), cancellation);
        db.Add(sample);
        await db.SaveChangesAsync(cancellation);
        return TypedResults.Created($"{ApiGroups.Prefix}/oversight/samples", View.Shown(sample));
    }

    private static async Task<Results<Ok<View>, ProblemHttpResult>> ReviewAsync(
        Guid id, Review request, HttpContext context, ClaimsPrincipal user, FleetDb db, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        if (await db.Set<ReviewSample>().SingleOrDefaultAsync(sample => sample.Id == id, cancellation) is not { } row)
            return Problems.NotFound("sample", id);
        if (Settled(context, row) is { } settled)
            return settled;
        if (request.Verdict is not { } verdict)
            return Problems.Invalid(new Fault("#/verdict", "verdict says whether it is in order."));
        var text = request.Text?.Trim() is { Length: > 0 } said ? said : null;
        if (text?.Length > LongestText || (verdict != ReviewVerdict.InOrder && text is null))
            return Problems.Invalid(new Fault("#/text", $"A remark or an objection says what it is, at most {LongestText} characters."));
        if (request.SortieId is not { } sortie || !row.SortieIds.Contains(sortie))
            return Problems.Invalid(new Fault("#/sortieId", "sortieId is one of the sample."));
        var review = new SortieReview(sortie, verdict, text, user.Actor(), time.GetUtcNow());
        await audit.AppendAsync(new AuditEntry(review.Actor, "oversight.reviewed", $"sample/{id}", new { review.SortieId, review.Verdict, review.Text }), cancellation);
        row.Reviews = [.. row.Reviews.Where(other => other.SortieId != sortie), review];
        await db.SaveChangesAsync(cancellation);
        ETags.Set(context, row);
        return TypedResults.Ok(View.Shown(row));
    }

    private static async Task<Results<Ok<View>, ProblemHttpResult>> SignAsync(
        Guid id, Signature request, HttpContext context, ClaimsPrincipal user, FleetDb db, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        if (await db.Set<ReviewSample>().SingleOrDefaultAsync(sample => sample.Id == id, cancellation) is not { } row)
            return Problems.NotFound("sample", id);
        if (Settled(context, row) is { } settled)
            return settled;
        if (row.Reviews.Count < row.SortieIds.Count)
            return Problems.Conflict("sample-open", $"{row.SortieIds.Count - row.Reviews.Count} sorties of the sample are not reviewed yet.");
        if (request.Conclusion?.Trim() is not { Length: > 0 and <= LongestText } conclusion)
            return Problems.Invalid(new Fault("#/conclusion", $"conclusion sums the review up, 1 to {LongestText} characters."));
        var actor = user.Actor();
        var found = row.Reviews.ToLookup(review => review.Verdict);
        await audit.AppendAsync(
            new AuditEntry(actor, "oversight.sampleSigned", $"sample/{id}", new
            {
                conclusion,
                inOrder = found[ReviewVerdict.InOrder].Count(),
                remarks = found[ReviewVerdict.Remark].Count(),
                objections = found[ReviewVerdict.Objection].Count(),
                reviewsSha256 = row.ReviewsSha256(),
            }),
            cancellation);
        (row.Conclusion, row.SignedBy, row.SignedAt) = (conclusion, actor, time.GetUtcNow());
        await db.SaveChangesAsync(cancellation);
        ETags.Set(context, row);
        return TypedResults.Ok(View.Shown(row));
    }

    /// <summary>Why a sample takes no more; null while it does.</summary>
    private static ProblemHttpResult? Settled(HttpContext context, ReviewSample row) =>
        ETags.Check(context, row) ?? (row.SignedAt is null ? null : Problems.Conflict("sample-signed", "The sample is signed; draw another one."));

    /// <summary>What to draw.</summary>
    internal sealed record Drawing(DateTimeOffset? From, DateTimeOffset? To, int? Count);

    /// <summary>What was found.</summary>
    internal sealed record Review(Guid? SortieId, ReviewVerdict? Verdict, string? Text);

    /// <summary>The end of a review.</summary>
    internal sealed record Signature(string? Conclusion);

    /// <summary>A sample as it is answered.</summary>
    internal sealed record View(
        Guid Id, DateTimeOffset From, DateTimeOffset To, DateTimeOffset DrawnAt, string DrawnBy, string Checkpoint, int Sorties, IReadOnlyList<Guid> SortieIds, IReadOnlyList<SortieReview> Reviews,
        string? Conclusion, string? SignedBy, DateTimeOffset? SignedAt)
    {
        public static View Shown(ReviewSample row) => new(row.Id, row.From, row.To, row.DrawnAt, row.DrawnBy, row.Checkpoint, row.Of, row.SortieIds, row.Reviews, row.Conclusion, row.SignedBy, row.SignedAt);
    }
}
