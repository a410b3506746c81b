using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Video;

/// <summary>The form in which pictures are sent.</summary>
internal enum LiveForm
{
    /// <summary>One message per picture, for a decoder that takes pictures (WebCodecs).</summary>
    Pictures,

    /// <summary>Fragments of MP4, for a player that takes files (Media Source Extensions).</summary>
    Mp4,
}

/// <summary><c>GET /video/streams/{id}/live</c>, a WebSocket: the pictures as they come. That somebody looks is in the audit log before the first
/// picture leaves, and how long at the end.</summary>
internal static class WatchLive
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/{id}/live", HandleAsync)
        .WithMetadata(Admitted.Mark)
        .ProducesProblem(StatusCodes.Status426UpgradeRequired)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .WithSummary("A WebSocket with the live pictures; format=pictures or mp4; the look is audited");

    private static async Task<IResult> HandleAsync(
        string id, string? format, HttpContext context, ClaimsPrincipal user, VideoStreams streams, CameraViews views, VideoAudience audience, AuditLog audit, IOptions<VideoOptions> options,
        IHostApplicationLifetime lifetime, TimeProvider time)
    {
        if (streams.Find(id) is not { } stream)
            return Problems.NotFound("video stream", id);
        if (FormOf(format) is not { } form)
            return Problems.Invalid(new Fault("format", "format is pictures or mp4."));
        if (!context.WebSockets.IsWebSocketRequest)
            return Problems.Other(StatusCodes.Status426UpgradeRequired, "websocket-needed", "A WebSocket is needed.", "Connect with a WebSocket; single pictures are at snapshot.jpg.");
        LiveSession? session = null;
        using var place = audience.Enter(user, () => session?.End());
        if (place is null)
            return Problems.Other(StatusCodes.Status503ServiceUnavailable, "too-many-viewers", "Too many watch.", $"{options.Value.MostViewers} watch already; come again later.");

        var began = time.GetUtcNow();
        var details = new { vehicleId = stream.Settings.VehicleId, form, from = context.Connection.RemoteIpAddress?.ToString() };
        await audit.AppendAsync(new AuditEntry(user.Actor(), "video.watched", $"video/{id}", details), context.RequestAborted);
        using var attending = stream.Attend();
        SendQueue.KeepShort(context.Features.Get<IConnectionSocketFeature>()?.Socket);
        try
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            context.Features.Get<Admission>()?.Dispose();
            using var opened = session = new LiveSession(stream, views, socket, form, options.Value.ViewerQueue, time);
            await using var expiry = time.CreateTimer(_ => opened.End(), null, LeftOfSession(context, time), Timeout.InfiniteTimeSpan);
            await using var aborted = context.RequestAborted.Register(opened.End);
            await using var stopping = lifetime.ApplicationStopping.Register(opened.End);
            await opened.RunAsync();
        }
        finally
        {
            var seconds = Math.Round((time.GetUtcNow() - began).TotalSeconds, 1);
            await audit.AppendAsync(new AuditEntry(user.Actor(), "video.watchEnded", $"video/{id}", new { seconds, pictures = session?.Sent ?? 0, dropped = session?.Dropped ?? 0 }), CancellationToken.None);
        }

        return Results.Empty;
    }

    private static LiveForm? FormOf(string? format) => format switch
    {
        null or "pictures" => LiveForm.Pictures,
        "mp4" => LiveForm.Mp4,
        _ => null,
    };

    /// <summary>A look does not outlive the session that began it; while that is renewed, the console comes again and goes on.</summary>
    private static TimeSpan LeftOfSession(HttpContext context, TimeProvider time)
    {
        if (context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc is not { } expires)
            return Timeout.InfiniteTimeSpan;
        var left = expires - time.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
