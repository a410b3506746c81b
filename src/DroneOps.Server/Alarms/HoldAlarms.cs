using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Alarms;

/// <summary>What people keep quiet: <c>POST</c> and <c>DELETE /alarms/{id}/shelf</c>, for a time; <c>POST</c> and <c>DELETE /alarms/outOfService</c>, until
/// it is put back; and <c>GET /alarms/held</c>. A machine may do none of it.</summary>
internal static class HoldAlarms
{
    private const int ReasonLength = 200;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/held", List).WithSummary("What is shelved or out of service, by whom, why and until when");
        group.MapPost("/{id:guid}/shelf", ShelveAsync).RequireAuthorization(Policies.Plan).WithSummary("Shelve an alarm for some minutes, with a reason");
        group.MapDelete("/{id:guid}/shelf", UnshelveAsync).RequireAuthorization(Policies.Plan).WithSummary("Take an alarm off its shelf");
        group.MapPost("/outOfService", WithdrawAsync).RequireAuthorization(Policies.Administer).WithSummary("Take a condition out of service, of one subject or of all");
        group.MapDelete("/outOfService", ReturnAsync).RequireAuthorization(Policies.Administer).ProducesProblem(StatusCodes.Status404NotFound).WithSummary("Put a condition back into service");
    }

    private static Ok<Page<HeldView>> List(AlarmBook book) => TypedResults.Ok(new Page<HeldView>([.. book.Held.Select(HeldView.Of)], null));

    private static async Task<Results<Ok<HeldView>, ProblemHttpResult>> ShelveAsync(
        Guid id, ShelfRequest request, ClaimsPrincipal user, AlarmBook book, AuditLog audit, IOptions<AlarmsOptions> options, TimeProvider time, CancellationToken cancellation)
    {
        List<Fault> faults = [.. ReasonFaults(request.Reason)];
        if (request.Minutes is not { } minutes || minutes < 1 || minutes > options.Value.ShelveMaxMinutes)
            faults.Add(new Fault("#/minutes", $"minutes are 1 to {options.Value.ShelveMaxMinutes}."));
        if (faults.Count > 0)
            return Problems.Invalid(faults);
        if (book.Find(id) is not { } alarm)
            return Problems.NotFound("alarm", id);
        var now = time.GetUtcNow();
        var held = new HeldAlarm(alarm.Code, alarm.Subject, AlarmHold.Shelved, user.Actor(), request.Reason!.Trim(), now, now.AddMinutes(request.Minutes!.Value));
        return await HoldAsync(held, "alarm.shelved", book, audit, cancellation);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> UnshelveAsync(Guid id, ClaimsPrincipal user, AlarmBook book, AuditLog audit, CancellationToken cancellation) =>
        book.Find(id) is { } alarm && book.Held.FirstOrDefault(held => held.Kind == AlarmHold.Shelved && held.Covers(alarm.Code, alarm.Subject)) is { } held
            ? await LiftAsync(held, "alarm.unshelved", user, book, audit, cancellation)
            : Problems.NotFound("shelved alarm", id);

    private static async Task<Results<Ok<HeldView>, ProblemHttpResult>> WithdrawAsync(
        OutOfServiceRequest request, ClaimsPrincipal user, AlarmBook book, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        List<Fault> faults = [.. ReasonFaults(request.Reason)];
        if (request.Code is null || !AlarmCatalog.Codes.Contains(request.Code))
            faults.Add(new Fault("#/code", $"code is one of {string.Join(", ", AlarmCatalog.Codes.Order(StringComparer.Ordinal))}."));
        if (request.Subject is { Length: 0 or > 100 })
            faults.Add(new Fault("#/subject", "subject is 1 to 100 characters, or left out for all that have it."));
        if (faults.Count > 0)
            return Problems.Invalid(faults);
        var held = new HeldAlarm(request.Code!, request.Subject, AlarmHold.OutOfService, user.Actor(), request.Reason!.Trim(), time.GetUtcNow(), null);
        return await HoldAsync(held, "alarm.withdrawn", book, audit, cancellation);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ReturnAsync(string code, string? subject, ClaimsPrincipal user, AlarmBook book, AuditLog audit, CancellationToken cancellation) =>
        book.Held.FirstOrDefault(held => held.Kind == AlarmHold.OutOfService && held.Code == code && held.Subject == subject) is { } held
            ? await LiftAsync(held, "alarm.returned", user, book, audit, cancellation)
            : Problems.NotFound("alarm out of service", code);

    private static async Task<Results<Ok<HeldView>, ProblemHttpResult>> HoldAsync(HeldAlarm held, string action, AlarmBook book, AuditLog audit, CancellationToken cancellation)
    {
        await audit.AppendAsync(new AuditEntry(held.By, action, $"alarm/{held.Code}", new { held.Subject, held.Reason, held.Until }), cancellation);
        return book.Hold(held)
            ? TypedResults.Ok(HeldView.Of(held))
            : Problems.Conflict("too-many-held", $"{AlarmBook.MostHeld} alarms are held; take some back first.");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> LiftAsync(HeldAlarm held, string action, ClaimsPrincipal user, AlarmBook book, AuditLog audit, CancellationToken cancellation)
    {
        await audit.AppendAsync(new AuditEntry(user.Actor(), action, $"alarm/{held.Code}", new { held.Subject, held.By, held.At }), cancellation);
        book.Lift(held);
        return TypedResults.NoContent();
    }

    private static IEnumerable<Fault> ReasonFaults(string? reason)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > ReasonLength)
            yield return new Fault("#/reason", $"reason is 1 to {ReasonLength} characters.");
    }

    /// <summary>For how long, and why.</summary>
    internal sealed record ShelfRequest(int? Minutes, string? Reason);

    /// <summary>What, and why.</summary>
    internal sealed record OutOfServiceRequest(string? Code, string? Subject, string? Reason);

    /// <summary>A hold as the API shows it.</summary>
    internal sealed record HeldView(string Code, string? Subject, AlarmState State, string By, string Reason, DateTimeOffset At, DateTimeOffset? Until)
    {
        public static HeldView Of(HeldAlarm held) => new(
            held.Code, held.Subject, held.Kind == AlarmHold.OutOfService ? AlarmState.OutOfService : AlarmState.Shelved, held.By, held.Reason, held.At, held.Until);
    }
}
