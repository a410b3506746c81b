namespace DroneOps.Media.TransportStream;

/// <summary>Takes an MPEG transport stream (ISO/IEC 13818-1) apart into the pictures of its first video and the KLV packets of its first metadata
/// stream. It has no I/O and no clock; the loop that receives the bytes owns it.</summary>
/// <remarks>The pictures depend on the bytes alone, not on how they are cut into pieces. After damage it goes on: what is lost is counted, and the
/// pictures that suffered are marked.</remarks>
public sealed partial class TsDemuxer
{
    /// <summary>The sync byte is believed where two more follow at the right distance.</summary>
    private const int SyncSpan = 2 * TsPacket.Length + 1;

    private readonly Action<Picture> _onPicture;
    private readonly byte[] _held = new byte[SyncSpan + TsPacket.Length];
    private int _heldLength;
    private bool _isSynced;
    private DateTimeOffset _now;
    private MediaCounters _counters;

    /// <summary>A demuxer at the beginning of a stream.</summary>
    /// <param name="onPicture">Gets each picture and becomes its owner, within <see cref="Push"/>.</param>
    /// <param name="onMetadata">Gets each KLV packet, within <see cref="Push"/>.</param>
    public TsDemuxer(Action<Picture> onPicture, MetadataHandler onMetadata)
    {
        _onPicture = onPicture;
        _metadata = new MetadataReader(onMetadata);
    }

    /// <summary>Whether pictures of this source came before, by a demuxer before this one: the first one here does not go on with them.</summary>
    public bool IsReopened
    {
        init => _isDiscontinuous = value;
    }

    /// <summary>What was seen and dropped so far.</summary>
    public MediaCounters Counters => _counters;

    /// <summary>The format of the newest picture; null before the first one.</summary>
    public VideoFormat? Format => _units?.Format;

    /// <summary>Whether the programme in hand carries KLV metadata.</summary>
    public bool HasMetadata => _map is { MetadataPid: not ProgrammeMap.None };

    /// <summary>The newest programme clock, ticks of 1/27,000,000 s, 42 bits; null before the first one.</summary>
    public long? ProgrammeClock { get; private set; }

    /// <summary>Takes the next bytes in, cut anywhere: datagrams, or whatever a pipe gave.</summary>
    /// <param name="bytes">The next bytes.</param>
    /// <param name="receivedAt">When they arrived.</param>
    public void Push(ReadOnlySpan<byte> bytes, DateTimeOffset receivedAt)
    {
        _now = receivedAt;
        while (_heldLength > 0 && !bytes.IsEmpty)
        {
            var added = Math.Min(bytes.Length, _held.Length - _heldLength);
            bytes[..added].CopyTo(_held.AsSpan(_heldLength));
            var used = Consume(_held.AsSpan(0, _heldLength + added));
            if (used >= _heldLength)
            {
                bytes = bytes[(used - _heldLength)..];
                _heldLength = 0;
                break;
            }

            _heldLength += added - used;
            _held.AsSpan(used, _heldLength).CopyTo(_held);
            bytes = bytes[added..];
        }

        if (bytes.IsEmpty)
            return;
        var rest = bytes[Consume(bytes)..];
        rest.CopyTo(_held);
        _heldLength = rest.Length;
    }

    /// <summary>The stream is over: hands out the picture that waits for its end. When its last bytes are missing, nothing in the stream tells.</summary>
    public void Flush()
    {
        var rest = _held.AsSpan(0, _heldLength);
        for (; rest.Length >= TsPacket.Length && rest[0] == TsPacket.Sync; rest = rest[TsPacket.Length..])
            Take(new TsPacket(rest[..TsPacket.Length]));
        _counters.SkippedBytes += rest.Length;
        _heldLength = 0;
        _isSynced = false;
        EndPicture();
        EndMetadata();
    }

    /// <summary>Walks over whole packets.</summary>
    /// <returns>The bytes done with. The rest is less than a packet, or too little to find the sync again.</returns>
    private int Consume(ReadOnlySpan<byte> bytes)
    {
        var position = 0;
        while (true)
        {
            if (!_isSynced)
            {
                var skipped = FindSync(bytes[position..], out _isSynced);
                _counters.SkippedBytes += skipped;
                position += skipped;
                if (!_isSynced)
                    return position;
            }

            if (bytes.Length - position < TsPacket.Length)
                return position;
            if (bytes[position] != TsPacket.Sync)
            {
                _isSynced = false;
                _counters.SyncLosses++;
                continue;
            }

            Take(new TsPacket(bytes.Slice(position, TsPacket.Length)));
            position += TsPacket.Length;
        }
    }

    /// <returns>The bytes before the first place that is a packet's beginning, or may be one.</returns>
    private static int FindSync(ReadOnlySpan<byte> bytes, out bool isFound)
    {
        isFound = false;
        for (var position = 0; ; position++)
        {
            var next = bytes[position..].IndexOf(TsPacket.Sync);
            if (next < 0)
                return bytes.Length;
            position += next;
            if (position + SyncSpan > bytes.Length)
                return position;
            isFound = bytes[position + TsPacket.Length] == TsPacket.Sync && bytes[position + SyncSpan - 1] == TsPacket.Sync;
            if (isFound)
                return position;
        }
    }
}
