using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Incidents;
using DroneOps.Server.Units;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.FieldLinks;

/// <summary><c>PUT /field/position</c>: where the phone is, once the officer has agreed to tell it. It is the crew's position, by the rules of every
/// other report of one.</summary>
internal static class ReportFieldPosition
{
    public static void Map(RouteGroupBuilder group) => group.MapPut("/position", HandleAsync).RequireRateLimiting(FieldLinksModule.ReportLimit)
        .WithSummary("The phone's position, as the crew's; a report older than the newest changes nothing");

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Request request, HttpContext context, FieldSessions sessions, UnitBoard units, AirspaceBook airspace, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        if (await sessions.LinkOfAsync(context, cancellation) is not { } link)
            return FieldSessions.NoLink;
        List<Fault> faults = [];
        if (ReportPosition.Read(link.CallSign, new(request.Location, request.At, request.HeadingDeg, request.SpeedMps, null), airspace, time.GetUtcNow(), faults) is not { } report)
            return Problems.Invalid(faults);
        await ReportPosition.TakeAsync(report, CrewReport.ActorOf(link.CallSign), units, audit, cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>The request; without a time, now.</summary>
    internal sealed record Request(PointGeometry? Location, DateTimeOffset? At, double? HeadingDeg, double? SpeedMps);
}
