using System.Runtime.CompilerServices;
using DroneOps.Media;

namespace DroneOps.Server.Video;

/// <summary>One reader of a <see cref="LiveStream"/>, with a bounded queue. When it is full everything that waits is dropped and the viewer goes on
/// with the next key picture: half a group of pictures is of no use to a decoder.</summary>
internal sealed class Viewer : IDisposable
{
    private readonly LiveStream _stream;
    private readonly int _capacity;
    private readonly Lock _gate = new();
    private readonly Queue<Picture> _waiting = new();
    private readonly SemaphoreSlim _ready = new(0, 1);
    private bool _wantsKey = true;
    private bool _ended;

    internal Viewer(LiveStream stream, int capacity)
    {
        _stream = stream;
        _capacity = capacity;
    }

    /// <summary>Pictures that this viewer did not get because it was too slow.</summary>
    public long Dropped { get; private set; }

    /// <summary>The pictures, as they come. Each is the reader's to dispose of.</summary>
    public async IAsyncEnumerable<Picture> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            Picture? next;
            bool ended;
            lock (_gate)
            {
                _waiting.TryDequeue(out next);
                ended = _ended;
            }

            if (next is not null)
                yield return next;
            else if (ended)
                yield break;
            else
                await _ready.WaitAsync(cancellation);
        }
    }

    public void Dispose()
    {
        _stream.Leave(this);
        lock (_gate)
        {
            _ended = true;
            Clear();
        }
    }

    internal void Offer(Picture picture)
    {
        lock (_gate)
        {
            if (_ended)
                return;
            if (_waiting.Count >= _capacity)
            {
                Dropped += _waiting.Count;
                Clear();
                _wantsKey = true;
            }

            if (_wantsKey && !picture.IsKey)
            {
                Dropped++;
                return;
            }

            _wantsKey = false;
            _waiting.Enqueue(picture.Share());
            Wake();
        }
    }

    internal void End()
    {
        lock (_gate)
        {
            _ended = true;
            Wake();
        }
    }

    private void Wake()
    {
        if (_ready.CurrentCount == 0)
            _ready.Release();
    }

    private void Clear()
    {
        foreach (var picture in _waiting)
            picture.Dispose();
        _waiting.Clear();
    }
}
