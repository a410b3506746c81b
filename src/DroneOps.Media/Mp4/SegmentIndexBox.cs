using System.Buffers;

namespace DroneOps.Media.Mp4;

/// <summary>A stretch of a file that a player can jump to.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Ticks">How long it plays.</param>
/// <param name="StartsWithKey">Whether decoding can begin with it.</param>
public readonly record struct IndexedStretch(long Bytes, long Ticks, bool StartsWithKey);

/// <summary>Writes a segment index (<c>sidx</c>, ISO/IEC 14496-12, 8.16.3): it stands between the initialization and the fragments, and tells a player how long
/// the file plays and where to jump, before it has read any of it.</summary>
public static class SegmentIndexBox
{
    /// <summary>Stretches that one index has at most.</summary>
    public const int Most = ushort.MaxValue;

    private const int Fixed = 40;
    private const int Entry = 12;
    private const uint KeyAccess = 0x9000_0000;

    /// <summary>Its length.</summary>
    public static int LengthOf(int stretches) => Fixed + (Entry * stretches);

    /// <summary>Writes it.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="timescale">Ticks in a second.</param>
    /// <param name="stretches">All of the file behind the index, in order.</param>
    public static void Write(IBufferWriter<byte> to, uint timescale, IReadOnlyList<IndexedStretch> stretches)
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(stretches);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stretches.Count, Most);
        var length = LengthOf(stretches.Count);
        BoxWriter box = new(to.GetSpan(length));
        var start = box.Begin("sidx"u8, 1, 0);
        box.U32(InitializationSegment.Track);
        box.U32(timescale);
        box.U64(0);
        box.U64(0);
        box.U16(0);
        box.U16((ushort)stretches.Count);
        foreach (var stretch in stretches)
        {
            // The uppermost bit would say that another index is referred to.
            box.U32((uint)Math.Min(stretch.Bytes, int.MaxValue));
            box.U32((uint)Math.Min(stretch.Ticks, uint.MaxValue));
            box.U32(stretch.StartsWithKey ? KeyAccess : 0);
        }

        box.End(start);
        to.Advance(length);
    }
}
