using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Video.Hls;

/// <summary>The streams that are cut for HLS: each while somebody asks for it and a little longer.</summary>
/// <remarks>Owner of the tasks that cut, one for each stream.</remarks>
internal sealed class HlsShelf(IOptions<VideoOptions> options, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Nobody who plays is silent for so long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, Cutting> _all = new(StringComparer.Ordinal);

    /// <summary>How many streams are cut now.</summary>
    public int Count => _all.Count;

    /// <summary>The window of a stream, which is cut from now on.</summary>
    public HlsWindow Of(VideoStream stream)
    {
        while (true)
        {
            var cutting = _all.GetOrAdd(stream.Id, _ => new(stream, options.Value.ViewerQueue, time));
            if (cutting.Touch(ended: () => _all.TryRemove(new(stream.Id, cutting))))
                return cutting.Window;

            // It ended between the two.
            _all.TryRemove(new(stream.Id, cutting));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var cutting in _all.Values)
            await cutting.DisposeAsync();
    }

    /// <summary>One stream that is cut.</summary>
    private sealed class Cutting(VideoStream stream, int queue, TimeProvider time) : IAsyncDisposable
    {
        private readonly Lock _gate = new();
        private readonly CancellationTokenSource _ending = new();
        private ITimer? _silence;
        private Task? _loop;
        private bool _hasEnded;

        public HlsWindow Window { get; } = new();

        /// <summary>Somebody asks; the first one begins it. False when it has ended.</summary>
        public bool Touch(Action ended)
        {
            lock (_gate)
            {
                if (_hasEnded)
                    return false;
                _silence ??= time.CreateTimer(_ => End(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _silence.Change(Patience, Timeout.InfiniteTimeSpan);
                _loop ??= Task.Run(() => CutAsync(ended), CancellationToken.None);
                return true;
            }
        }

        public async ValueTask DisposeAsync()
        {
            End();
            if (_loop is { } loop)
                await loop;
            _ending.Dispose();
        }

        private void End()
        {
            lock (_gate)
            {
                if (_hasEnded)
                    return;
                _hasEnded = true;
                _silence?.Dispose();
                _ending.Cancel();
            }
        }

        private async Task CutAsync(Action ended)
        {
            using HlsCutter cutter = new(Window);
            using var viewer = stream.Live.Watch(queue);
            try
            {
                await foreach (var picture in viewer.ReadAsync(_ending.Token))
                {
                    using (picture)
                        cutter.Take(picture);
                }
            }
            catch (OperationCanceledException)
            {
                // Nobody asks any more.
            }

            End();
            Window.End();
            ended();
            _ending.Dispose();
        }
    }
}
