using DroneOps.Media;

namespace DroneOps.Server.Video.Recording;

/// <summary>Finds the gaps in a stream of pictures. Pure: it knows what the pictures say, no clock and no file.</summary>
internal sealed class GapWatch
{
    /// <summary>Silence of so long is a gap even when the source does not say that something is missing.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    private readonly List<RecordingGap> _found = [];
    private DateTimeOffset _until;
    private long _dropped;
    private DateTimeOffset? _damagedSince;

    /// <param name="startedAt">When the recording was ordered: from then on pictures are owed.</param>
    public GapWatch(DateTimeOffset startedAt) => _until = startedAt;

    /// <summary>Up to when there are pictures.</summary>
    public DateTimeOffset Until => _until;

    /// <summary>Takes in a picture that is recorded.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="at">When it was taken, in the recording's time.</param>
    /// <param name="usual">How long pictures are shown here.</param>
    /// <param name="dropped">Pictures that were dropped here so far, because writing was too slow.</param>
    public void Recorded(Picture picture, DateTimeOffset at, TimeSpan usual, long dropped)
    {
        var missing = at - _until;
        if (dropped > _dropped && missing > TimeSpan.Zero)
            Add(_until, at, GapReason.PicturesDropped);
        else if (missing >= Silence)
            Add(_until, at, GapReason.SourceSilent);
        else if (picture.IsDiscontinuous && missing >= usual / 2)
            Add(_until, at, GapReason.PicturesLost);
        _dropped = dropped;
        if (picture.IsDamaged)
            _damagedSince ??= at;
        else
            EndDamage(at);
        if (at + usual > _until)
            _until = at + usual;
    }

    /// <summary>What was taken in later than that did not reach the disk; the gap that follows begins there.</summary>
    public void CutBack(DateTimeOffset to)
    {
        if (to >= _until)
            return;
        _found.RemoveAll(gap => gap.To > to);
        _until = to;
    }

    /// <summary>Pictures up to a time are not there for a reason that the recorder knows.</summary>
    public void Missing(DateTimeOffset to, GapReason reason)
    {
        if (to > _until)
            Add(_until, to, reason);
    }

    /// <summary>The recording ends.</summary>
    public void End(DateTimeOffset at)
    {
        EndDamage(_until);
        if (at - _until >= Silence)
            Add(_until, at, GapReason.SourceSilent);
    }

    /// <summary>The gaps found since they were taken last.</summary>
    public IReadOnlyList<RecordingGap> Found => [.. _found];

    /// <summary>Takes the gaps found since the last call: they are stated.</summary>
    public IReadOnlyList<RecordingGap> Take()
    {
        RecordingGap[] found = [.. _found];
        _found.Clear();
        return found;
    }

    private void EndDamage(DateTimeOffset at)
    {
        if (_damagedSince is { } since && at > since)
            _found.Add(new(since, at, GapReason.Damaged));
        _damagedSince = null;
    }

    private void Add(DateTimeOffset from, DateTimeOffset to, GapReason reason)
    {
        // Damage does not go on through a time without any pictures.
        EndDamage(from);
        _found.Add(new(from, to, reason));
        _until = to;
    }
}
