using DroneOps.Media;

namespace DroneOps.Server.Video;

/// <summary>One stream's pictures, from the loop of its source to any number of viewers. The source alone publishes; whoever watches has a queue
/// of its own, and a slow one loses pictures up to the next key picture without anybody else noticing.</summary>
/// <remarks>The pictures since the last key picture are kept, so that a viewer who opens the stream sees something at once instead of after the
/// rest of the group.</remarks>
internal sealed class LiveStream(string id)
{
    /// <summary>Pictures kept for viewers to come: ten seconds at 25 a second. A longer group is not kept; its viewers wait for the next key.</summary>
    private const int MostKept = 250;

    private readonly Lock _gate = new();
    private readonly List<Viewer> _viewers = [];
    private readonly List<Picture> _group = [];
    private Picture? _key;
    private VideoFormat? _format;
    private long _lastTicks;
    private long _pictures;
    private bool _ended;

    /// <summary>Somebody began to watch. Handlers return at once.</summary>
    public event Action? Joined;

    public string Id => id;

    /// <summary>The format of the newest picture; null before the first one.</summary>
    public VideoFormat? Format => Volatile.Read(ref _format);

    /// <summary>When the newest picture arrived; null before the first one.</summary>
    public DateTimeOffset? LastAt => Volatile.Read(ref _lastTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Pictures published so far.</summary>
    public long Pictures => Volatile.Read(ref _pictures);

    public int Viewers
    {
        get
        {
            lock (_gate)
                return _viewers.Count;
        }
    }

    /// <summary>Hands a picture to everybody. The caller's share of it is taken over.</summary>
    public void Publish(Picture picture)
    {
        lock (_gate)
        {
            if (!_ended)
                Take(picture);
        }

        picture.Dispose();
    }

    /// <summary>A new viewer: first the pictures since the last key picture, then those to come.</summary>
    /// <param name="capacity">Pictures that wait for a slow reader before some are dropped.</param>
    /// <param name="fromNow">True: without those already here, from the next key picture on.</param>
    public Viewer Watch(int capacity, bool fromNow = false)
    {
        var viewer = new Viewer(this, capacity);
        lock (_gate)
        {
            // A group longer than the queue would be dropped picture by picture on the way in.
            if (!fromNow && _group.Count <= capacity)
            {
                foreach (var picture in _group)
                    viewer.Offer(picture);
            }

            if (_ended)
                viewer.End();
            else
                _viewers.Add(viewer);
        }

        Joined?.Invoke();
        return viewer;
    }

    /// <summary>A share of the newest key picture, the caller's to dispose of; null before the first one.</summary>
    public Picture? NewestKey()
    {
        lock (_gate)
            return _key?.Share();
    }

    /// <summary>The source was closed: what is kept is of the past, and who comes later must not take it for the present.</summary>
    public void Forget()
    {
        lock (_gate)
            DropGroup();
    }

    /// <summary>Something about the stream has changed that is not a picture: viewers who wait look.</summary>
    public void Nudge()
    {
        lock (_gate)
        {
            foreach (var viewer in _viewers)
                viewer.Nudge();
        }
    }

    /// <summary>The stream is gone for good: viewers read what waits for them and end.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            DropGroup();
            foreach (var viewer in _viewers)
                viewer.End();
            _viewers.Clear();
        }
    }

    internal void Leave(Viewer viewer)
    {
        lock (_gate)
            _viewers.Remove(viewer);
    }

    private void Take(Picture picture)
    {
        Volatile.Write(ref _format, picture.Format);
        Volatile.Write(ref _lastTicks, picture.ReceivedAt.UtcTicks);
        Volatile.Write(ref _pictures, _pictures + 1);
        if (picture.IsKey || _group.Count == MostKept)
        {
            foreach (var old in _group)
                old.Dispose();
            _group.Clear();
        }

        if (picture.IsKey)
        {
            _key?.Dispose();
            _key = picture.Share();
        }

        if (picture.IsKey || _group.Count > 0)
            _group.Add(picture.Share());
        foreach (var viewer in _viewers)
            viewer.Offer(picture);
    }

    private void DropGroup()
    {
        foreach (var picture in _group)
            picture.Dispose();
        _group.Clear();
        _key?.Dispose();
        _key = null;
    }
}
