using DroneOps.Server.Incidents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.FieldLinks;

/// <summary><c>POST /field/reports</c>: the crew says that it is there, sees the place, needs help, or needs none any more. It is on the time axis in
/// the crew's name.</summary>
internal static class ReportFromField
{
    public static void Map(RouteGroupBuilder group) => group.MapPost("/reports", HandleAsync).RequireRateLimiting(FieldLinksModule.ReportLimit)
        .WithSummary("What the crew tells of its incident: arrived, placeSeen, helpNeeded, helpOver");

    private static async Task<Results<Ok<FieldView>, ProblemHttpResult>> HandleAsync(
        Request request, HttpContext context, FieldSessions sessions, IncidentBook incidents, FieldPicture picture, CancellationToken cancellation)
    {
        if (await sessions.ShownToAsync(context, cancellation) is not var (link, shown))
            return FieldSessions.NoLink;
        if (request.Kind is not { } kind)
            return Api.Problems.Invalid(new Api.Fault("#/kind", "kind is arrived, placeSeen, helpNeeded or helpOver."));
        var row = await incidents.ChangeAsync(
            shown.Id, CrewReport.ActorOf(link.CallSign),
            (incident, now) => incident.State != IncidentState.Closed && CrewReport.Note(incident, new CrewReport(kind, now, link.CallSign))
                ? ("incident.crewReported", new { kind, unit = link.CallSign, link = link.Id })
                : null,
            cancellation);
        return row is { State: not IncidentState.Closed } ? TypedResults.Ok(picture.Of(link, IncidentView.Of(row))) : FieldSessions.NoLink;
    }

    /// <summary>The request.</summary>
    internal sealed record Request(CrewReportKind? Kind);
}
