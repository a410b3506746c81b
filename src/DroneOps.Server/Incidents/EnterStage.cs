using System.Security.Claims;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Incidents;

/// <summary><c>POST /incidents/{id}/stages</c>: a step that people reach, entered by hand.</summary>
internal static class EnterStage
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    public static void Map(RouteGroupBuilder group) => group.MapPost("/{id:guid}/stages", HandleAsync).RequireAuthorization(Policies.Dispatch).HasETag().WithSummary("Enter a step of the time axis by hand; the first value stands");

    private static async Task<Results<Ok<IncidentView>, ProblemHttpResult>> HandleAsync(
        Guid id, Request request, HttpContext context, ClaimsPrincipal user, IncidentBook book, TimeProvider time, CancellationToken cancellation)
    {
        // Not a number: enums read those, too.
        if (!Enum.GetNames<IncidentStage>().Contains(request.Stage, StringComparer.OrdinalIgnoreCase) || !Enum.TryParse<IncidentStage>(request.Stage, ignoreCase: true, out var stage))
            return Problems.Invalid(new Fault("#/stage", $"stage is one of {string.Join(", ", Enum.GetNames<IncidentStage>())}."));
        if (request.At > time.GetUtcNow() + Ahead)
            return Problems.Invalid(new Fault("#/at", "at lies in the future."));
        if (await book.FindAsync(id, cancellation) is { } known && ETags.Check(context, known) is { } stale)
            return stale;
        var actor = user.Actor();
        var row = await book.ChangeAsync(id, actor, (incident, now) => IncidentBook.Reach(incident, stage, (request.At ?? now).ToUniversalTime(), "hand", actor)
            ? ("incident.stageEntered", new { stage = stage.ToString(), at = request.At ?? now })
            : null, cancellation);
        if (row is null)
            return Problems.NotFound("incident", id);
        ETags.Set(context, row);
        return TypedResults.Ok(IncidentView.Of(row));
    }

    /// <summary>The request; without a time, now.</summary>
    internal sealed record Request(string? Stage, DateTimeOffset? At);
}
