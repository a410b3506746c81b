using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Sorties;

/// <summary><c>POST /sorties/{id}/corrections</c>: puts right what the record says, and says why. The value before stays with the correction, so
/// that the first one is readable for ever; hours and filters go by what is right now.</summary>
internal static class CorrectSortie
{
    private const int LongestReason = 500;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/{id:guid}/corrections", HandleAsync)
        .RequireAuthorization(Policies.Fly).HasETag().WithSummary("Correct a sortie; the first value stays readable");

    private static async Task<Results<Created<ShowSortie.Answer>, ProblemHttpResult>> HandleAsync(
        Guid id, Request request, HttpContext context, ClaimsPrincipal user, FleetDb db, AuditLog audit, SortieChanges changes, IEnumerable<TaskBook> books, IOptions<SortiesOptions> options, TimeProvider time,
        CancellationToken cancellation)
    {
        if (await db.Set<SortieRecord>().SingleOrDefaultAsync(sortie => sortie.Id == id, cancellation) is not { } row)
        {
            return await db.Set<SortieRecord>().IgnoreQueryFilters().AnyAsync(sortie => sortie.Id == id, cancellation)
                ? Problems.Conflict("sortie-replaced", "This record was merged or split; change the one that stands now.")
                : Problems.NotFound("sortie", id);
        }

        if (ETags.Check(context, row) is { } stale)
            return stale;
        var faults = new List<Fault>();
        if (request.Reason?.Trim() is not { Length: > 0 and <= LongestReason } reason)
        {
            reason = "";
            faults.Add(new Fault("#/reason", $"A correction needs a reason, at most {LongestReason} characters."));
        }

        var task = request is { Field: "taskId", Value: { } named } ? await TaskBook.FindAsync(books, db, named.Trim(), cancellation) : null;
        var change = SortieChange.Read(request.Field, request.Value, row, time.GetUtcNow(), task, faults);
        if (change is null || faults.Count > 0)
            return Problems.Invalid(faults);
        if (change.NeedsClosed && !row.IsClosed)
            return Problems.Conflict("sortie-open", "Its times can be corrected once it is closed.");

        // It goes on when the vehicle is heard again, from the take-off that it was recorded with.
        if (request.Field == "takeoffAt" && row.GivenUpAt is not null)
            return Problems.Conflict("end-not-seen", "Nobody saw how this flight ended, and it may go on: enter its landing first, then its take-off.");

        if (row.Debt is { SettledAt: null } && request.Field is "purpose" or "authorisedBy")
            return Problems.Conflict("debt-open", "This flight owes its purpose and its authorisation: enter both with POST /sorties/{id}/purpose.");

        await WriteAsync(row, request.Field!, change, reason, user.Actor(), options.Value.HopS, db, audit, time, cancellation);
        changes.Publish(SortieView.Of(row));
        ETags.Set(context, row);
        return TypedResults.Created($"{ApiGroups.Prefix}/sorties/{id}", await ShowSortie.AnswerAsync(row, db, cancellation));
    }

    /// <summary>Makes a correction: first in the audit log, then in the record, with the value before; what goes along with it is one more correction each.</summary>
    internal static async Task WriteAsync(
        SortieRecord row, string field, SortieChange change, string reason, string actor, double hopS, FleetDb db, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var number = await db.Set<SortieCorrection>().CountAsync(earlier => earlier.SortieId == row.Id, cancellation);
        List<SortieCorrection> corrections = [.. change.Along.Prepend(new FieldChange(field, change.Before, change.After)).Select(one => new SortieCorrection
        {
            Id = Guid.CreateVersion7(now),
            SortieId = row.Id,
            Number = ++number,
            Field = one.Field,
            OldValue = one.Before,
            NewValue = one.After,
            Reason = reason,
            Actor = actor,
            At = now,
        })];
        var along = change.Along.Count > 0 ? change.Along.Select(one => new { one.Field, oldValue = one.Before, newValue = one.After }) : null;
        await audit.AppendAsync(new AuditEntry(actor, "sortie.corrected", $"sortie/{row.Id}", new { field, oldValue = change.Before, newValue = change.After, reason, along }), cancellation);
        change.Apply(row);
        row.IsHop = row.LandedAt is not null && row.AirborneS < hopS;
        row.Corrected = [.. row.Corrected.Concat(corrections.Select(correction => correction.Field)).Distinct()];
        db.AddRange(corrections);
        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>The request: a field, what should stand there (null for nothing), and why.</summary>
    internal sealed record Request(string? Field, string? Value, string? Reason);
}
