using System.Buffers;

namespace DroneOps.Media;

/// <summary>One coded picture (an access unit) on its way from a source to the recorder and the viewers, who share its bytes.</summary>
/// <remarks>
/// The bytes are NAL units, each after its length in four bytes, big-endian (the sample format of ISO/IEC 14496-15): MP4 and WebCodecs take them
/// as they are, and RTP finds the units without a search. Parameter sets and access unit delimiters are left out; the sets are in
/// <see cref="Format"/>. The buffer is rented and goes back when the last holder has disposed of the picture: whoever keeps it beyond the call
/// that brought it takes a share with <see cref="Share"/>.
/// </remarks>
public sealed class Picture : IDisposable
{
    /// <summary>Ticks of <see cref="Pts"/> and <see cref="Dts"/> in a second.</summary>
    public const int Clock = 90_000;

    private readonly int _length;
    private byte[]? _buffer;
    private int _holders = 1;

    /// <summary>Takes over <paramref name="rented"/>, which must come from <see cref="ArrayPool{T}.Shared"/>.</summary>
    public Picture(VideoFormat format, byte[] rented, int length)
    {
        ArgumentNullException.ThrowIfNull(rented);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, rented.Length);
        Format = format;
        _buffer = rented;
        _length = length;
    }

    /// <summary>What it is coded with.</summary>
    public VideoFormat Format { get; }

    /// <summary>When it is shown, ticks of 1/90,000 s on the source's own clock, unwrapped: it grows through the 33 bits of MPEG-TS.</summary>
    public long Pts { get; init; }

    /// <summary>When it is decoded; equal to <see cref="Pts"/> in streams without reordering. Never less than that of the picture before.</summary>
    public long Dts { get; init; }

    /// <summary>Whether decoding can begin here (IDR, or H.265 IRAP).</summary>
    public bool IsKey { get; init; }

    /// <summary>Whether bytes of it were lost on the way. A decoder may show it with errors.</summary>
    public bool IsDamaged { get; init; }

    /// <summary>Whether pictures before it are missing, or the source's clock jumped: times before and after do not compare.</summary>
    public bool IsDiscontinuous { get; init; }

    /// <summary>When the camera took it by the source's own statement (RTCP sender report, ST 0601 time stamp); null when it says nothing, or
    /// a time too far from the arrival to be believed.</summary>
    public DateTimeOffset? CapturedAt { get; init; }

    /// <summary>When its last byte arrived here, by this machine's clock.</summary>
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The NAL units with their lengths. Not to be touched after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Data => (_buffer ?? throw new ObjectDisposedException(nameof(Picture))).AsMemory(0, _length);

    /// <summary>One more holder; each disposes once. Only a present holder may call it.</summary>
    public Picture Share()
    {
        ObjectDisposedException.ThrowIf(Interlocked.Increment(ref _holders) <= 1, this);
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _holders) == 0 && Interlocked.Exchange(ref _buffer, null) is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
