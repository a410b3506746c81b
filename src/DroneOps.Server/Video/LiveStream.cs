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
    private bool _ended;

    public string Id => id;

    /// <summary>The format of the newest picture; null before the first one.</summary>
    public VideoFormat? Format { get; private set; }

    /// <summary>When the newest picture arrived; null before the first one.</summary>
    public DateTimeOffset? LastAt { get; private set; }

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
            Format = picture.Format;
            LastAt = picture.ReceivedAt;
            if (picture.IsKey || _group.Count == MostKept)
                DropGroup();
            if (picture.IsKey || _group.Count > 0)
                _group.Add(picture.Share());
            foreach (var viewer in _viewers)
                viewer.Offer(picture);
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
            if (!fromNow)
            {
                foreach (var picture in _group)
                    viewer.Offer(picture);
            }

            if (_ended)
                viewer.End();
            else
                _viewers.Add(viewer);
        }

        return viewer;
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

    private void DropGroup()
    {
        foreach (var picture in _group)
            picture.Dispose();
        _group.Clear();
    }
}
