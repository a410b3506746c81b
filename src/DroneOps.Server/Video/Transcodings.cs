using System.Diagnostics.CodeAnalysis;
using DroneOps.Media;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Video;

/// <summary>The streams that are coded anew while somebody watches them so. Each takes a part of a core, so there is room for few.</summary>
internal sealed partial class Transcodings(IOptions<VideoOptions> options, FfmpegOrphans orphans, TimeProvider time, ILogger<Transcodings> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Running> _running = new(StringComparer.Ordinal);

    /// <summary>How many run.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _running.Count;
        }
    }

    /// <summary>Whether a stream is coded in a way that some browsers do not know. One that has given no picture yet says so with its first.</summary>
    public static bool IsNeeded(VideoStream stream) => stream.Live.Format is { Codec: not VideoCodec.H264 };

    /// <summary>Watches a stream as H.264; the scope ends that.</summary>
    /// <returns>False when as many as may run.</returns>
    public bool TryJoin(VideoStream stream, [NotNullWhen(true)] out Place? place)
    {
        lock (_gate)
        {
            if (!_running.TryGetValue(stream.Id, out var running))
            {
                place = null;
                if (_running.Count >= options.Value.MostTranscoded)
                    return false;
                try
                {
                    _running[stream.Id] = running = new(new Transcoding(stream, options.Value, orphans, time));
                }
                catch (IOException trouble)
                {
                    LogNotStarted(trouble, stream.Id);
                    return false;
                }
            }

            running.Viewers++;
            place = new(this, stream.Id, running);
            return true;
        }
    }

    private async ValueTask LeaveAsync(string id, Running running)
    {
        lock (_gate)
        {
            if (--running.Viewers > 0)
                return;
            _running.Remove(id);
        }

        await running.Transcoding.DisposeAsync();
    }

    [LoggerMessage(LogLevel.Warning, "Video {Stream} cannot be coded as H.264")]
    private partial void LogNotStarted(Exception trouble, string stream);

    /// <summary>One who watches.</summary>
    internal sealed class Place(Transcodings transcodings, string id, Running running) : IAsyncDisposable
    {
        public LiveStream Live => running.Transcoding.Live;

        public ValueTask DisposeAsync() => transcodings.LeaveAsync(id, running);
    }

    internal sealed class Running(Transcoding transcoding)
    {
        public Transcoding Transcoding => transcoding;

        public int Viewers { get; set; }
    }
}
