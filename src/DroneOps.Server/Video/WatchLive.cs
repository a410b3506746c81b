using System.Security.Claims;
using DroneOps.Server.Accounts;
using DroneOps.Server.Api;

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
            ? await showing.ShowAsync(context, stream, format, codec, new(user.Actor(), user, null, Sessions.LeftOf(context, time), CancellationToken.None))
            : Problems.NotFound("video stream", id);
}
