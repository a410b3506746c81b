using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Alarms;

/// <summary><c>GET /alerts</c> and <c>POST /alerts/{id}/ack</c>: the alarms as the operator's list has them.</summary>
internal static class ListAlerts
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("", List).WithSummary("The latest alerts, newest first; open=true leaves out what nobody needs to acknowledge");
        group.MapPost("/{id:guid}/ack", AcknowledgeAsync).RequireAuthorization(Policies.Dispatch).WithSummary("Acknowledge an alert; a group's members with it");
    }

    private static Results<Ok<Page<AlarmView>>, ProblemHttpResult> List(bool? open, [AsParameters] PageRequest page, AlarmBook book, TimeProvider time) => page.Fault is { } fault
        ? Problems.Invalid(fault)
        : TypedResults.Ok(page.OfAll((open == true ? book.Open : book.All).Select(alarm => AlarmView.Of(alarm, time.GetUtcNow())), alert => alert.Id.ToString(), newestFirst: true));

    private static async Task<Results<Ok<AlarmView>, ProblemHttpResult>> AcknowledgeAsync(
        Guid id, ClaimsPrincipal user, AlarmBook book, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        if (book.See(id) is not { } seen)
            return Problems.NotFound("alert", id);
        if (seen.Alarm.Life.Holds != AlarmHold.None)
            return Problems.Conflict("alarm-held", "It is held and asks nobody; there is nothing to acknowledge.");
        await AcknowledgeAlarms.WriteAsync(audit, user, [seen], cancellation);
        return book.Acknowledge(seen, user.Actor()) is { } acknowledged ? TypedResults.Ok(AlarmView.Of(acknowledged, time.GetUtcNow())) : Problems.NotFound("alert", id);
    }
}
