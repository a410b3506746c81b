using System.Security.Claims;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Incidents;

/// <summary><c>POST /incidents/{id}/stages</c>: a step that people reach, entered by hand.</summary>
internal static class EnterStage
{
    public static void Map(RouteGroupBuilder group) => group.MapPost("/{id:guid}/stages", HandleAsync).RequireAuthorization(Policies.Dispatch).WithSummary("Enter a step of the time axis by hand; the first value stands");

    private static async Task<Results<Ok<IncidentView>, ProblemHttpResult>> HandleAsync(Guid id, Request request, ClaimsPrincipal user, IncidentBook book, CancellationToken cancellation)
    {
        if (!Enum.TryParse<IncidentStage>(request.Stage, ignoreCase: true, out var stage))
            return Problems.Invalid(new Fault("#/stage", $"stage is one of {string.Join(", ", Enum.GetNames<IncidentStage>())}."));
        var actor = user.Actor();
        var row = await book.ChangeAsync(id, actor, (incident, now) => IncidentBook.Reach(incident, stage, (request.At ?? now).ToUniversalTime(), "hand", actor)
            ? ("incident.stageEntered", new { stage = stage.ToString(), at = request.At ?? now })
            : null, cancellation);
        return row is null ? Problems.NotFound("incident", id) : TypedResults.Ok(IncidentView.Of(row));
    }

    /// <summary>The request; without a time, now.</summary>
    internal sealed record Request(string? Stage, DateTimeOffset? At);
}
