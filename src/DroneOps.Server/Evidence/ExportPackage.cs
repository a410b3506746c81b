using System.Net.Mime;
using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using DroneOps.Server.Video.Recording;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Evidence;

/// <summary><c>GET /evidence/incidents/{id}.zip</c> and <c>/evidence/sorties/{id}.zip</c>: the evidence package of a case, written as it goes out. Without a reason there is none.</summary>
internal static class ExportPackage
{
    private const int LongestReason = 500;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/incidents/{id:guid}.zip", (Guid id, string? reason, ClaimsPrincipal user, FleetDb db, RecordingShelf shelf, PackageExport export, CancellationToken cancellation) =>
                AnswerAsync("incident", id, reason, user.Actor(), () => CaseFile.OfIncidentAsync(id, db, shelf, cancellation), export, cancellation))
            .Produces<Stream>(contentType: MediaTypeNames.Application.Zip)
            .WithSummary("The evidence package of an incident; reason says what for; the look is audited before the first byte");
        group.MapGet("/sorties/{id:guid}.zip", (Guid id, string? reason, ClaimsPrincipal user, FleetDb db, RecordingShelf shelf, PackageExport export, CancellationToken cancellation) =>
                AnswerAsync("sortie", id, reason, user.Actor(), () => CaseFile.OfSortieAsync(id, db, shelf, cancellation), export, cancellation))
            .Produces<Stream>(contentType: MediaTypeNames.Application.Zip)
            .WithSummary("The evidence package of a sortie; reason says what for; the look is audited before the first byte");
    }

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> AnswerAsync(
        string kind, Guid id, string? reason, string actor, Func<Task<CaseFile?>> find, PackageExport export, CancellationToken cancellation)
    {
        if (reason?.Trim() is not { Length: > 0 and <= LongestReason } why)
            return Problems.Invalid(new Fault("reason", $"reason says what the package is for, 1 to {LongestReason} characters."));
        if (await find() is not { } file)
            return Problems.NotFound(kind, id);
        var package = await export.EnterAsync(file, actor, why, cancellation);
        return TypedResults.Stream(body => export.WriteAsync(file, package, actor, why, body, cancellation), MediaTypeNames.Application.Zip, $"evidence-{file.Case.Label}-{package:n}.zip");
    }
}
