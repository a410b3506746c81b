using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Video.Recording;

/// <summary><c>POST /video/recordings/{id}/bookmarks</c>: somebody marks a moment.</summary>
internal static class MarkRecording
{
    private const int LongestText = 200;

    /// <summary>A page counts in whole milliseconds: its time of the first picture may be so much before it.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(1);

    public static void Map(RouteGroupBuilder group) => group.MapPost("/{id:guid}/bookmarks", HandleAsync)
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
        .WithSummary("Mark a moment of a recording with some words");

    private static async Task<Results<Created<Bookmark>, ProblemHttpResult>> HandleAsync(
        Guid id, Request request, RecordingShelf shelf, AuditLog audit, ClaimsPrincipal user, TimeProvider time, CancellationToken cancellation)
    {
        var text = request.Text?.Trim() ?? "";
        if (text.Length is 0 or > LongestText)
            return Problems.Invalid(new Fault("#/text", $"A bookmark has 1 to {LongestText} characters."));
        if (!shelf.TryOpen(id, out var folder, out var problem))
            return problem;
        if (request.At < Beginning(folder) - Rounding || request.At > (folder.ClosedAt ?? time.GetUtcNow()))
            return Problems.Invalid(new Fault("#/at", "That moment is not in the recording."));
        var bookmark = new Bookmark(Guid.CreateVersion7(time.GetUtcNow()), request.At, text, user.Actor());
        await audit.AppendAsync(new AuditEntry(user.Actor(), "video.marked", RecordingBook.Subject(folder), new { bookmark.Id, bookmark.At, bookmark.Text }), cancellation);
        folder.Mark(bookmark);
        return TypedResults.Created((string?)null, bookmark);
    }

    // One that was begun on a running stream has its pictures since the key picture before that.
    private static DateTimeOffset Beginning(RecordingFolder folder) =>
        folder.Lines.Select(line => line.Segment?.From).Append(folder.Identity.StartedAt).Min()!.Value;

    /// <param name="At">The moment.</param>
    /// <param name="Text">What for.</param>
    internal sealed record Request(DateTimeOffset At, string? Text);
}
