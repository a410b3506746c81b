using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Fleet;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Sorties;

/// <summary><c>POST /sorties/{id}/purpose</c>: says afterwards why a flight was made and by whose leave. Once: what is entered is the first value,
/// and a mistake in it is put right by a correction that keeps both.</summary>
internal static class SettleDebt
{
    private const int LongestReason = 500;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/{id:guid}/purpose", HandleAsync)
        .RequireAuthorization(Policies.Fly).HasETag().WithSummary("Enter the purpose and the authorisation that a flight owes, once");

    private static async Task<Results<Ok<ShowSortie.Answer>, ProblemHttpResult>> HandleAsync(
        Guid id, Request request, HttpContext context, ClaimsPrincipal user, FleetDb db, AuditLog audit, SortieChanges changes, LaunchPurposes purposes, TimeProvider time, CancellationToken cancellation)
    {
        if (await db.Set<SortieRecord>().SingleOrDefaultAsync(sortie => sortie.Id == id, cancellation) is not { } row)
            return Problems.NotFound("sortie", id);
        if (ETags.Check(context, row) is { } stale)
            return stale;
        var faults = new List<Fault>();
        var grounds = LaunchGrounds.Read(request.Purpose, request.AuthorisedBy, null, purposes, faults);
        if (grounds is not { Suffice: true } && faults.Count == 0)
            faults.AddRange(LaunchRules.Missing);
        if (request.Reason?.Trim() is not { Length: > 0 and <= LongestReason } reason)
        {
            reason = "";
            faults.Add(new Fault("#/reason", $"reason says why it flew without, at most {LongestReason} characters."));
        }

        if (faults.Count > 0)
            return Problems.Invalid(faults);
        if (Refusal(row, user) is { } refusal)
            return refusal;

        var debt = row.Debt!;
        var actor = user.Actor();
        await audit.AppendAsync(new AuditEntry(actor, "debt.settled", $"sortie/{id}", new { grounds!.Purpose, grounds.AuthorisedBy, reason, wasOverdue = debt.OverdueAt is not null }), cancellation);
        (row.Purpose, row.AuthorisedBy) = (grounds.Purpose, grounds.AuthorisedBy);
        (debt.SettledAt, debt.SettledBy, debt.Reason) = (time.GetUtcNow(), actor, reason);
        await db.SaveChangesAsync(cancellation);
        changes.Publish(SortieView.Of(row));
        ETags.Set(context, row);
        return TypedResults.Ok(await ShowSortie.AnswerAsync(row, db, cancellation));
    }

    /// <summary>Who launched a flight answers for it; an administrator may answer for anybody, and whoever may fly for a flight that nobody is known to have launched.</summary>
    private static ProblemHttpResult? Refusal(SortieRecord row, ClaimsPrincipal user) => row.Debt switch
    {
        null => Problems.Conflict("no-debt", "This flight owes nothing; what its record says is put right by a correction."),
        { SettledAt: not null } settled => Problems.Conflict("debt-settled", $"{settled.SettledBy} has entered it already; what is wrong in it is put right by a correction."),
        { Person: { } person } when person != user.Actor() && !user.IsInRole(Roles.Admin) => Problems.Forbidden("not-your-debt", $"{person} launched this flight and answers for it, or an administrator does."),
        _ => null,
    };

    /// <summary>The request.</summary>
    /// <param name="Purpose">One of the purposes of <c>GET /purposes</c>.</param>
    /// <param name="AuthorisedBy">A person or the number of an approval.</param>
    /// <param name="Reason">Why it flew without.</param>
    internal sealed record Request(string? Purpose, string? AuthorisedBy, string? Reason);
}
