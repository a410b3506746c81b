using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Feed;

/// <summary><c>GET /alerts</c> and <c>POST /alerts/{id}/ack</c>.</summary>
internal static class ListAlerts
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("", List).WithSummary("The alerts, newest first; open=true leaves out what was acknowledged");
        group.MapPost("/{id:guid}/ack", AcknowledgeAsync).RequireAuthorization(Policies.Dispatch).WithSummary("Acknowledge an alert");
    }

    private static Results<Ok<Page<Alert>>, ProblemHttpResult> List(bool? open, [AsParameters] PageRequest page, AlertBook book) => page.Fault is { } fault
        ? Problems.Invalid(fault)
        : TypedResults.Ok(page.OfAll(open == true ? book.Open : book.All, alert => alert.Id.ToString(), newestFirst: true));

    private static async Task<Results<Ok<Alert>, ProblemHttpResult>> AcknowledgeAsync(Guid id, ClaimsPrincipal user, AlertBook book, AuditLog audit, CancellationToken cancellation)
    {
        if (book.Find(id) is not { } alert)
            return Problems.NotFound("alert", id);
        await audit.AppendAsync(new AuditEntry(user.Actor(), "alert.acknowledged", $"alert/{id}", new { alert.Code, alert.VehicleId, alert.At, alert.Text }), cancellation);
        return book.Acknowledge(id, user.Actor()) is { } acknowledged ? TypedResults.Ok(acknowledged) : Problems.NotFound("alert", id);
    }
}
