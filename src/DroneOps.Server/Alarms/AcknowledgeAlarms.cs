using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Alarms;

/// <summary><c>POST /alarms/acknowledge</c>: the alarms that a person has before him, by their ids. There is no "all": what was not seen cannot be
/// acknowledged.</summary>
internal static class AcknowledgeAlarms
{
    /// <summary>What fits on a page.</summary>
    public const int Most = 50;

    public static void Map(RouteGroupBuilder group) =>
        group.MapPost("/acknowledge", HandleAsync).RequireAuthorization(Policies.Dispatch).ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary($"Acknowledge the alarms of the visible page, {Most} at most, by their ids");

    /// <summary>One entry for each alarm that somebody acknowledges.</summary>
    public static async Task WriteAsync(AuditLog audit, ClaimsPrincipal user, IEnumerable<Alarm> alarms, CancellationToken cancellation)
    {
        foreach (var alarm in alarms.Where(alarm => alarm.Life.CallsForAttention))
        {
            await audit.AppendAsync(
                new AuditEntry(user.Actor(), "alert.acknowledged", $"alert/{alarm.Id}", new { alarm.Code, alarm.Subject, alarm.VehicleId, alarm.At, alarm.Text, alarm.Members }), cancellation);
        }
    }

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> HandleAsync(
        Request request, ClaimsPrincipal user, AlarmBook book, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        if (request.Ids is not { Count: > 0 and <= Most } ids)
            return Problems.Invalid(new Fault("#/ids", $"ids are 1 to {Most} alarms."));
        if (ids.FirstOrDefault(id => book.Find(id) is null) is { } unknown && unknown != Guid.Empty)
            return Problems.NotFound("alarm", unknown);
        await WriteAsync(audit, user, ids.Select(book.Find).OfType<Alarm>(), cancellation);
        var now = time.GetUtcNow();
        return TypedResults.Ok(new Answer([.. ids.Select(id => book.Acknowledge(id, user.Actor())).OfType<Alarm>().Select(alarm => AlarmView.Of(alarm, now))]));
    }

    /// <summary>The request.</summary>
    internal sealed record Request(IReadOnlyList<Guid>? Ids);

    /// <summary>The alarms as they are now.</summary>
    internal sealed record Answer(IReadOnlyList<AlarmView> Items);
}
