namespace DroneOps.Media.H26x;

/// <summary>What is read from a sequence parameter set: enough to name the codec and to know the size of the picture.</summary>
/// <param name="Id">The set's own id, by which picture parameter sets refer to it.</param>
/// <param name="VideoSetId">The H.265 video parameter set that it belongs to; 0 in H.264.</param>
/// <param name="Width">Pixels after cropping.</param>
/// <param name="Height">Pixels after cropping.</param>
/// <param name="ChromaFormat">chroma_format_idc: 0 grey, 1 4:2:0, 2 4:2:2, 3 4:4:4.</param>
/// <param name="LumaDepth">Bits of a luma sample.</param>
/// <param name="ChromaDepth">Bits of a chroma sample.</param>
/// <param name="Level">The profile, tier and level as the codec writes them: three bytes in H.264 (profile_idc, constraints, level_idc), twelve in
/// H.265 (general_profile_space to general_level_idc).</param>
/// <param name="SubLayers">H.265 sps_max_sub_layers_minus1 + 1; 1 in H.264.</param>
/// <param name="IsNested">H.265 sps_temporal_id_nesting_flag.</param>
internal sealed record SequenceParameters(
    int Id, int VideoSetId, int Width, int Height, int ChromaFormat, int LumaDepth, int ChromaDepth, byte[] Level, int SubLayers, bool IsNested)
{
    /// <summary>The greatest width and height taken: beyond any camera, and small enough to multiply.</summary>
    public const int GreatestSide = 8192;

    /// <summary>The longest parameter set taken. Real ones have less than 200 bytes; scaling lists can make some hundred more.</summary>
    public const int LongestSet = 4096;

    public static SequenceParameters? Read(VideoCodec codec, ReadOnlySpan<byte> nal)
    {
        if (nal.Length > LongestSet)
            return null;
        Span<byte> payload = stackalloc byte[LongestSet];
        payload = payload[..Rbsp.Unescape(nal[NalUnit.HeaderLength(codec)..], payload)];
        return codec == VideoCodec.H264 ? ReadH264(payload) : ReadH265(payload);
    }

    // ISO/IEC 14496-10, 7.3.2.1.1
    private static SequenceParameters? ReadH264(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 4)
            return null;
        var reader = new BitReader(payload);
        reader.Skip(24);
        var id = reader.Ue();
        uint chroma = 1, lumaDepth = 8, chromaDepth = 8;
        var separatePlanes = false;
        if (payload[0] is 100 or 110 or 122 or 244 or 44 or 83 or 86 or 118 or 128 or 138 or 139 or 134 or 135)
        {
            chroma = reader.Ue();
            if (chroma == 3)
                separatePlanes = reader.Flag();
            lumaDepth = 8 + reader.Ue();
            chromaDepth = 8 + reader.Ue();
            reader.Skip(1);
            if (reader.Flag())
                SkipScalingLists(ref reader, chroma == 3 ? 12 : 8);
        }

        reader.Ue();
        switch (reader.Ue())
        {
            case 0:
                reader.Ue();
                break;
            case 1:
                reader.Skip(1);
                reader.Se();
                reader.Se();
                for (var count = reader.Ue(); count > 0 && !reader.IsOver; count--)
                    reader.Se();
                break;
            default:
                break;
        }

        reader.Ue();
        reader.Skip(1);
        ulong widthInBlocks = reader.Ue() + 1UL, heightInUnits = reader.Ue() + 1UL;
        var framesOnly = reader.Flag();
        if (!framesOnly)
            reader.Skip(1);
        reader.Skip(1);
        var crop = ReadCrop(ref reader);
        // Table 6-1 and 7.4.2.1.1: cropping counts in chroma samples, and in both fields.
        var unitX = chroma is 1 or 2 && !separatePlanes ? 2 : 1;
        var unitY = (chroma == 1 ? 2 : 1) * (framesOnly ? 1 : 2);
        return Checked(reader.IsOver, id, 31, 0, widthInBlocks * 16, heightInUnits * (framesOnly ? 16u : 32u), crop, unitX, unitY, chroma, lumaDepth, chromaDepth, payload[..3], 1, true);
    }

    // ISO/IEC 23008-2, 7.3.2.2.1 and 7.3.3
    private static SequenceParameters? ReadH265(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 14)
            return null;
        var reader = new BitReader(payload);
        var videoSet = (int)reader.Bits(4);
        var subLayers = (int)reader.Bits(3) + 1;
        var isNested = reader.Flag();
        var level = payload.Slice(1, 12);
        reader.Skip(96);
        var subLayersGiven = 0;
        for (var i = 0; i < subLayers - 1; i++)
            subLayersGiven += (reader.Flag() ? 88 : 0) + (reader.Flag() ? 8 : 0);
        if (subLayers > 1)
            reader.Skip(2 * (9 - subLayers));
        reader.Skip(subLayersGiven);
        var id = reader.Ue();
        var chroma = reader.Ue();
        var separatePlanes = chroma == 3 && reader.Flag();
        ulong width = reader.Ue(), height = reader.Ue();
        var crop = reader.Flag() ? new Crop(reader.Ue(), reader.Ue(), reader.Ue(), reader.Ue()) : default;
        uint lumaDepth = 8 + reader.Ue(), chromaDepth = 8 + reader.Ue();
        var unitX = chroma is 1 or 2 && !separatePlanes ? 2 : 1;
        var unitY = chroma == 1 ? 2 : 1;
        return Checked(reader.IsOver, id, 15, videoSet, width, height, crop, unitX, unitY, chroma, lumaDepth, chromaDepth, level, subLayers, isNested);
    }

    private static Crop ReadCrop(ref BitReader reader) =>
        reader.Flag() ? new Crop(reader.Ue(), reader.Ue(), reader.Ue(), reader.Ue()) : default;

    private static SequenceParameters? Checked(
        bool isOver, uint id, uint greatestId, int videoSet, ulong width, ulong height, Crop crop, int unitX, int unitY,
        uint chroma, uint lumaDepth, uint chromaDepth, ReadOnlySpan<byte> level, int subLayers, bool isNested)
    {
        if (isOver || id > greatestId || chroma > 3 || lumaDepth > 16 || chromaDepth > 16 || subLayers > 7 || width > GreatestSide || height > GreatestSide)
            return null;
        var shownWidth = (long)width - ((long)crop.Left + crop.Right) * unitX;
        var shownHeight = (long)height - ((long)crop.Top + crop.Bottom) * unitY;
        if (shownWidth < 1 || shownHeight < 1)
            return null;
        return new SequenceParameters(
            (int)id, videoSet, (int)shownWidth, (int)shownHeight, (int)chroma, (int)lumaDepth, (int)chromaDepth, level.ToArray(), subLayers, isNested);
    }

    // 7.3.2.1.1.1: only their length matters here.
    private static void SkipScalingLists(ref BitReader reader, int count)
    {
        for (var list = 0; list < count && !reader.IsOver; list++)
        {
            if (!reader.Flag())
                continue;
            int last = 8, next = 8;
            for (var i = 0; i < (list < 6 ? 16 : 64) && next != 0 && !reader.IsOver; i++)
            {
                next = (last + reader.Se()) & 0xFF;
                last = next == 0 ? last : next;
            }
        }
    }

    private readonly record struct Crop(uint Left, uint Right, uint Top, uint Bottom);
}
