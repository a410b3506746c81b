using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Sorties.Revisions;

/// <summary><c>POST /sorties/{id}/merge</c>, <c>/split</c>, <c>/unmerge</c> and <c>/unsplit</c>: two records that were one flight, one record that was two, and the way
/// back. Nothing is overwritten: the records that are replaced stay readable, and count no more.</summary>
internal static class ReviseSorties
{
    private const int LongestReason = 500;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/{id:guid}/merge", MergeAsync).RequireAuthorization(Policies.Fly).HasETag().WithSummary("Two records of one vehicle were one flight; the pause between them becomes a gap");
        group.MapPost("/{id:guid}/split", SplitAsync).RequireAuthorization(Policies.Fly).HasETag().WithSummary("One record was two flights, divided at a moment; their clocks sum to its");
        group.MapPost("/{id:guid}/unmerge", UnmergeAsync).RequireAuthorization(Policies.Fly).HasETag().WithSummary("Undo the merge that made this record: its two stand again");
        group.MapPost("/{id:guid}/unsplit", UnsplitAsync).RequireAuthorization(Policies.Fly).HasETag().WithSummary("Undo the split that made this record: the one that it was stands again");
    }

    private static async Task<Results<Created<Answer>, ProblemHttpResult>> MergeAsync(Guid id, MergeRequest request, [AsParameters] Act act)
    {
        List<Fault> faults = [];
        var reason = ReasonOf(request.Reason, faults);
        if (request.With is not { } with || with == id)
        {
            with = id;
            faults.Add(new Fault("#/with", "with is the other record."));
        }

        if (faults.Count > 0)
            return Problems.Invalid(faults);
        var found = await act.Db.Set<SortieRecord>().Where(sortie => sortie.Id == id || sortie.Id == with).OrderBy(sortie => sortie.TakeoffAt).ThenBy(sortie => sortie.Id).ToListAsync(act.Cancellation);
        if (found.Count < 2)
            return await act.MissingAsync(found.Exists(row => row.Id == id) ? with : id);
        var (first, second) = (found[0], found[1]);
        if (ETags.Check(act.Context, first.Id == id ? first : second) is { } stale)
            return stale;
        if ((Open(first) ?? Open(second) ?? await ApartAsync(first, second, act.Db, act.Cancellation)) is { } refusal)
            return refusal;
        var pieces = (await PiecesAsync(first.Id, act)).Concat(await PiecesAsync(second.Id, act));
        var made = SortieJoint.Merge(first, second, act.Options.Value.HopS);
        var revision = act.Revision(RevisionKind.Merge, reason, null, null, [first, second], [made]);
        await act.AuditAsync("sortie.merged", made.Id, revision, new { made.TakeoffAt, made.LandedAt, made.AirborneS });
        act.Db.Add(made);
        act.Db.AddRange(TrackPiece.Cut(made.Id, [.. pieces.SelectMany(piece => piece.Points)]));
        return await act.SaveAsync(revision, [first, second], [made]);
    }

    private static async Task<Results<Created<Answer>, ProblemHttpResult>> SplitAsync(Guid id, SplitRequest request, [AsParameters] Act act)
    {
        List<Fault> faults = [];
        var reason = ReasonOf(request.Reason, faults);
        if (request.At is null)
            faults.Add(new Fault("#/at", "at is the moment between the two flights."));
        if (faults.Count > 0)
            return Problems.Invalid(faults);
        if (await act.Db.Set<SortieRecord>().SingleOrDefaultAsync(sortie => sortie.Id == id, act.Cancellation) is not { } whole)
            return await act.MissingAsync(id);
        if (ETags.Check(act.Context, whole) is { } stale)
            return stale;
        if (Open(whole) is { } refusal)
            return refusal;

        // To the millisecond, as clocks are divided.
        var at = DateTimeOffset.FromUnixTimeMilliseconds(request.At!.Value.ToUnixTimeMilliseconds());
        if (at - whole.TakeoffAt < SortieJoint.ShortestPart || SortieJoint.EndOf(whole) - at < SortieJoint.ShortestPart)
            return Problems.Invalid(new Fault("#/at", $"The moment lies between {Rfc3339.Text(whole.TakeoffAt)} and {Rfc3339.Text(SortieJoint.EndOf(whole))}, a second from both at least."));
        var pieces = await PiecesAsync(id, act);
        var (first, second) = SortieJoint.Split(whole, at, [.. pieces.SelectMany(piece => piece.Points)], act.Options.Value.HopS);
        var revision = act.Revision(RevisionKind.Split, reason, at, null, [whole], [first, second]);
        await act.AuditAsync("sortie.split", id, revision, new { at });
        foreach (var (part, isFirst) in new[] { (first, true), (second, false) })
        {
            act.Db.Add(part);
            act.Db.AddRange(TrackPiece.Cut(part.Id, [.. pieces.SelectMany(piece => piece.Points).Where(point => point.At < at == isFirst)]));
        }

        return await act.SaveAsync(revision, [whole], [first, second]);
    }

    private static Task<Results<Created<Answer>, ProblemHttpResult>> UnmergeAsync(Guid id, UndoRequest request, [AsParameters] Act act) => UndoAsync(id, request, RevisionKind.Merge, act);

    private static Task<Results<Created<Answer>, ProblemHttpResult>> UnsplitAsync(Guid id, UndoRequest request, [AsParameters] Act act) => UndoAsync(id, request, RevisionKind.Split, act);

    private static async Task<Results<Created<Answer>, ProblemHttpResult>> UndoAsync(Guid id, UndoRequest request, RevisionKind kind, Act act)
    {
        List<Fault> faults = [];
        var reason = ReasonOf(request.Reason, faults);
        if (faults.Count > 0)
            return Problems.Invalid(faults);
        if (await act.Db.Set<SortieRecord>().SingleOrDefaultAsync(sortie => sortie.Id == id, act.Cancellation) is not { } row)
            return await act.MissingAsync(id);
        if (ETags.Check(act.Context, row) is { } stale)
            return stale;
        if (await act.Db.Set<SortieRevision>().SingleOrDefaultAsync(revision => revision.Kind == kind && revision.Parts.Any(part => part.SortieId == id && part.IsMade), act.Cancellation) is not { } undone)
            return Problems.Conflict("not-revised", kind == RevisionKind.Merge ? "No merge made this record." : "No split made this record.");
        var (made, replaced) = (undone.Made.ToList(), undone.Replaced.ToList());
        var now = await act.Db.Set<SortieRecord>().Where(sortie => made.Contains(sortie.Id)).OrderBy(sortie => sortie.TakeoffAt).ToListAsync(act.Cancellation);
        if (now.Count < made.Count)
            return Problems.Conflict("revised-since", "The other part was merged or split since; undo that first.");
        var before = await act.Db.Set<SortieRecord>().IgnoreQueryFilters().Where(sortie => replaced.Contains(sortie.Id)).OrderBy(sortie => sortie.TakeoffAt).ToListAsync(act.Cancellation);
        var revision = act.Revision(kind == RevisionKind.Merge ? RevisionKind.Unmerge : RevisionKind.Unsplit, reason, null, undone.Id, now, before);
        await act.AuditAsync(kind == RevisionKind.Merge ? "sortie.unmerged" : "sortie.unsplit", id, revision, new { undoes = undone.Id });
        foreach (var again in before)
            again.ReplacedBy = null;
        return await act.SaveAsync(revision, now, before);
    }

    private static string ReasonOf(string? text, List<Fault> faults)
    {
        if (text?.Trim() is { Length: > 0 and <= LongestReason } reason)
            return reason;
        faults.Add(new Fault("#/reason", $"Such a change needs a reason, at most {LongestReason} characters."));
        return "";
    }

    private static ProblemHttpResult? Open(SortieRecord row) =>
        !row.IsClosed ? Problems.Conflict("sortie-open", "A record can be merged or split once it is closed.")
        : row.GivenUpAt is not null ? Problems.Conflict("end-not-seen", "Nobody saw how this flight ended, and it may go on: enter its landing with a correction first.")
        : row.Debt is { SettledAt: null } ? Problems.Conflict("debt-open", "This flight owes its purpose and its authorisation: enter both with POST /sorties/{id}/purpose.")
        : null;

    /// <summary>Why two records cannot be one flight; null when they can.</summary>
    private static async Task<ProblemHttpResult?> ApartAsync(SortieRecord first, SortieRecord second, FleetDb db, CancellationToken cancellation)
    {
        if (first.VehicleId != second.VehicleId)
            return Problems.Conflict("not-adjacent", "They are flights of two vehicles.");
        if (first.ImportId != second.ImportId)
            return Problems.Conflict("not-adjacent", "They do not rest on the same: one was imported, or both were from two files.");
        var pause = second.TakeoffAt - SortieJoint.EndOf(first);
        if (pause < TimeSpan.Zero)
            return Problems.Conflict("not-adjacent", "They overlap: one cannot go on after the other.");
        if (pause > SortieJoint.LongestPause)
            return Problems.Conflict("not-adjacent", $"Between them lies more than {SortieJoint.LongestPause.TotalMinutes:0} minutes.");
        return await db.Set<SortieRecord>().AnyAsync(
            sortie => sortie.VehicleId == first.VehicleId && sortie.Id != first.Id && sortie.Id != second.Id && sortie.TakeoffAt >= first.TakeoffAt && sortie.TakeoffAt <= second.TakeoffAt, cancellation)
            ? Problems.Conflict("not-adjacent", "The vehicle flew another sortie between them.")
            : null;
    }

    private static Task<List<TrackPiece>> PiecesAsync(Guid id, Act act) =>
        act.Db.Set<TrackPiece>().AsNoTracking().Where(piece => piece.SortieId == id).OrderBy(piece => piece.Number).ToListAsync(act.Cancellation);

    /// <summary>The request to merge: the other record, and why they are one flight.</summary>
    internal sealed record MergeRequest(Guid? With, string? Reason);

    /// <summary>The request to split: where, and why it was two flights.</summary>
    internal sealed record SplitRequest(DateTimeOffset? At, string? Reason);

    /// <summary>The request to undo: why.</summary>
    internal sealed record UndoRequest(string? Reason);

    /// <summary>What was done, and the records that stand now.</summary>
    internal sealed record Answer(RevisionView Revision, IReadOnlyList<SortieView> Sorties);

    /// <summary>What every such change works with.</summary>
    internal sealed record Act(
        HttpContext Context, ClaimsPrincipal User, FleetDb Db, AuditLog Audit, SortieChanges Changes, IOptions<SortiesOptions> Options, TimeProvider Time, CancellationToken Cancellation)
    {
        public SortieRevision Revision(RevisionKind kind, string reason, DateTimeOffset? at, Guid? undoes, List<SortieRecord> replaced, List<SortieRecord> made) => new()
        {
            Id = Guid.CreateVersion7(Time.GetUtcNow()),
            Kind = kind,
            At = Time.GetUtcNow(),
            Actor = User.Actor(),
            Reason = reason,
            SplitAt = at,
            Undoes = undoes,
            Parts = [.. replaced.Select(row => new RevisionPart { SortieId = row.Id, IsMade = false }), .. made.Select(row => new RevisionPart { SortieId = row.Id, IsMade = true })],
        };

        /// <summary>Why there is no such record to change: it was replaced, or never was.</summary>
        public async Task<ProblemHttpResult> MissingAsync(Guid id) => await Db.Set<SortieRecord>().IgnoreQueryFilters().AnyAsync(sortie => sortie.Id == id, Cancellation)
            ? Problems.Conflict("sortie-replaced", "This record was merged or split; change the one that stands now.")
            : Problems.NotFound("sortie", id);

        public async Task AuditAsync(string action, Guid subject, SortieRevision revision, object figures) => revision.AuditEntry = await Audit.AppendAsync(
            new AuditEntry(revision.Actor, action, $"sortie/{subject}", new { revision.Id, revision.Replaced, revision.Made, revision.Reason, figures }), Cancellation);

        public async Task<Results<Created<Answer>, ProblemHttpResult>> SaveAsync(SortieRevision revision, List<SortieRecord> replaced, List<SortieRecord> made)
        {
            Db.Add(revision);
            foreach (var row in replaced)
                row.ReplacedBy = revision.Id;
            await Db.SaveChangesAsync(Cancellation);
            foreach (var row in replaced.Concat(made))
                Changes.Publish(SortieView.Of(row));
            ETags.Set(Context, made[0]);
            return TypedResults.Created($"{ApiGroups.Prefix}/sorties/{made[0].Id}", new Answer(RevisionView.Of(revision, replaced.Concat(made)), [.. made.Select(SortieView.Of)]));
        }
    }
}
