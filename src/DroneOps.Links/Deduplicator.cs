using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace DroneOps.Links;

/// <summary>Remembers the frames of the recent past by a hash of the whole frame, so that one that comes again, by another
/// link or twice by the same, is passed on once. Owned by its router, under that network's lock.</summary>
/// <remarks>
/// The whole frame, sequence number, checksum and signature included: a router below us that sends a frame down two
/// links does not change it, while a vehicle that speaks on two links by itself numbers them separately, and both
/// are then news. The time counts from the first sight and is not extended, and it is shorter than a second: so a
/// 1 Hz heartbeat of a sender that does not count (sequence always 0) still passes each time. Memory is fixed; under
/// more traffic than it holds, a repeated frame may pass, but a new one is never lost: two different frames
/// share a 64-bit hash, keyed by chance at start, about once in 10^13 comparisons.
/// </remarks>
internal sealed class Deduplicator
{
    private const int Ways = 4;

    private readonly Entry[] _entries;
    private readonly int _setMask;
    private readonly long _window;
    private readonly ulong _key;

    /// <param name="window">How long a frame is remembered, in ticks of the router's clock.</param>
    /// <param name="capacity">Frames remembered at a time; a power of two.</param>
    /// <param name="key">Secret of this process, so that nobody can make another's frames collide.</param>
    public Deduplicator(long window, int capacity, ulong key)
    {
        _entries = new Entry[capacity];
        _setMask = (capacity / Ways) - 1;
        _window = window;
        _key = key;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Entry
    {
        public ulong Hash;
        public long At;
    }

    /// <summary>Whether the frame is new; it is remembered if so.</summary>
    public bool IsNew(ReadOnlySpan<byte> frame, long now)
    {
        var hash = HashOf(frame);
        var set = _entries.AsSpan(((int)hash & _setMask) * Ways, Ways);
        var oldest = 0;
        for (var i = 0; i < set.Length; i++)
        {
            if (set[i].Hash == hash && now - set[i].At < _window)
                return false;
            if (set[i].At < set[oldest].At)
                oldest = i;
        }

        set[oldest] = new Entry { Hash = hash, At = now };
        return true;
    }

    /// <summary>Whether the frame was seen within the window; nothing is remembered.</summary>
    public bool IsRemembered(ReadOnlySpan<byte> frame, long now)
    {
        var hash = HashOf(frame);
        foreach (ref readonly var entry in _entries.AsSpan(((int)hash & _setMask) * Ways, Ways))
        {
            if (entry.Hash == hash && now - entry.At < _window)
                return true;
        }

        return false;
    }

    // Folded 64x64-bit multiplication, eight bytes at a time; only has to spread, not to withstand analysis.
    private ulong HashOf(ReadOnlySpan<byte> bytes)
    {
        const ulong Odd = 0x9E3779B97F4A7C15;
        var hash = _key ^ (ulong)bytes.Length * Odd;
        while (bytes.Length >= 8)
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        ulong tail = 0;
        for (var i = 0; i < bytes.Length; i++)
            tail |= (ulong)bytes[i] << (8 * i);
        hash = Fold(hash ^ tail);
        return hash == 0 ? 1 : hash;

        static ulong Fold(ulong value)
        {
            var high = Math.BigMul(value ^ Odd, 0xD6E8FEB86659FD93, out var low);
            return BitOperations.RotateLeft(high, 29) ^ low;
        }
    }
}
