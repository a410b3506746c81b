using System.Security.Claims;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Incidents;

/// <summary><c>POST /incidents/{id}/stages</c>: a step that people reach, entered by hand; and <c>…/{stage}/corrections</c>: another time for one
/// that was reached, by hand or by an event.</summary>
internal static class EnterStage
{
    private const int LongestReason = 500;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/{id:guid}/stages", EnterAsync).RequireAuthorization(Policies.Dispatch).HasETag().WithSummary("Enter a step of the time axis by hand; for one that was reached, a correction with its reason");
        group.MapPost("/{id:guid}/stages/{stage}/corrections", CorrectAsync).RequireAuthorization(Policies.Dispatch).HasETag().WithSummary("Another time for a step that was reached; the first value stays readable");
    }

    private static Task<Results<Ok<IncidentView>, ProblemHttpResult>> EnterAsync(
        Guid id, Request request, HttpContext context, ClaimsPrincipal user, IncidentBook book, TimeProvider time, CancellationToken cancellation) =>
        SetAsync(id, request.Stage, request.At, request.Reason, mustBeReached: false, context, user.Actor(), book, time, cancellation);

    private static async Task<Results<Ok<IncidentView>, ProblemHttpResult>> CorrectAsync(
        Guid id, string stage, Correction request, HttpContext context, ClaimsPrincipal user, IncidentBook book, TimeProvider time, CancellationToken cancellation)
    {
        if (request.At is null)
            return Problems.Invalid(new Fault("#/at", "at is the time that is right."));
        return string.IsNullOrWhiteSpace(request.Reason)
            ? Problems.Invalid(new Fault("#/reason", "A correction needs a reason."))
            : await SetAsync(id, stage, request.At, request.Reason, mustBeReached: true, context, user.Actor(), book, time, cancellation);
    }

    private static async Task<Results<Ok<IncidentView>, ProblemHttpResult>> SetAsync(
        Guid id, string? name, DateTimeOffset? at, string? reason, bool mustBeReached, HttpContext context, string actor, IncidentBook book, TimeProvider time, CancellationToken cancellation)
    {
        if (!TimeAxis.TryRead(name, out var stage))
            return Problems.Invalid(new Fault("#/stage", $"stage is one of {string.Join(", ", Enum.GetNames<IncidentStage>())}."));
        if (reason?.Length > LongestReason)
            return Problems.Invalid(new Fault("#/reason", $"reason is at most {LongestReason} characters."));
        if (await book.FindAsync(id, cancellation) is { } known && ETags.Check(context, known) is { } stale)
            return stale;

        // Decided inside the book's turn: two people may enter the same step at once.
        ProblemHttpResult? refused = null;
        var row = await book.ChangeAsync(id, actor, (incident, now) =>
        {
            var entered = (at ?? now).ToUniversalTime();
            var reached = incident.Stages.Find(entry => entry.Stage == stage);
            if (reached is null && mustBeReached)
                refused = Problems.Conflict("step-not-reached", $"{stage} was not reached yet; enter it first.");
            else if (reached is not null && (at is null || entered == reached.InForce))
                return null; // Pressed twice, or by two people: nothing is lost.
            else if (reached is not null && string.IsNullOrWhiteSpace(reason))
                refused = Problems.Conflict("step-reached", $"{stage} was reached at {reached.InForce.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC; another time needs a reason.");
            else if (TimeAxis.Refuses(incident, stage, entered, now) is { } why)
                refused = Problems.Invalid(new Fault("#/at", why));
            if (refused is not null)
                return null;
            if (reached is null)
            {
                TimeAxis.Reach(incident, stage, entered, "hand", actor);
                return ("incident.stageEntered", new { stage = stage.ToString(), at = entered });
            }

            TimeAxis.Correct(incident, stage, new StageCorrection(entered, actor, now, reason!.Trim()));
            return ("incident.stageCorrected", new { stage = stage.ToString(), at = entered, was = reached.InForce, first = reached.At, firstSource = reached.Source, reason = reason.Trim() });
        }, cancellation);
        if (refused is not null)
            return refused;
        if (row is null)
            return Problems.NotFound("incident", id);
        ETags.Set(context, row);
        return TypedResults.Ok(IncidentView.Of(row));
    }

    /// <summary>The request; without a time, now. A reason is needed for a step that was reached at another time.</summary>
    internal sealed record Request(string? Stage, DateTimeOffset? At, string? Reason = null);

    /// <summary>A correction.</summary>
    internal sealed record Correction(DateTimeOffset? At, string? Reason);
}
