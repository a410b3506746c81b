using System.Collections.Concurrent;
using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;

namespace DroneOps.Server.Video.Hls;

/// <summary>Who plays by HLS. A player only asks for file after file: what one and the same caller asks for without a longer pause is one viewing, which
/// is in the audit log before its first answer, and how long at its end.</summary>
/// <remarks>Owner: its own loop for the ends; the beginnings are the requests'.</remarks>
internal sealed partial class HlsViewings(VideoAudience audience, AuditLog audit, TimeProvider time, ILogger<HlsViewings> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(string Actor, string From, string Stream), Lazy<Task<Viewing?>>> _all = new();

    /// <summary>A request of somebody; false when there is no place for him.</summary>
    public async Task<bool> EnterAsync(ClaimsPrincipal user, string from, VideoStream stream)
    {
        var key = (user.Actor(), from, stream.Id);
        var beginning = _all.GetOrAdd(key, _ => new(() => BeginAsync(user, from, stream)));
        try
        {
            if (await beginning.Value is { } viewing)
            {
                viewing.AskedAt = time.GetUtcNow();
                return true;
            }
        }
        catch
        {
            _all.TryRemove(new(key, beginning));
            throw;
        }

        _all.TryRemove(new(key, beginning));
        return false;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await SweepAsync(time.GetUtcNow() - HlsShelf.Patience);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await SweepAsync(DateTimeOffset.MaxValue);
        }
    }

    private async Task<Viewing?> BeginAsync(ClaimsPrincipal user, string from, VideoStream stream)
    {
        // Each request is checked like any other: who may not watch any more gets no next file.
        if (audience.Enter(null, () => { }) is not { } place)
            return null;
        try
        {
            await audit.AppendAsync(new AuditEntry(user.Actor(), "video.watched", $"video/{stream.Id}", new { vehicleId = stream.Settings.VehicleId, form = "hls", from }), CancellationToken.None);
        }
        catch
        {
            place.Dispose();
            throw;
        }

        return new(user.Actor(), place, stream.Attend(), time.GetUtcNow());
    }

    private async Task SweepAsync(DateTimeOffset silentSince)
    {
        foreach (var (key, beginning) in _all)
        {
            if (!beginning.IsValueCreated || !beginning.Value.IsCompletedSuccessfully || await beginning.Value is not { } viewing || viewing.AskedAt > silentSince || !_all.TryRemove(new(key, beginning)))
                continue;
            viewing.End();
            var seconds = Math.Round((viewing.AskedAt - viewing.Began).TotalSeconds, 1);
            try
            {
                await audit.AppendAsync(new AuditEntry(viewing.Actor, "video.watchEnded", $"video/{key.Stream}", new { seconds, form = "hls" }), CancellationToken.None);
            }
            catch (IOException problem)
            {
                // The look itself is entered. Without its end the others still get theirs, and places are given up.
                LogNotEntered(problem, viewing.Actor, key.Stream, seconds);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "{Actor} has watched {Stream} for {Seconds} s; that the look has ended could not be entered in the audit log")]
    private partial void LogNotEntered(Exception problem, string actor, string stream, double seconds);

    private sealed class Viewing(string actor, IDisposable place, VideoStream.AudienceScope attending, DateTimeOffset began)
    {
        public string Actor => actor;

        public DateTimeOffset Began { get; } = began;

        public DateTimeOffset AskedAt { get; set; } = began;

        public void End()
        {
            place.Dispose();
            attending.Dispose();
        }
    }
}
