using System.Security.Claims;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Video.Recording;

/// <summary><c>PUT /video/recordings/{id}/class</c> and <c>/video/recordings/{id}/holds</c>: how long a recording is kept, by whose word and why.</summary>
internal static class KeepRecording
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/classes", (RetentionSchedule schedule) => TypedResults.Ok(schedule.Classes)).WithSummary("The retention classes; the first is what a new recording gets");
        group.MapPut("/{id:guid}/class", ClassAsync).RequireAuthorization(Policies.Plan).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .WithSummary("Give a recording another retention class, with a reason; a shorter one is the administrator's");
        group.MapPost("/{id:guid}/holds", HoldAsync).RequireAuthorization(Policies.Audit).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .WithSummary("Put a legal hold on a recording, with a reason: nothing of it is deleted while one stands");
        group.MapDelete("/{id:guid}/holds/{hold:guid}", LiftAsync).RequireAuthorization(Policies.Audit).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .WithSummary("Lift a hold; reason says why");
    }

    private static async Task<Results<Ok<RecordingView>, ProblemHttpResult>> ClassAsync(
        Guid id, ClassRequest request, RecordingShelf shelf, RetentionSchedule schedule, RetentionDesk desk, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (GivenReason.Always("#/reason", request.Reason) is { } fault)
            return Problems.Invalid(fault);
        if (schedule.Find(request.Class ?? "") is not { } wanted)
            return Problems.Invalid(new Fault("#/class", $"There are the classes {string.Join(", ", schedule.Classes.Select(one => one.Id))}."));
        if (shelf.Find(id) is not { } folder)
            return Problems.NotFound("recording", id);
        if (wanted.Days < schedule.DaysOf(folder.Keeping.Class) && !user.IsInRole(Roles.Admin))
            return Problems.Forbidden("shorter-class", "Only an administrator has a recording deleted sooner.");
        return await desk.ClassAsync(folder, wanted.Id, user.Actor(), request.Reason!.Trim(), cancellation) ? TypedResults.Ok(RecordingView.Of(folder, desk)) : OpenRecording.Deleted();
    }

    private static async Task<Results<Created<LegalHold>, ProblemHttpResult>> HoldAsync(
        Guid id, HoldRequest request, RecordingShelf shelf, RetentionDesk desk, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (GivenReason.Always("#/reason", request.Reason) is { } fault)
            return Problems.Invalid(fault);
        if (shelf.Find(id) is not { } folder)
            return Problems.NotFound("recording", id);
        return await desk.HoldAsync(folder, user.Actor(), request.Reason!.Trim(), cancellation) is { } hold ? TypedResults.Created((string?)null, hold) : OpenRecording.Deleted();
    }

    private static async Task<Results<Ok<RecordingView>, ProblemHttpResult>> LiftAsync(
        Guid id, Guid hold, string? reason, RecordingShelf shelf, RetentionDesk desk, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (GivenReason.Always("reason", reason) is { } fault)
            return Problems.Invalid(fault);
        if (shelf.Find(id) is not { } folder)
            return Problems.NotFound("recording", id);
        if (folder.Keeping.Holds.Find(one => one.Id == hold) is not { } standing)
            return Problems.NotFound("hold that stands", hold);
        return await desk.LiftAsync(folder, standing, user.Actor(), reason!.Trim(), cancellation) ? TypedResults.Ok(RecordingView.Of(folder, desk)) : OpenRecording.Deleted();
    }

    /// <param name="Class">The class that it gets.</param>
    /// <param name="Reason">Why.</param>
    internal sealed record ClassRequest(string? Class, string? Reason);

    /// <param name="Reason">Why.</param>
    internal sealed record HoldRequest(string? Reason);
}
