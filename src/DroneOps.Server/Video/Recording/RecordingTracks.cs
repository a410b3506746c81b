using DroneOps.Server.Cluster;

namespace DroneOps.Server.Video.Recording;

/// <summary>Notes each second where the cameras are that are being recorded, and what they see. Owner: its own loop.</summary>
internal sealed partial class RecordingTracks(RecordingDesk desk, VideoStreams streams, CameraViews views, Quiescence quiescence, TimeProvider time, ILogger<RecordingTracks> logger) : BellLoop(quiescence, time, Every, Every)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Guid, DateTimeOffset> _last = [];

    protected override Task LookAsync(CancellationToken cancellation)
    {
        var now = Time.GetUtcNow();
        var running = desk.Running;
        foreach (var folder in running)
        {
            if (streams.Find(folder.Identity.StreamId) is not { } stream || views.Of(stream, now) is not { } view || _last.GetValueOrDefault(folder.Identity.Id) >= view.At)
                continue;
            _last[folder.Identity.Id] = view.At;
            try
            {
                folder.Follow(RecordedView.Of(view));
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                LogNotNoted(problem, folder.Identity.StreamId);
            }
        }

        if (_last.Count > running.Count)
        {
            foreach (var over in _last.Keys.Except(running.Select(folder => folder.Identity.Id)).ToList())
                _last.Remove(over);
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Warning, "Where the camera of {Stream} is could not be noted beside its recording")]
    private partial void LogNotNoted(Exception problem, string stream);
}
