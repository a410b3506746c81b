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

    /// <summary>One entry for each alarm that somebody acknowledges, a group's members too: what silenced an alarm is found by its own id.</summary>
    public static Task WriteAsync(AuditLog audit, ClaimsPrincipal user, IEnumerable<Sighting> seen, CancellationToken cancellation) =>
        Task.WhenAll(seen.SelectMany(one => one.Calling).DistinctBy(alarm => alarm.Id).Select(alarm => audit.AppendAsync(EntryOf(alarm, user.Actor()), cancellation)));

    private static AuditEntry EntryOf(Alarm alarm, string actor) =>
        new(actor, "alert.acknowledged", $"alert/{alarm.Id}", new { alarm.Code, alarm.Subject, alarm.VehicleId, alarm.At, alarm.Text, alarm.Members, alarm.GroupId });

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> HandleAsync(
        Request request, ClaimsPrincipal user, AlarmBook book, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        if (request.Ids is not { Count: > 0 and <= Most } ids)
            return Problems.Invalid(new Fault("#/ids", $"ids are 1 to {Most} alarms."));
        if (ids.FirstOrDefault(id => book.Find(id) is null) is { } unknown && unknown != Guid.Empty)
            return Problems.NotFound("alarm", unknown);
        var shown = (request.Seen ?? []).OfType<SeenAlarm>().ToLookup(one => one.Id);
        List<Sighting> seen = [.. ids.Select(book.See).OfType<Sighting>().Where(one => shown[one.Alarm.Id].All(then => !then.IsLessThan(one.Alarm)))];
        await WriteAsync(audit, user, seen, cancellation);
        foreach (var one in seen)
            book.Acknowledge(one, user.Actor());
        var now = time.GetUtcNow();
        return TypedResults.Ok(new Answer([.. ids.Select(book.Find).OfType<Alarm>().Select(alarm => AlarmView.Of(alarm, now))]));
    }

    /// <summary>The request.</summary>
    /// <param name="Seen">How they were shown to whoever acknowledges them; one that is more by now is left as it is.</param>
    internal sealed record Request(IReadOnlyList<Guid>? Ids, IReadOnlyList<SeenAlarm>? Seen);

    /// <summary>An alarm as it was shown.</summary>
    internal sealed record SeenAlarm(Guid Id, AlarmPriority? Severity, int? Members)
    {
        /// <summary>Whether it has got worse since, or has more members.</summary>
        public bool IsLessThan(Alarm alarm) => alarm.Priority < Severity || alarm.Members > Members;
    }

    /// <summary>The alarms as they are now.</summary>
    internal sealed record Answer(IReadOnlyList<AlarmView> Items);
}
