using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Fleet;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Airworthiness;

/// <summary><c>POST /airframes/{id}/work</c> and <c>/work/{work}/withdrawal</c>: maintenance that was done. It sets the counters of its plans back and keeps what they stood at.</summary>
internal static class RecordWork
{
    private const int LongestText = 1000;
    private const int LongestName = 80;
    private const int MostPlans = 50;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/{id}/work", HandleAsync).RequireAuthorization(Policies.Fly).WithSummary("Enter maintenance that was done: who, what, when, and for which plans");
        group.MapPost("/{id}/work/{work:guid}/withdrawal", WithdrawAsync).RequireAuthorization(Policies.Fly).WithSummary("Withdraw work that was entered wrongly, with a reason: it stays readable, and the counters are what they were without it");
    }

    private static async Task<Results<Created<MaintenanceWork>, ProblemHttpResult>> HandleAsync(
        string id, Request request, ClaimsPrincipal user, FleetDb db, VehicleRegistry registry, FitnessWatch watch, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (await AirframeBook.ReadAsync(db, registry, id, now, cancellation) is not [var (airframe, _)])
            return Problems.NotFound("vehicle", id);
        var faults = new List<Fault>();
        if (request.Text?.Trim() is not { Length: > 0 and <= LongestText })
            faults.Add(new Fault("#/text", $"text says what was done, at most {LongestText} characters."));
        if (request.DoneBy?.Trim() is not { Length: > 0 and <= LongestName })
            faults.Add(new Fault("#/doneBy", $"doneBy says who did it, at most {LongestName} characters."));
        if (request.DoneAt > now)
            faults.Add(new Fault("#/doneAt", "The time lies in the future."));
        List<Guid> wanted = [.. (request.PlanIds ?? []).Distinct()];
        var plans = airframe.Plans.Where(plan => wanted.Contains(plan.PlanId)).ToList();
        if (wanted.Count > MostPlans || plans.Count != wanted.Count)
            faults.Add(new Fault("#/planIds", "planIds are plans of this vehicle."));
        if (faults.Count > 0)
            return Problems.Invalid(faults);

        var work = new MaintenanceWork
        {
            Id = Guid.CreateVersion7(now),
            VehicleId = id,
            DoneAt = (request.DoneAt ?? now).ToUniversalTime(),
            DoneBy = request.DoneBy!.Trim(),
            Text = request.Text!.Trim(),
            Resets = [.. plans.Select(plan => new CounterReset(plan.PlanId, plan.Plan, plan.Hours, plan.Landings, plan.Days))],
            TotalHours = airframe.TotalHours,
            TotalLandings = airframe.TotalLandings,
            EnteredBy = user.Actor(),
            EnteredAt = now,
        };
        await audit.AppendAsync(new AuditEntry(work.EnteredBy, "maintenance.done", $"vehicle/{id}", new { work.Id, work.DoneAt, work.DoneBy, work.Text, work.Resets, work.TotalHours, work.TotalLandings }), cancellation);
        db.Add(work);
        await watch.SaveAsync(db, id, cancellation);
        return TypedResults.Created($"{ApiGroups.Prefix}/airframes/{id}/work", work);
    }

    private static async Task<Results<Ok<MaintenanceWork>, ProblemHttpResult>> WithdrawAsync(
        string id, Guid work, Withdrawal request, ClaimsPrincipal user, FleetDb db, FitnessWatch watch, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        if (request.Reason?.Trim() is not { Length: > 0 and <= LongestText } reason)
            return Problems.Invalid(new Fault("#/reason", $"A withdrawal needs a reason, at most {LongestText} characters."));
        if (await db.Set<MaintenanceWork>().SingleOrDefaultAsync(row => row.Id == work && row.VehicleId == id, cancellation) is not { } row)
            return Problems.NotFound("maintenance", work);
        if (row.WithdrawnAt is not null)
            return Problems.Conflict("work-withdrawn", $"{row.WithdrawnBy} has withdrawn it already.");
        await audit.AppendAsync(new AuditEntry(user.Actor(), "maintenance.withdrawn", $"vehicle/{id}", new { row.Id, row.DoneAt, reason }), cancellation);
        (row.WithdrawnAt, row.WithdrawnBy, row.WithdrawnFor) = (time.GetUtcNow(), user.Actor(), reason);
        await watch.SaveAsync(db, id, cancellation);
        return TypedResults.Ok(row);
    }

    /// <summary>The request; done now unless told otherwise, and for no plan where none is named.</summary>
    internal sealed record Request(string? Text, string? DoneBy, DateTimeOffset? DoneAt, IReadOnlyList<Guid>? PlanIds);

    /// <summary>Why it was wrong.</summary>
    internal sealed record Withdrawal(string? Reason);
}
