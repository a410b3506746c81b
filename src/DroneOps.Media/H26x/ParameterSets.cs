namespace DroneOps.Media.H26x;

/// <summary>The parameter sets of one stream as they came, and the <see cref="VideoFormat"/> that they make. Owned by one
/// <see cref="AccessUnitReader"/>.</summary>
internal sealed class ParameterSets(VideoCodec codec)
{
    private readonly byte[]?[] _video = new byte[16][];
    private readonly (byte[] Set, SequenceParameters Parameters)?[] _sequence = new (byte[], SequenceParameters)?[32];
    private readonly (byte[] Set, int Sequence)?[] _picture = new (byte[], int)?[codec == VideoCodec.H264 ? 256 : 64];
    private VideoFormat? _format;
    private int _formatSequence = -1;
    private bool _changed;

    /// <summary>Takes a set in. One that came before in the same bytes costs a comparison.</summary>
    /// <returns>False when it cannot be read or is beyond the limits; what was known stays.</returns>
    public bool Take(NalKind kind, ReadOnlySpan<byte> nal) => kind switch
    {
        NalKind.VideoParameterSet => TakeVideo(nal),
        NalKind.SequenceParameterSet => TakeSequence(nal),
        _ => TakePicture(nal),
    };

    /// <summary>The format that a slice is coded with; null while a set that it refers to is missing.</summary>
    public VideoFormat? FormatOf(NalKind kind, ReadOnlySpan<byte> slice)
    {
        if (SequenceOf(kind, slice) is not { } id || _sequence[id] is not { } sequence)
            return null;
        if (_format is not null && !_changed && id == _formatSequence)
            return _format;
        if (codec == VideoCodec.H265 && _video[sequence.Parameters.VideoSetId] is null)
            return null;

        byte[][] videoSets = codec == VideoCodec.H265 ? [_video[sequence.Parameters.VideoSetId]!] : [];
        // Both records count picture parameter sets in a field that 255 fills: H.264 allows 256 of them, nobody has more than a few.
        byte[][] pictureSets = [.. _picture.Where(entry => entry?.Sequence == id).Select(entry => entry!.Value.Set).Take(255)];
        (_formatSequence, _changed) = (id, false);
        if (_format is null || !AreThose(_format.ParameterSets, [.. videoSets, sequence.Set, .. pictureSets]))
            _format = DecoderConfiguration.Format(codec, sequence.Parameters, videoSets, sequence.Set, pictureSets);
        return _format;
    }

    private static bool AreThose(IReadOnlyList<ReadOnlyMemory<byte>> known, byte[][] sets)
    {
        if (known.Count != sets.Length)
            return false;
        for (var i = 0; i < sets.Length; i++)
        {
            if (!known[i].Span.SequenceEqual(sets[i]))
                return false;
        }

        return true;
    }

    /// <summary>The sequence parameter set of a slice, by way of its picture parameter set (ISO/IEC 14496-10, 7.3.3; ISO/IEC 23008-2, 7.3.6.1).</summary>
    private int? SequenceOf(NalKind kind, ReadOnlySpan<byte> slice)
    {
        Span<byte> head = stackalloc byte[24];
        var reader = new BitReader(head[..Rbsp.Unescape(slice[NalUnit.HeaderLength(codec)..], head)]);
        if (codec == VideoCodec.H264)
        {
            reader.Ue();
            reader.Ue();
        }
        else
        {
            // A later segment has its address before the id, in a number of bits that depends on the set; the first segment is asked instead.
            if (!reader.Flag())
                return _formatSequence < 0 ? null : _formatSequence;
            if (kind == NalKind.KeySlice)
                reader.Skip(1);
        }

        var id = reader.Ue();
        return reader.IsOver || id >= _picture.Length ? null : _picture[id]?.Sequence;
    }

    private bool TakeVideo(ReadOnlySpan<byte> nal)
    {
        if (nal.Length is < 3 or > SequenceParameters.LongestSet)
            return false;
        ref var known = ref _video[nal[2] >> 4];
        if (known is null || !nal.SequenceEqual(known))
        {
            known = nal.ToArray();
            _changed = true;
        }

        return true;
    }

    private bool TakeSequence(ReadOnlySpan<byte> nal)
    {
        foreach (var known in _sequence)
        {
            if (known is { } entry && nal.SequenceEqual(entry.Set))
                return true;
        }

        if (SequenceParameters.Read(codec, nal) is not { } parameters)
            return false;
        _sequence[parameters.Id] = (nal.ToArray(), parameters);
        _changed = true;
        return true;
    }

    // ISO/IEC 14496-10, 7.3.2.2; ISO/IEC 23008-2, 7.3.2.3.1: both begin with their own id and that of the sequence parameter set.
    private bool TakePicture(ReadOnlySpan<byte> nal)
    {
        if (nal.Length > SequenceParameters.LongestSet)
            return false;
        Span<byte> head = stackalloc byte[16];
        var reader = new BitReader(head[..Rbsp.Unescape(nal[NalUnit.HeaderLength(codec)..], head)]);
        uint id = reader.Ue(), sequence = reader.Ue();
        if (reader.IsOver || id >= _picture.Length || sequence >= (codec == VideoCodec.H264 ? 32 : 16))
            return false;
        if (_picture[id] is { } known && known.Sequence == sequence && nal.SequenceEqual(known.Set))
            return true;
        _picture[id] = (nal.ToArray(), (int)sequence);
        _changed = true;
        return true;
    }
}
