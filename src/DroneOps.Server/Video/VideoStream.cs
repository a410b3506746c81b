using DroneOps.Media;

namespace DroneOps.Server.Video;

/// <summary>How a stream is.</summary>
internal enum StreamState
{
    /// <summary>Nobody wants it, and it is not open.</summary>
    Idle,

    /// <summary>It is being opened, or its first picture is waited for.</summary>
    Connecting,

    /// <summary>Pictures come.</summary>
    Live,

    /// <summary>No picture for some seconds: what is shown is old.</summary>
    Stalled,

    /// <summary>It is being closed.</summary>
    Closing,
}

/// <summary>What a stream is: which camera of which vehicle, and where its pictures come from.</summary>
/// <param name="Id">Its id in addresses.</param>
/// <param name="VehicleId">The fleet's id of the vehicle.</param>
/// <param name="Kind">Which camera.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Address">Where from.</param>
/// <param name="Mode">When it is open.</param>
/// <param name="UserName">The user name that the camera asks for.</param>
/// <param name="Secret">The password, or SRT's passphrase.</param>
internal sealed record StreamSettings(string Id, string VehicleId, VideoKind Kind, string Name, SourceAddress Address, SourceMode Mode, string? UserName, string? Secret)
{
    // A record prints all it has, and this one has a password.
    public override string ToString() => $"{Id} from {Address}";
}

/// <summary>One stream: what it is, its pictures, and how it is doing. Written by the loop of its source, read by everybody.</summary>
internal sealed class VideoStream(StreamSettings settings, TimeSpan stalledAfter)
{
    private const double Smoothing = 0.1;

    private long _openedTicks;
    private int _phase;
    private int _audience;
    private double _latencyMs = double.NaN;

    private enum Phase
    {
        Closed,
        Open,
        Closing,
    }

    public StreamSettings Settings => settings;

    public string Id => settings.Id;

    public LiveStream Live { get; } = new(settings.Id);

    public StreamFigures Figures { get; } = new();

    /// <summary>People and systems that watch; the recorder is none of them.</summary>
    public int Audience => Volatile.Read(ref _audience);

    /// <summary>Whether it is being recorded now.</summary>
    public bool IsRecorded { get; set; }

    /// <summary>From the camera's own time stamp to the arrival here, recent average; null where the source does not say when it took a picture.</summary>
    public double? LatencyMs => Volatile.Read(ref _latencyMs) is var latency && double.IsNaN(latency) ? null : latency;

    /// <summary>Why it last could not be opened or broke off, for people; null while all is well.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Where the camera is and looks, by its own word; null while it says nothing.</summary>
    public CameraView? View { get; private set; }

    /// <summary>Whether its source is to be open.</summary>
    public bool IsWanted => settings.Mode == SourceMode.Always || Live.Viewers > 0;

    /// <summary>How it is at a time.</summary>
    public StreamState StateAt(DateTimeOffset now) => (Phase)Volatile.Read(ref _phase) switch
    {
        Phase.Closed => StreamState.Idle,
        Phase.Closing => StreamState.Closing,
        _ when Live.LastAt is not { } last || last.UtcTicks < Volatile.Read(ref _openedTicks) => StreamState.Connecting,
        _ => AgeAt(now) > stalledAfter ? StreamState.Stalled : StreamState.Live,
    };

    /// <summary>How old the newest picture is; null before the first one.</summary>
    public TimeSpan? AgeAt(DateTimeOffset now) => Live.LastAt is not { } last ? null : now > last ? now - last : TimeSpan.Zero;

    /// <summary>Completes when somebody wants it.</summary>
    public async Task WhenWantedAsync(CancellationToken cancellation)
    {
        while (!IsWanted)
        {
            TaskCompletionSource joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
            void Wake() => joined.TrySetResult();
            Live.Joined += Wake;
            try
            {
                // Looked at again: somebody may have come between the two.
                if (!IsWanted)
                    await joined.Task.WaitAsync(cancellation);
            }
            finally
            {
                Live.Joined -= Wake;
            }
        }
    }

    /// <summary>Somebody watches; disposing the scope ends that.</summary>
    public AudienceScope Attend()
    {
        Interlocked.Increment(ref _audience);
        return new(this);
    }

    internal void Open(DateTimeOffset now)
    {
        Volatile.Write(ref _openedTicks, now.UtcTicks);
        Turn(Phase.Open);
    }

    internal void Close() => Turn(Phase.Closing);

    internal void Closed()
    {
        Live.Forget();
        Turn(Phase.Closed);
    }

    internal void Fail(string? trouble)
    {
        Trouble = trouble;
        Live.Nudge();
    }

    internal void Look(CameraView view)
    {
        View = view;
        Live.Nudge();
    }

    internal void Measure(TimeSpan latency)
    {
        var before = Volatile.Read(ref _latencyMs);
        Volatile.Write(ref _latencyMs, double.IsNaN(before) ? latency.TotalMilliseconds : before + (Smoothing * (latency.TotalMilliseconds - before)));
    }

    private void Turn(Phase phase)
    {
        Volatile.Write(ref _phase, (int)phase);
        Live.Nudge();
    }

    /// <summary>One who watches.</summary>
    internal readonly struct AudienceScope(VideoStream stream) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref stream._audience);
    }
}

/// <summary>What came in by a stream. Written by its source, read by everybody.</summary>
internal sealed class StreamFigures
{
    private long _bytes;
    private long _strangers;
    private long _garbage;
    private long _starts;
    private long _skipped;
    private long _gaps;
    private long _damaged;
    private long _disbelieved;

    /// <summary>Bytes of transport stream.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Datagrams of others than the sender that is listened to.</summary>
    public long Strangers => Interlocked.Read(ref _strangers);

    /// <summary>Datagrams that are no transport stream.</summary>
    public long Garbage => Interlocked.Read(ref _garbage);

    /// <summary>How often the source was opened.</summary>
    public long Starts => Interlocked.Read(ref _starts);

    /// <summary>Bytes between the packets of the transport stream.</summary>
    public long Skipped => Interlocked.Read(ref _skipped);

    /// <summary>Places where packets were lost on the way.</summary>
    public long Gaps => Interlocked.Read(ref _gaps);

    /// <summary>Pictures with bytes missing.</summary>
    public long Damaged => Interlocked.Read(ref _damaged);

    /// <summary>Pictures that state a time too far from their arrival: the camera's clock is wrong, or ours.</summary>
    public long Disbelieved => Interlocked.Read(ref _disbelieved);

    internal void AddBytes(int count) => Interlocked.Add(ref _bytes, count);

    internal void AddStranger() => Interlocked.Increment(ref _strangers);

    internal void AddGarbage(long count) => Interlocked.Add(ref _garbage, count);

    internal void AddStart() => Interlocked.Increment(ref _starts);

    internal void Add(in MediaCounters now, in MediaCounters before)
    {
        Interlocked.Add(ref _skipped, now.SkippedBytes - before.SkippedBytes);
        Interlocked.Add(ref _gaps, now.Gaps - before.Gaps);
        Interlocked.Add(ref _damaged, now.DamagedPictures - before.DamagedPictures);
        Interlocked.Add(ref _disbelieved, now.DisbelievedTimes - before.DisbelievedTimes);
    }
}
