namespace DroneOps.Media.Mp4;

/// <summary>A complete fragment of a file.</summary>
/// <param name="Offset">Where it begins: at its first box, which may stand before the <c>moof</c>.</param>
/// <param name="Length">Its bytes, to the end of the <c>mdat</c>.</param>
/// <param name="SequenceAt">Where in the file the four bytes of its number are.</param>
/// <param name="BaseTimeAt">Where in the file the eight (or, before version 1, four) bytes of its base time are; 0 when it has none.</param>
/// <param name="BaseTimeBytes">How many they are.</param>
/// <param name="ReferenceTimeAt">Where in the file the eight bytes of the media time of its <c>prft</c> are; 0 when it has none.</param>
/// <param name="CapturedAt">The wall-clock time of its first picture by its <c>prft</c>.</param>
/// <param name="Samples">The pictures, in decoding order.</param>
public sealed record Mp4Fragment(
    long Offset, long Length, long SequenceAt, long BaseTimeAt, int BaseTimeBytes, long ReferenceTimeAt, DateTimeOffset? CapturedAt, IReadOnlyList<Mp4Sample> Samples)
{
    /// <summary>The decoding time of its first picture, ticks of the file.</summary>
    public long StartTime => Samples.Count > 0 ? Samples[0].Dts : 0;

    /// <summary>The end of its last picture, ticks of the file.</summary>
    public long EndTime => Samples is [.., var last] ? last.Dts + last.Duration : 0;

    /// <summary>Whether decoding can begin with it.</summary>
    public bool StartsWithKey => Samples is [{ IsKey: true }, ..];
}

/// <summary>A picture in a file.</summary>
/// <param name="Offset">Where its bytes are.</param>
/// <param name="Size">How many.</param>
/// <param name="Dts">When it is decoded, ticks of the file.</param>
/// <param name="Pts">When it is shown, ticks of the file.</param>
/// <param name="Duration">For how long, ticks of the file.</param>
/// <param name="IsKey">Whether decoding can begin here.</param>
public readonly record struct Mp4Sample(long Offset, int Size, long Dts, long Pts, uint Duration, bool IsKey);
