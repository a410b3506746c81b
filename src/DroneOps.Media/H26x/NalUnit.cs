namespace DroneOps.Media.H26x;

/// <summary>What a NAL unit is to us.</summary>
internal enum NalKind
{
    /// <summary>Kept in the picture as it is, and neither begins an access unit nor ends one.</summary>
    Other,

    /// <summary>A slice of a picture that needs others to be decoded.</summary>
    Slice,

    /// <summary>A slice of a picture at which decoding can begin.</summary>
    KeySlice,

    VideoParameterSet,
    SequenceParameterSet,
    PictureParameterSet,

    /// <summary>Supplemental enhancement information before the slices.</summary>
    Sei,

    /// <summary>Begins an access unit and carries nothing else.</summary>
    Delimiter,

    /// <summary>Begins an access unit, kept in the picture.</summary>
    Prefix,

    /// <summary>Carries nothing that a viewer needs: filler data, ends of sequence and stream, layers above the base.</summary>
    Useless,
}

/// <summary>The headers of NAL units: ISO/IEC 14496-10, table 7-1, and ISO/IEC 23008-2, table 7-1.</summary>
internal static class NalUnit
{
    public static int HeaderLength(VideoCodec codec) => codec == VideoCodec.H264 ? 1 : 2;

    public static NalKind KindOf(VideoCodec codec, ReadOnlySpan<byte> nal) => codec == VideoCodec.H264 ? KindOfH264(nal) : KindOfH265(nal);

    /// <summary>Whether the slice is the first of its picture: first_mb_in_slice is 0 (ISO/IEC 14496-10, 7.3.3), respectively
    /// first_slice_segment_in_pic_flag is set (ISO/IEC 23008-2, 7.3.6.1). Streams in arbitrary slice order, which no drone sends, are not split
    /// by it; their delimiters split them.</summary>
    public static bool IsFirstSlice(VideoCodec codec, ReadOnlySpan<byte> nal) =>
        nal.Length > HeaderLength(codec) && (nal[HeaderLength(codec)] & 0x80) != 0;

    /// <summary>Whether a unit of this kind, after the slices of a picture, begins the next access unit (ISO/IEC 14496-10, 7.4.1.2.3;
    /// ISO/IEC 23008-2, 7.4.2.4.4).</summary>
    public static bool BeginsUnit(VideoCodec codec, NalKind kind, ReadOnlySpan<byte> nal) => kind switch
    {
        NalKind.Slice or NalKind.KeySlice => IsFirstSlice(codec, nal),
        NalKind.Other or NalKind.Useless => false,
        _ => true,
    };

    private static NalKind KindOfH264(ReadOnlySpan<byte> nal) => nal.Length < 2 ? NalKind.Useless : (nal[0] & 0x1F) switch
    {
        1 or 2 => NalKind.Slice,
        5 => NalKind.KeySlice,
        6 => NalKind.Sei,
        7 => NalKind.SequenceParameterSet,
        8 => NalKind.PictureParameterSet,
        9 => NalKind.Delimiter,
        // 13 and 15 extend the sequence parameter set for layers that are not decoded here; 20 and 21 are their slices.
        10 or 11 or 12 or 13 or 15 or 20 or 21 => NalKind.Useless,
        16 or 17 or 18 => NalKind.Prefix,
        _ => NalKind.Other,
    };

    private static NalKind KindOfH265(ReadOnlySpan<byte> nal)
    {
        // Layers above the base (nuh_layer_id) are not for a decoder of the Main profiles.
        if (nal.Length < 3 || ((nal[0] & 1) << 5 | nal[1] >> 3) != 0)
            return NalKind.Useless;
        return (nal[0] >> 1 & 0x3F) switch
        {
            >= 16 and <= 23 => NalKind.KeySlice,
            < 16 => NalKind.Slice,
            32 => NalKind.VideoParameterSet,
            33 => NalKind.SequenceParameterSet,
            34 => NalKind.PictureParameterSet,
            35 => NalKind.Delimiter,
            36 or 37 or 38 => NalKind.Useless,
            39 => NalKind.Sei,
            (>= 41 and <= 44) or (>= 48 and <= 55) => NalKind.Prefix,
            _ => NalKind.Other,
        };
    }
}
