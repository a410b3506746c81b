using DroneOps.Server.Incidents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.FieldLinks;

/// <summary><c>GET /field/incident</c>: the incident of the link, and a fresh cookie.</summary>
internal static class ShowFieldIncident
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/incident", HandleAsync).WithSummary("The incident of the link that this phone opened");

    private static async Task<Results<Ok<FieldView>, ProblemHttpResult>> HandleAsync(
        HttpContext context, FieldSessions sessions, FieldPicture picture, CancellationToken cancellation)
    {
        if (await sessions.ShownToAsync(context, cancellation) is not var (link, row))
            return FieldSessions.NoLink;
        sessions.Issue(context, link);
        return TypedResults.Ok(picture.Of(link, IncidentView.Of(row)));
    }
}
