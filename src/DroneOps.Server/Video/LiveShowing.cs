using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
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

/// <summary>Who looks at a stream.</summary>
/// <param name="Actor">As the audit log writes it.</param>
/// <param name="User">Who is signed in, to be asked again and again whether he still may; null for somebody whose right ends by <paramref name="Left"/>
/// and <paramref name="Ended"/> alone.</param>
/// <param name="Through">What he looks through, for the audit log; null for somebody with an account.</param>
/// <param name="Left">How long he may look.</param>
/// <param name="Ended">Cancelled when he may not look any more.</param>
internal sealed record LiveCaller(string Actor, ClaimsPrincipal? User, object? Through, TimeSpan Left, CancellationToken Ended);

/// <summary>Shows a stream by a WebSocket. That somebody looks is in the audit log before the first picture leaves, and how long at the end.</summary>
internal sealed class LiveShowing(CameraViews views, Transcodings transcodings, VideoAudience audience, AuditLog audit, IOptions<VideoOptions> options, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>Shows it until the caller leaves or may not look any more.</summary>
    /// <param name="format">The form that is asked for.</param>
    /// <param name="codec"><c>h264</c> for a caller who cannot show anything else; null for the stream as it is.</param>
    public async Task<IResult> ShowAsync(HttpContext context, VideoStream stream, string? format, string? codec, LiveCaller caller)
    {
        if (FormOf(format) is not { } form)
            return Problems.Invalid(new Fault("format", "format is pictures or mp4."));
        if (codec is not (null or "h264"))
            return Problems.Invalid(new Fault("codec", "codec is h264, or is left out."));
        if (!context.WebSockets.IsWebSocketRequest)
            return Problems.Other(StatusCodes.Status426UpgradeRequired, "websocket-needed", "A WebSocket is needed.", "Connect with a WebSocket; single pictures are at snapshot.jpg.");
        LiveSession? session = null;
        using var place = audience.Enter(caller.User, () => session?.End());
        if (place is null)
            return Problems.Other(StatusCodes.Status503ServiceUnavailable, "too-many-viewers", "Too many watch.", $"{options.Value.MostViewers} watch already; come again later.");

        Transcodings.Place? transcoded = null;
        if (codec is not null && Transcodings.IsNeeded(stream) && !transcodings.TryJoin(stream, out transcoded))
            return Problems.Other(StatusCodes.Status503ServiceUnavailable, "too-many-transcoded", "Too many are coded anew.", $"{options.Value.MostTranscoded} streams are coded as H.264 already; come again later.");
        await using var joined = transcoded;
        var began = time.GetUtcNow();
        var details = new { vehicleId = stream.Settings.VehicleId, form, codec = transcoded is null ? null : codec, from = context.Connection.RemoteIpAddress?.ToString(), through = caller.Through };
        await audit.AppendAsync(new AuditEntry(caller.Actor, "video.watched", $"video/{stream.Id}", details), context.RequestAborted);
        using var attending = stream.Attend();
        SendQueue.KeepShort(context.Features.Get<IConnectionSocketFeature>()?.Socket);
        try
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            context.Features.Get<Admission>()?.Dispose();
            using var opened = session = new LiveSession(stream, transcoded?.Live ?? stream.Live, views, socket, form, options.Value.ViewerQueue, time);
            await using var expiry = time.CreateTimer(_ => opened.End(), null, caller.Left, Timeout.InfiniteTimeSpan);
            await using var aborted = context.RequestAborted.Register(opened.End);
            await using var stopping = lifetime.ApplicationStopping.Register(opened.End);
            await using var ended = caller.Ended.Register(opened.End);
            await opened.RunAsync();
        }
        finally
        {
            var seconds = Math.Round((time.GetUtcNow() - began).TotalSeconds, 1);
            await audit.AppendAsync(new AuditEntry(caller.Actor, "video.watchEnded", $"video/{stream.Id}", new { seconds, pictures = session?.Sent ?? 0, dropped = session?.Dropped ?? 0 }), CancellationToken.None);
        }

        return Results.Empty;
    }

    private static LiveForm? FormOf(string? format) => format switch
    {
        null or "pictures" => LiveForm.Pictures,
        "mp4" => LiveForm.Mp4,
        _ => null,
    };
}
