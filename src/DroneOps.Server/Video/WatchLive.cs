using System.Security.Claims;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Authentication;

namespace DroneOps.Server.Video;

/// <summary><c>GET /video/streams/{id}/live</c>, a WebSocket: the pictures as they come.</summary>
internal static class WatchLive
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/{id}/live", HandleAsync)
        .WithMetadata(Admitted.Mark)
        .ProducesProblem(StatusCodes.Status426UpgradeRequired)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .WithSummary("A WebSocket with the live pictures; format=pictures or mp4, codec=h264 for who cannot show H.265; the look is audited");

    private static async Task<IResult> HandleAsync(string id, string? format, string? codec, HttpContext context, ClaimsPrincipal user, VideoStreams streams, LiveShowing showing, TimeProvider time) =>
        streams.Find(id) is { } stream
            ? await showing.ShowAsync(context, stream, format, codec, new(user.Actor(), user, null, LeftOfSession(context, time), CancellationToken.None))
            : Problems.NotFound("video stream", id);

    /// <summary>A look does not outlive the session that began it; while that is renewed, the console comes again and goes on.</summary>
    private static TimeSpan LeftOfSession(HttpContext context, TimeProvider time)
    {
        if (context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc is not { } expires)
            return Timeout.InfiniteTimeSpan;
        var left = expires - time.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
