namespace DroneOps.Links;

/// <summary>One other side of a link: a UDP endpoint, a TCP connection, or the far end of a serial line.
/// The link's reader owns everything but the packet counter, which belongs to its writer.</summary>
public class LinkPeer
{
    private SequenceTracker _sequences;

    internal LinkPeer(string name) => Name = name;

    /// <summary>The endpoint in words, for logs and status.</summary>
    public string Name { get; private protected set; }

    /// <summary>Whether an intact frame has come from it, so that it has a place in the table.</summary>
    internal bool IsAdmitted { get; set; }

    /// <summary>When its last intact frame came, as a time stamp of the link's TimeProvider.</summary>
    internal long LastHeard { get; set; }

    /// <summary>How many system ids are pinned to it; only such peers are sent anything.</summary>
    internal int PinnedSystems { get; set; }

    /// <summary>Our packet counter towards it: every peer is a channel of its own, and would count gaps otherwise.</summary>
    internal byte NextSequence { get; set; }

    internal ref SequenceTracker Sequences => ref _sequences;

    /// <summary>Makes the peer independent of the buffers it was met in; runs before anybody can send to it.</summary>
    internal virtual void Settle()
    {
    }
}

/// <summary>Estimates a channel's loss from the packet counters of the components behind it. Counters are 8 bits and
/// belong to one sender's channel (MAVLink guide, "Packet Loss"), so a step is read modulo 256, and one above the half of
/// that is taken for reordering or a restart, not for loss.</summary>
internal struct SequenceTracker
{
    // A system has a handful of components; an attacker may pretend more, and gets no memory for them.
    private const int MostStreams = 64;
    private const int LargestGap = 127;

    private Dictionary<ushort, byte>? _last;

    /// <summary>Frames that came.</summary>
    public long Received { get; private set; }

    /// <summary>Frames that the gaps in the counters stand for.</summary>
    public long Lost { get; private set; }

    /// <summary>Lost share of the recent past, 0..1: an average over about the last 200 frames.</summary>
    public double RecentLoss { get; private set; }

    public void Count(byte systemId, byte componentId, byte sequence)
    {
        _last ??= [];
        var key = (ushort)(systemId << 8 | componentId);
        if (!_last.TryGetValue(key, out var last))
        {
            if (_last.Count < MostStreams)
                _last[key] = sequence;
            return;
        }

        var step = (byte)(sequence - last);
        if (step == 0)
            return;
        _last[key] = sequence;
        Received++;
        const double Weight = 1.0 / 200;
        RecentLoss -= RecentLoss * Weight;
        if (step is > 1 and <= LargestGap)
        {
            Lost += step - 1;
            RecentLoss += (1 - RecentLoss) * Math.Min(1, (step - 1) * Weight);
        }
    }
}
