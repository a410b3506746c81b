using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Airworthiness;

/// <summary><c>GET /defects</c> and <c>POST /defects/{id}/release</c>: who grounded a drone does not free it.</summary>
internal static class ReleaseDefect
{
    private const int LongestText = 1000;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("", ListAsync).WithSummary("Defects, newest first; vehicleId, state=open or released");
        group.MapPost("/{id:guid}/release", HandleAsync).RequireAuthorization(Policies.Fly).HasETag().WithSummary("Release a defect; one that grounds the drone is released by another person than the one who reported it");
    }

    private static async Task<Results<Ok<Page<DefectView>>, ProblemHttpResult>> ListAsync(string? vehicleId, string? state, [AsParameters] PageRequest page, FleetDb db, CancellationToken cancellation)
    {
        if (page.Fault is { } fault)
            return Problems.Invalid(fault);
        if (state is not (null or "open" or "released"))
            return Problems.Invalid(new Fault("state", "state is one of open, released."));
        if (!TimeCursor.TryRead(page, out var cursor))
            return Problems.Invalid(TimeCursor.Wrong);
        var rows = db.Set<Defect>().AsNoTracking().Where(defect => (vehicleId == null || defect.VehicleId == vehicleId) && (state == null || (state == "open") == (defect.ReleasedAt == null)));
        if (cursor is { At: var at, Id: var last })
            rows = rows.Where(defect => defect.ReportedAt < at || (defect.ReportedAt == at && defect.Id.CompareTo(last) < 0));
        var found = await rows.OrderByDescending(defect => defect.ReportedAt).ThenByDescending(defect => defect.Id).Take(page.Take + 1).ToListAsync(cancellation);
        return TypedResults.Ok(page.Of(found, DefectView.Of, defect => new TimeCursor(defect.ReportedAt, defect.Id).Key));
    }

    private static async Task<Results<Ok<DefectView>, ProblemHttpResult>> HandleAsync(
        Guid id, Request request, HttpContext context, ClaimsPrincipal user, FleetDb db, FitnessWatch watch, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        if (request.Text?.Trim() is not { Length: > 0 and <= LongestText } text)
            return Problems.Invalid(new Fault("#/text", $"text says what was done about it, at most {LongestText} characters."));
        if (await db.Set<Defect>().SingleOrDefaultAsync(row => row.Id == id, cancellation) is not { } defect)
            return Problems.NotFound("defect", id);
        if (ETags.Check(context, defect) is { } stale)
            return stale;
        if (defect.ReleasedAt is not null)
            return Problems.Conflict("defect-released", $"{defect.ReleasedBy} has released it already.");
        var actor = user.Actor();
        if (defect.Grounds && defect.ReportedBy == actor)
            return Problems.Forbidden("same-person", "You reported it yourself: another person releases a drone that is grounded.");
        if (defect.Grounds && !Actors.IsPerson(actor))
            return Problems.Forbidden("same-person", "A person releases a drone that is grounded, not a program.");
        await audit.AppendAsync(new AuditEntry(actor, "defect.released", $"vehicle/{defect.VehicleId}", new { defect.Id, defect.ReportedBy, text }), cancellation);
        (defect.ReleasedAt, defect.ReleasedBy, defect.Release) = (time.GetUtcNow(), actor, text);
        await watch.SaveAsync(db, defect.VehicleId, cancellation);
        ETags.Set(context, defect);
        return TypedResults.Ok(DefectView.Of(defect));
    }

    /// <summary>What was done about it, or why it may fly with it.</summary>
    internal sealed record Request(string? Text);
}
