using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Fleet;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Airworthiness;

/// <summary><c>POST /airframes/{id}/defects</c>: a pilot or a technician found something wrong.</summary>
internal static class ReportDefect
{
    private const int LongestText = 1000;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/{id}/defects", HandleAsync)
        .RequireAuthorization(Policies.Fly).WithSummary("Report a defect; with grounds the drone does not fly until another person releases it");

    private static async Task<Results<Created<DefectView>, ProblemHttpResult>> HandleAsync(
        string id, Request request, ClaimsPrincipal user, FleetDb db, VehicleRegistry registry, FitnessWatch watch, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        if (registry.Find(id) is null)
            return Problems.NotFound("vehicle", id);
        var faults = new List<Fault>();
        if (request.Text?.Trim() is not { Length: > 0 and <= LongestText })
            faults.Add(new Fault("#/text", $"text says what is wrong, at most {LongestText} characters."));
        if (request.Grounds is null)
            faults.Add(new Fault("#/grounds", "grounds says whether it must not fly with that."));
        if (request.SortieId is { } sortie && !await db.Set<SortieRecord>().AnyAsync(row => row.Id == sortie && row.VehicleId == id, cancellation))
            faults.Add(new Fault("#/sortieId", "There is no such sortie of this vehicle."));
        if (faults.Count > 0)
            return Problems.Invalid(faults);

        var now = time.GetUtcNow();
        var defect = new Defect { Id = Guid.CreateVersion7(now), VehicleId = id, Text = request.Text!.Trim(), Grounds = request.Grounds!.Value, SortieId = request.SortieId, ReportedBy = user.Actor(), ReportedAt = now };
        await audit.AppendAsync(new AuditEntry(defect.ReportedBy, "defect.reported", $"vehicle/{id}", new { defect.Id, defect.Text, defect.Grounds, defect.SortieId }), cancellation);
        db.Add(defect);
        await watch.SaveAsync(db, id, cancellation);
        return TypedResults.Created($"{ApiGroups.Prefix}/defects", DefectView.Of(defect));
    }

    /// <summary>The request.</summary>
    internal sealed record Request(string? Text, bool? Grounds, Guid? SortieId);
}
