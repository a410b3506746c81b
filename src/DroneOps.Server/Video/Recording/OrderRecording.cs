using System.Security.Claims;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Video.Recording;

/// <summary><c>POST</c> and <c>DELETE /video/streams/{id}/recording</c>: a person begins or ends the recording of a stream.</summary>
internal static class OrderRecording
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/{id}/recording", BeginAsync).RequireAuthorization(Policies.Fly).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status507InsufficientStorage)
            .WithSummary("Begin to record a stream; one that is recorded goes on");
        group.MapDelete("/{id}/recording", EndAsync).RequireAuthorization(Policies.Fly).ProducesProblem(StatusCodes.Status404NotFound).WithSummary("End the recording of a stream");
    }

    private static async Task<Results<Ok<RecordingView>, ProblemHttpResult>> BeginAsync(
        string id, Request request, VideoStreams streams, RecordingDesk desk, RetentionDesk retention, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (GivenReason.IfGiven("#/reason", request.Reason) is { } fault)
            return Problems.Invalid(fault);
        if (streams.Find(id) is not { } stream)
            return Problems.NotFound("video stream", id);
        if (desk.ForbiddenBy(stream.Id) is { } zone)
            return Problems.Conflict("no-record-zone", $"The camera is in the no-record zone {zone}; it must not be recorded there.");
        return await desk.BeginAsync(stream, user.Actor(), request.Reason, cancellation) is { } folder
            ? TypedResults.Ok(RecordingView.Of(folder, retention))
            : Problems.Other(StatusCodes.Status507InsufficientStorage, "no-room-for-video", "There is no room.", "The disk has no room for another recording: delete or move some, or raise the quota.");
    }

    private static async Task<Results<Ok<RecordingView>, ProblemHttpResult>> EndAsync(string id, RecordingDesk desk, RetentionDesk retention, ClaimsPrincipal user, CancellationToken cancellation) =>
        await desk.EndAsync(id, user.Actor(), cancellation) is { } folder ? TypedResults.Ok(RecordingView.Of(folder, retention)) : Problems.NotFound("running recording of the stream", id);

    /// <param name="Reason">What for.</param>
    internal sealed record Request(string? Reason);
}
