using DroneOps.Links.FlightLog;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;

namespace DroneOps.Server.Sorties;

/// <summary>Reads a recording on one steady time line. Its stamps come from the clock of the machine that recorded, which may have been set in
/// the middle of a flight; the vehicles' own time since boot tells such a step from a silence.</summary>
/// <remarks>A jump of the stamps is decided by the next frame that carries time since boot; what lies between waits for it, two seconds of stamps
/// at most. Without such a frame the stamps are believed, but never backwards.</remarks>
internal sealed class RecordingClock(TlogReader reader)
{
    private const int MostWaiting = 2000;
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Back = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(0.6);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<byte, BootTrack> _boots = [];
    private readonly Queue<(DateTimeOffset Stamp, byte[] Bytes)> _waiting = new();
    private DateTimeOffset? _lastStamp;
    private DateTimeOffset _last = DateTimeOffset.MinValue;
    private TimeSpan _set;

    /// <summary>When the recorder's clock was set, on the steady time line, and by how much.</summary>
    public List<(DateTimeOffset At, TimeSpan By)> Steps { get; } = [];

    /// <summary>Goes to the next frame that a vehicle sent.</summary>
    /// <returns>False at the end.</returns>
    public bool TryRead(out DateTimeOffset at, out MavlinkFrame frame)
    {
        if (_waiting.TryDequeue(out var held))
        {
            at = Steady(held.Stamp);
            return MavlinkFrame.TryParse(held.Bytes, MessageCatalog.Default, out frame);
        }

        while (reader.TryRead(out var record))
        {
            if (record.SentByUs)
                continue;
            if (_lastStamp is { } last && (record.Stamp - last > Ahead || record.Stamp < last - Back))
            {
                Decide(last, record);
                return TryRead(out at, out frame);
            }

            Note(record.Frame, record.Stamp);
            _lastStamp = record.Stamp;
            at = Steady(record.Stamp);
            frame = record.Frame;
            return true;
        }

        at = default;
        frame = default;
        return false;
    }

    private DateTimeOffset Steady(DateTimeOffset stamp)
    {
        var at = stamp - _set;
        return _last = at > _last ? at : _last;
    }

    /// <summary>The stamps jump: reads on to what tells why.</summary>
    private void Decide(DateTimeOffset last, TlogRecord first)
    {
        var began = first.Stamp;
        var record = first;
        var by = began < last ? began - last : TimeSpan.Zero;
        var (least, passed, lateness, decideAt) = (double.MaxValue, (double?)null, (double?)null, (DateTimeOffset?)null);
        while (true)
        {
            _waiting.Enqueue((record.Stamp, record.Frame.Bytes.ToArray()));
            if (BootOf(record.Frame) is { } bootMs && _boots.TryGetValue(record.Frame.SystemId, out var track))
            {
                if (track.HasBegunAnew(bootMs))
                    break;
                least = Math.Min(least, track.LatenessMs(record.Stamp, bootMs));
                passed ??= track.PassedMs(bootMs);
                lateness ??= track.LeastLatenessMs;
                if (decideAt is null)
                    decideAt = record.Stamp + Settling;
                else if (record.Stamp >= decideAt)
                    break;
            }

            if (_waiting.Count >= MostWaiting || (record.Stamp - began).Duration() > Patience || !Next(out record))
                break;
        }

        // A simulator may run faster than the recorder's clock, so boot time that is ahead says nothing.
        if (lateness is { } before && passed is { } ran && least < double.MaxValue
            && (began < last - Back || least - before > Ahead.TotalMilliseconds + Math.Max(0, ran)))
        {
            by = TimeSpan.FromMilliseconds(least - before);
        }

        foreach (var (stamp, bytes) in _waiting)
        {
            if (MavlinkFrame.TryParse(bytes, MessageCatalog.Default, out var frame))
                Note(frame, stamp);
            _lastStamp = stamp;
        }

        if (by == TimeSpan.Zero)
            return;
        foreach (var track in _boots.Values)
            track.Forget();
        _set += by;
        Steps.Add((_last, by));
    }

    private bool Next(out TlogRecord record)
    {
        while (reader.TryRead(out record))
        {
            if (!record.SentByUs)
                return true;
        }

        return false;
    }

    private void Note(in MavlinkFrame frame, DateTimeOffset stamp)
    {
        if (BootOf(frame) is not { } bootMs)
            return;
        if (!_boots.TryGetValue(frame.SystemId, out var track))
            _boots[frame.SystemId] = track = new BootTrack();
        track.Add(stamp, bootMs);
    }

    private static uint? BootOf(in MavlinkFrame frame)
    {
        if (!frame.IsKnown)
            return null;
        uint bootMs = frame.MessageId switch
        {
            GlobalPositionInt.MsgId => frame.Decode<GlobalPositionInt>().TimeBootMs,
            Attitude.MsgId => frame.Decode<Attitude>().TimeBootMs,
            SystemTime.MsgId => frame.Decode<SystemTime>().TimeBootMs,
            _ => 0,
        };
        return bootMs == 0 ? null : bootMs;
    }

    /// <summary>How late a vehicle's frames are stamped, by its own time since boot. The least of some frames is that of its fastest link.</summary>
    private sealed class BootTrack
    {
        private const int Kept = 12;
        private const double NewBootMs = -5000;

        private readonly Queue<double> _lateness = new();
        private (DateTimeOffset Stamp, uint BootMs)? _first;
        private uint _last;

        public double? LeastLatenessMs => _lateness.Count == 0 ? null : _lateness.Min();

        public bool HasBegunAnew(uint bootMs) => _first is not null && PassedMs(bootMs) < NewBootMs;

        public double PassedMs(uint bootMs) => unchecked((int)(bootMs - _last));

        public double LatenessMs(DateTimeOffset stamp, uint bootMs) =>
            _first is { } first ? (stamp - first.Stamp).TotalMilliseconds - unchecked((int)(bootMs - first.BootMs)) : 0;

        public void Add(DateTimeOffset stamp, uint bootMs)
        {
            if (HasBegunAnew(bootMs))
                Forget();
            _first ??= (stamp, bootMs);
            _lateness.Enqueue(LatenessMs(stamp, bootMs));
            if (_lateness.Count > Kept)
                _lateness.Dequeue();
            _last = bootMs;
        }

        public void Forget()
        {
            _lateness.Clear();
            _first = null;
        }
    }
}
