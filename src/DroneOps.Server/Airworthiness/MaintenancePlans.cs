using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Fleet;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Airworthiness;

/// <summary><c>GET</c> and <c>POST /maintenancePlans</c>, <c>PUT</c> and <c>DELETE /maintenancePlans/{id}</c>: what has to be done how often.</summary>
internal static class MaintenancePlans
{
    private const int LongestName = 80;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("", ListAsync).WithSummary("The maintenance plans in force, by name");
        group.MapPost("", CreateAsync).RequireAuthorization(Policies.Administer).WithSummary("A plan: every so many hours, landings or days, whichever is first");
        group.MapPut("/{id:guid}", ChangeAsync).RequireAuthorization(Policies.Administer).HasETag().WithSummary("Change a plan; what was done counts for it as before");
        group.MapDelete("/{id:guid}", RetireAsync).RequireAuthorization(Policies.Administer).WithSummary("Follow a plan no more; the work that was done for it stays");
    }

    private static async Task<Results<Ok<Page<PlanView>>, ProblemHttpResult>> ListAsync([AsParameters] PageRequest page, FleetDb db, CancellationToken cancellation) => page.Fault is { } fault
        ? Problems.Invalid(fault)
        : TypedResults.Ok(page.OfAll((await db.Set<MaintenancePlan>().AsNoTracking().Where(plan => plan.RetiredAt == null).ToListAsync(cancellation)).Select(PlanView.Of), plan => $"{plan.Name}\n{plan.Id}", newestFirst: false));

    private static async Task<Results<Created<PlanView>, ProblemHttpResult>> CreateAsync(
        Request request, ClaimsPrincipal user, FleetDb db, VehicleRegistry registry, FitnessWatch watch, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        if (Faults(request, registry) is { Count: > 0 } faults)
            return Problems.Invalid(faults);
        var now = time.GetUtcNow();
        var plan = new MaintenancePlan { Id = Guid.CreateVersion7(now), Name = "", VehicleId = null, CreatedBy = user.Actor(), CreatedAt = now };
        request.WriteTo(plan);
        await audit.AppendAsync(new AuditEntry(plan.CreatedBy, "maintenancePlan.created", $"maintenancePlan/{plan.Id}", request), cancellation);
        db.Add(plan);
        await watch.SaveAsync(db, null, cancellation);
        return TypedResults.Created($"{ApiGroups.Prefix}/maintenancePlans", PlanView.Of(plan));
    }

    private static async Task<Results<Ok<PlanView>, ProblemHttpResult>> ChangeAsync(
        Guid id, Request request, HttpContext context, ClaimsPrincipal user, FleetDb db, VehicleRegistry registry, FitnessWatch watch, AuditLog audit, CancellationToken cancellation)
    {
        if (await db.Set<MaintenancePlan>().SingleOrDefaultAsync(plan => plan.Id == id && plan.RetiredAt == null, cancellation) is not { } plan)
            return Problems.NotFound("maintenance plan", id);
        if (ETags.Check(context, plan) is { } stale)
            return stale;
        if (Faults(request, registry) is { Count: > 0 } faults)
            return Problems.Invalid(faults);
        await audit.AppendAsync(new AuditEntry(user.Actor(), "maintenancePlan.changed", $"maintenancePlan/{id}", new { now = request, before = PlanView.Of(plan) }), cancellation);
        request.WriteTo(plan);
        await watch.SaveAsync(db, null, cancellation);
        ETags.Set(context, plan);
        return TypedResults.Ok(PlanView.Of(plan));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RetireAsync(
        Guid id, ClaimsPrincipal user, FleetDb db, FitnessWatch watch, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        if (await db.Set<MaintenancePlan>().SingleOrDefaultAsync(plan => plan.Id == id && plan.RetiredAt == null, cancellation) is not { } plan)
            return Problems.NotFound("maintenance plan", id);
        await audit.AppendAsync(new AuditEntry(user.Actor(), "maintenancePlan.retired", $"maintenancePlan/{id}", new { plan.Name }), cancellation);
        plan.RetiredAt = time.GetUtcNow();
        await watch.SaveAsync(db, null, cancellation);
        return TypedResults.NoContent();
    }

    private static List<Fault> Faults(Request request, VehicleRegistry registry)
    {
        var faults = new List<Fault>();
        if (request.Name?.Trim() is not { Length: > 0 and <= LongestName })
            faults.Add(new Fault("#/name", $"name is 1 to {LongestName} characters."));
        if (request.VehicleId is { } vehicle && registry.Find(vehicle) is null)
            faults.Add(new Fault("#/vehicleId", "vehicleId is the id of a vehicle, or null for every one."));
        if ((request.EveryHours, request.EveryLandings, request.EveryDays) is (null, null, null))
            faults.Add(new Fault("#/everyHours", "A plan needs everyHours, everyLandings or everyDays."));
        if (request.EveryHours is not (null or (> 0 and <= 10_000)) || request.EveryLandings is not (null or (> 0 and <= 100_000)) || request.EveryDays is not (null or (> 0 and <= 3660)))
            faults.Add(new Fault("#/everyHours", "Intervals are up to 10,000 hours, 100,000 landings and 3,660 days."));
        if (request.WarnPercent is not (null or (>= 1 and <= 100)))
            faults.Add(new Fault("#/warnPercent", "warnPercent is 1 to 100."));
        return faults;
    }

    /// <summary>A plan. It warns at 90 % and grounds unless told otherwise.</summary>
    internal sealed record Request(string? Name, string? VehicleId, double? EveryHours, int? EveryLandings, int? EveryDays, int? WarnPercent, bool? Grounds)
    {
        private const int UsualWarnPercent = 90;

        public void WriteTo(MaintenancePlan plan)
        {
            (plan.Name, plan.VehicleId, plan.EveryHours, plan.EveryLandings, plan.EveryDays) = (Name!.Trim(), VehicleId, EveryHours, EveryLandings, EveryDays);
            (plan.WarnPercent, plan.Grounds) = (WarnPercent ?? UsualWarnPercent, Grounds ?? true);
        }
    }

    /// <summary>A plan as it is answered.</summary>
    /// <param name="Etag">For If-Match.</param>
    internal sealed record PlanView(Guid Id, string Name, string? VehicleId, double? EveryHours, int? EveryLandings, int? EveryDays, int WarnPercent, bool Grounds, string Etag)
    {
        public static PlanView Of(MaintenancePlan plan) => new(plan.Id, plan.Name, plan.VehicleId, plan.EveryHours, plan.EveryLandings, plan.EveryDays, plan.WarnPercent, plan.Grounds, ETags.Of(plan));
    }
}
