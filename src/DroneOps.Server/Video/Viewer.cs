using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using DroneOps.Media;

namespace DroneOps.Server.Video;

/// <summary>One reader of a <see cref="LiveStream"/>, with a bounded queue. When it is full everything that waits is dropped and the viewer goes on
/// with the next key picture: half a group of pictures is of no use to a decoder.</summary>
/// <remarks>One reader at a time. Waiting allocates nothing: the viewer is its own awaitable, and its reader is woken on a worker's thread, never
/// on the source's.</remarks>
internal sealed class Viewer : IDisposable, IValueTaskSource<bool>
{
    private readonly LiveStream _stream;
    private readonly int _capacity;
    private readonly Lock _gate = new();
    private readonly Queue<(Picture Picture, uint Number)> _waiting;
    private ManualResetValueTaskSourceCore<bool> _ready = new() { RunContinuationsAsynchronously = true };
    private bool _isAwaited;
    private bool _isNudged;
    private bool _wantsKey = true;
    private bool _hasBegun;
    private bool _ended;
    private uint _offered;
    private long _dropped;

    internal Viewer(LiveStream stream, int capacity)
    {
        _stream = stream;
        _capacity = capacity;
        _waiting = new(capacity);
    }

    /// <summary>Pictures that this viewer did not get because it was too slow.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>The pictures, as they come. Each is the reader's to dispose of.</summary>
    public async IAsyncEnumerable<Picture> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var cancelled = cancellation.UnsafeRegister(static viewer => ((Viewer)viewer!).Nudge(), this);
        do
        {
            while (TryTake(out var picture, out _))
                yield return picture;
            cancellation.ThrowIfCancellationRequested();
        }
        while (await WaitAsync());
    }

    /// <summary>Completes when a picture waits, or after <see cref="Nudge"/>; with false when nothing will come any more.</summary>
    public ValueTask<bool> WaitAsync()
    {
        lock (_gate)
        {
            if (_waiting.Count > 0 || _isNudged)
            {
                _isNudged = false;
                return new(true);
            }

            if (_ended)
                return new(false);
            _ready.Reset();
            _isAwaited = true;
            return new(this, _ready.Version);
        }
    }

    /// <summary>The next picture, if one waits; the reader's to dispose of.</summary>
    /// <param name="number">Counts from this viewer's first picture on; where some are missing, so many were dropped.</param>
    public bool TryTake([NotNullWhen(true)] out Picture? picture, out uint number)
    {
        lock (_gate)
        {
            var found = _waiting.TryDequeue(out var next);
            (picture, number) = (next.Picture, next.Number);
            return found;
        }
    }

    /// <summary>Wakes the reader without a picture.</summary>
    public void Nudge()
    {
        lock (_gate)
        {
            _isNudged = true;
            Wake(result: true);
        }
    }

    public void Dispose()
    {
        _stream.Leave(this);
        lock (_gate)
        {
            _ended = true;
            Clear();
            Wake(result: false);
        }
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _ready.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _ready.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _ready.OnCompleted(continuation, state, token, flags);

    internal void Offer(Picture picture)
    {
        lock (_gate)
        {
            if (_ended)
                return;
            if (_waiting.Count >= _capacity)
            {
                _dropped += _waiting.Count;
                Clear();
                _wantsKey = true;
            }

            // Until the first key picture nothing is missing: the viewer has not begun.
            if (!_hasBegun && !picture.IsKey)
                return;
            _hasBegun = true;
            _offered++;
            if (_wantsKey && !picture.IsKey)
            {
                _dropped++;
                return;
            }

            _wantsKey = false;
            _waiting.Enqueue((picture.Share(), _offered));
            Wake(result: true);
        }
    }

    internal void End()
    {
        lock (_gate)
        {
            _ended = true;
            Wake(result: _waiting.Count > 0);
        }
    }

    private void Wake(bool result)
    {
        if (!_isAwaited)
            return;
        _isAwaited = false;
        _isNudged = false;
        _ready.SetResult(result);
    }

    private void Clear()
    {
        foreach (var (picture, _) in _waiting)
            picture.Dispose();
        _waiting.Clear();
    }
}
