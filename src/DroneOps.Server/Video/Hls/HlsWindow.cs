using System.Globalization;
using System.Text;

namespace DroneOps.Server.Video.Hls;

/// <summary>A part of a segment: some pictures as one fragment of MP4.</summary>
internal sealed record HlsPart(byte[] Bytes, double Seconds, bool IsIndependent);

/// <summary>The newest stretch of a stream as players of HLS read it (RFC 8216 and its second edition, draft-pantos-hls-rfc8216bis): whole segments, the
/// parts of the newest ones, and the promise of the next part.</summary>
/// <remarks>Written by one packager, read by all requests. Keeps <see cref="Kept"/> segments, in memory.</remarks>
internal sealed class HlsWindow
{
    /// <summary>No segment is longer, seconds.</summary>
    public const int TargetS = 2;

    /// <summary>No part is longer, seconds.</summary>
    public const double PartTargetS = 0.4;

    private const int Kept = 8;

    /// <summary>Segments of which the parts are named, too: what a player that just came needs.</summary>
    private const int WithParts = 3;

    private readonly Lock _gate = new();
    private readonly List<Segment> _segments = [];
    private readonly Dictionary<int, byte[]> _beginnings = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _discontinuities;
    private int _beginning;
    private bool _ended;

    /// <summary>A new format, or a clock that jumped: what follows begins with another initialization segment.</summary>
    public void Begin(byte[] initialization)
    {
        lock (_gate)
        {
            Close();
            _beginnings[++_beginning] = initialization;
        }
    }

    /// <summary>The pictures that follow begin a new segment.</summary>
    public void Cut()
    {
        lock (_gate)
            Close();
    }

    /// <summary>One more part of the newest segment.</summary>
    /// <param name="at">When its first picture was.</param>
    public void Add(HlsPart part, DateTimeOffset at)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (_segments.Count == 0 || _segments[^1].IsWhole)
                Open(at);
            _segments[^1].Parts.Add(part);
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
    }

    /// <summary>Nothing more comes: who waits is told.</summary>
    public void End()
    {
        lock (_gate)
            _ended = true;
        _changed.TrySetResult();
    }

    /// <summary>Waits for a part, or where none is named for the whole of a segment.</summary>
    /// <returns>False when it does not come: it is further away than the next one, or the stream has ended.</returns>
    public async Task<bool> WaitAsync(long number, int? part, CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                var newest = _segments.Count == 0 ? null : _segments[^1];
                if (newest is not null && (newest.Number > number || (newest.Number == number && (newest.IsWhole || newest.Parts.Count > part))))
                    return true;
                if (_ended || number > (newest?.Number ?? 0) + 1)
                    return false;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellation);
        }
    }

    /// <summary>An initialization segment, or null.</summary>
    public byte[]? Beginning(int version)
    {
        lock (_gate)
            return _beginnings.GetValueOrDefault(version);
    }

    /// <summary>The parts of a whole segment, or one part; null when it is not kept.</summary>
    public IReadOnlyList<byte[]>? Find(long number, int? part)
    {
        lock (_gate)
        {
            if (_segments.Find(segment => segment.Number == number) is not { } found)
                return null;
            if (part is { } wanted)
                return wanted < found.Parts.Count ? [found.Parts[wanted].Bytes] : null;
            return found.IsWhole ? [.. found.Parts.Select(one => one.Bytes)] : null;
        }
    }

    /// <summary>The playlist as it is now.</summary>
    public string Playlist()
    {
        lock (_gate)
        {
            var text = new StringBuilder();
            void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

            Line($"#EXTM3U");
            Line($"#EXT-X-VERSION:9");
            Line($"#EXT-X-TARGETDURATION:{TargetS}");
            Line($"#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK={3 * PartTargetS:0.0##}");
            Line($"#EXT-X-PART-INF:PART-TARGET={PartTargetS:0.0##}");
            Line($"#EXT-X-MEDIA-SEQUENCE:{(_segments.Count == 0 ? 1 : _segments[0].Number)}");
            Line($"#EXT-X-DISCONTINUITY-SEQUENCE:{_discontinuities}");
            var beginning = 0;
            for (var index = 0; index < _segments.Count; index++)
            {
                var segment = _segments[index];
                if (segment.Beginning != beginning)
                {
                    if (beginning != 0)
                        Line($"#EXT-X-DISCONTINUITY");
                    Line($"#EXT-X-MAP:URI=\"init-{segment.Beginning}.mp4\"");
                    beginning = segment.Beginning;
                }

                Line($"#EXT-X-PROGRAM-DATE-TIME:{segment.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}");
                if (index >= _segments.Count - 1 - WithParts)
                {
                    for (var part = 0; part < segment.Parts.Count; part++)
                        Line($"#EXT-X-PART:DURATION={segment.Parts[part].Seconds:0.0####},URI=\"part-{segment.Number}-{part}.m4s\"{(segment.Parts[part].IsIndependent ? ",INDEPENDENT=YES" : "")}");
                }

                if (!segment.IsWhole)
                    continue;
                Line($"#EXTINF:{segment.Parts.Sum(part => part.Seconds):0.0####},");
                Line($"seg-{segment.Number}.m4s");
            }

            if (_segments.Count > 0)
                Line($"#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"part-{(_segments[^1].IsWhole ? _segments[^1].Number + 1 : _segments[^1].Number)}-{(_segments[^1].IsWhole ? 0 : _segments[^1].Parts.Count)}.m4s\"");
            return text.ToString();
        }
    }

    private void Close()
    {
        if (_segments.Count > 0)
            _segments[^1].IsWhole = true;
    }

    private void Open(DateTimeOffset at)
    {
        _segments.Add(new(_segments.Count == 0 ? 1 : _segments[^1].Number + 1, _beginning, at));
        if (_segments.Count <= Kept)
            return;
        if (_segments[0].Beginning != _segments[1].Beginning)
        {
            _beginnings.Remove(_segments[0].Beginning);
            _discontinuities++;
        }

        _segments.RemoveAt(0);
    }

    private sealed class Segment(long number, int beginning, DateTimeOffset at)
    {
        public long Number => number;

        public int Beginning => beginning;

        public DateTimeOffset At => at;

        public List<HlsPart> Parts { get; } = [];

        public bool IsWhole { get; set; }
    }
}
