using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Sorties;

/// <summary><c>POST /sorties/{id}/corrections</c>: says what should stand there and why. The recorded value itself is never changed.</summary>
internal static class CorrectSortie
{
    private static readonly string[] Correctable = ["pilot", "purpose", "taskId", "takeoffAt", "landedAt"];

    public static void Map(RouteGroupBuilder group) => group.MapPost("/{id:guid}/corrections", HandleAsync)
        .RequireAuthorization(Policies.Fly).WithSummary("Correct a sortie; the first value stays readable");

    private static async Task<Results<Created, ProblemHttpResult>> HandleAsync(
        Guid id, Request request, ClaimsPrincipal user, FleetDb db, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        if (!Correctable.Contains(request.Field))
            return Problems.Invalid(new Fault("#/field", $"field is one of {string.Join(", ", Correctable)}."));
        if (string.IsNullOrWhiteSpace(request.Reason))
            return Problems.Invalid(new Fault("#/reason", "A correction needs a reason."));
        if (await db.Set<SortieRecord>().AsNoTracking().SingleOrDefaultAsync(sortie => sortie.Id == id, cancellation) is not { } row)
            return Problems.NotFound("sortie", id);
        var old = request.Field switch
        {
            "pilot" => row.Pilot,
            "purpose" => row.Purpose,
            "taskId" => row.TaskId,
            "takeoffAt" => row.TakeoffAt.ToString("O"),
            _ => row.LandedAt?.ToString("O"),
        };
        var correction = new SortieCorrection
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            SortieId = id,
            Field = request.Field!,
            OldValue = old,
            NewValue = request.Value,
            Reason = request.Reason,
            Actor = user.Actor(),
            At = time.GetUtcNow(),
        };
        await audit.AppendAsync(new AuditEntry(user.Actor(), "sortie.corrected", $"sortie/{id}", new { correction.Field, correction.OldValue, correction.NewValue, correction.Reason }), cancellation);
        db.Add(correction);
        await db.SaveChangesAsync(cancellation);
        return TypedResults.Created($"{ApiGroups.Prefix}/sorties/{id}");
    }

    /// <summary>The request.</summary>
    internal sealed record Request(string? Field, string? Value, string? Reason);
}
