using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Incidents;

/// <summary><c>POST /outcomes/records/{id}/confirm</c>, <c>/reject</c> and <c>/corrections</c>: what a second person says, and what the first or anybody puts right. Never does one
/// person do both: whoever said what stands there now cannot confirm it.</summary>
internal static class DecideOutcome
{
    private const int LongestReason = 500;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/records/{id:guid}/confirm", (Guid id, Decision? request, HttpContext context, ClaimsPrincipal user, FleetDb db, AuditLog audit, TimeProvider time, CancellationToken cancellation) =>
                DecideAsync(id, OutcomeState.Confirmed, request?.Reason, context, user, db, audit, time, cancellation))
            .RequireAuthorization(Policies.Dispatch).HasETag().WithSummary("A second person confirms an outcome: from now on it counts");
        group.MapPost("/records/{id:guid}/reject", (Guid id, Decision? request, HttpContext context, ClaimsPrincipal user, FleetDb db, AuditLog audit, TimeProvider time, CancellationToken cancellation) =>
                DecideAsync(id, OutcomeState.Rejected, request?.Reason, context, user, db, audit, time, cancellation))
            .RequireAuthorization(Policies.Dispatch).HasETag().WithSummary("A second person rejects an outcome, with a reason: it stays readable and never counts");
        group.MapPost("/records/{id:guid}/corrections", CorrectAsync)
            .RequireAuthorization(Policies.Dispatch).HasETag().WithSummary("Other counts, with a reason; the first ones stay readable, and it must be confirmed again by another person");
    }

    private static async Task<Results<Ok<OutcomeView>, ProblemHttpResult>> DecideAsync(
        Guid id, OutcomeState state, string? reason, HttpContext context, ClaimsPrincipal user, FleetDb db, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        var why = reason?.Trim() is { Length: > 0 } said ? said : null;
        if (why?.Length > LongestReason || (state == OutcomeState.Rejected && why is null))
            return Problems.Invalid(new Fault("#/reason", $"A rejection needs a reason, at most {LongestReason} characters."));
        if (await db.Set<OutcomeRecord>().SingleOrDefaultAsync(outcome => outcome.Id == id, cancellation) is not { } row)
            return Problems.NotFound("outcome", id);
        if (ETags.Check(context, row) is { } stale)
            return stale;
        var actor = user.Actor();
        if (row.State != OutcomeState.Entered)
            return row.State == state && row.DecidedBy == actor ? await AnswerAsync(row) : Problems.Conflict("outcome-decided", $"{row.DecidedBy ?? row.EnteredBy} has decided about it already; what is wrong in it is put right by a correction.");
        if (row.SaidBy == actor || row.EnteredBy == actor)
            return Problems.Forbidden("same-person", "You said it yourself: a second person confirms or rejects it.");
        if (!Actors.IsPerson(actor))
            return Problems.Forbidden("same-person", "A person confirms or rejects it, not a program.");

        var action = state == OutcomeState.Confirmed ? "outcome.confirmed" : "outcome.rejected";
        await audit.AppendAsync(new AuditEntry(actor, action, $"outcome/{id}", new { row.Kind, row.IncidentId, row.Count, row.Suspects, row.SaidBy, reason = why }), cancellation);
        (row.State, row.DecidedBy, row.DecidedAt, row.Why) = (state, actor, time.GetUtcNow(), why);
        await db.SaveChangesAsync(cancellation);
        return await AnswerAsync(row);

        async Task<Ok<OutcomeView>> AnswerAsync(OutcomeRecord decided)
        {
            ETags.Set(context, decided);
            return TypedResults.Ok(OutcomeView.Of(decided, (await OutcomeRecords.FlightsAsync(db, [decided], cancellation))[decided.Id]));
        }
    }

    private static async Task<Results<Ok<OutcomeView>, ProblemHttpResult>> CorrectAsync(
        Guid id, Correction request, HttpContext context, ClaimsPrincipal user, FleetDb db, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        if (request.Reason?.Trim() is not { Length: > 0 and <= LongestReason } reason)
            return Problems.Invalid(new Fault("#/reason", $"A correction needs a reason, at most {LongestReason} characters."));
        if (await db.Set<OutcomeRecord>().SingleOrDefaultAsync(outcome => outcome.Id == id, cancellation) is not { } row)
            return Problems.NotFound("outcome", id);
        if (ETags.Check(context, row) is { } stale)
            return stale;
        if (OutcomeRecords.FaultOf(row.Kind, request.Count, request.Suspects) is { } fault)
            return Problems.Invalid(fault);

        var actor = user.Actor();
        var (count, suspects) = (request.Count!.Value, request.Suspects ?? row.Suspects);
        await audit.AppendAsync(
            new AuditEntry(actor, "outcome.corrected", $"outcome/{id}", new { row.Kind, row.IncidentId, was = new { row.Count, row.Suspects }, now = new { count, suspects }, reason }), cancellation);
        row.Corrections = [.. row.Corrections, new(row.Count, row.Suspects, reason, actor, time.GetUtcNow())];
        (row.Count, row.Suspects, row.State, row.DecidedBy, row.DecidedAt, row.Why) = (count, suspects, OutcomeState.Entered, null, null, null);
        await db.SaveChangesAsync(cancellation);
        ETags.Set(context, row);
        return TypedResults.Ok(OutcomeView.Of(row, (await OutcomeRecords.FlightsAsync(db, [row], cancellation))[row.Id]));
    }

    /// <summary>A decision, with its reason; a confirmation may go without.</summary>
    internal sealed record Decision(string? Reason);

    /// <summary>Other counts; suspects stay as they are unless named.</summary>
    internal sealed record Correction(int? Count, int? Suspects, string? Reason);
}
