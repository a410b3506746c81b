using System.Globalization;
using System.Numerics;
using System.Text;

namespace DroneOps.Media.H26x;

/// <summary>Writes what players want to be told first: the codec's name (RFC 6381) and the decoder configuration record.</summary>
internal static class DecoderConfiguration
{
    public static VideoFormat Format(VideoCodec codec, SequenceParameters parameters, IReadOnlyList<byte[]> videoSets, byte[] sequenceSet, IReadOnlyList<byte[]> pictureSets)
    {
        ReadOnlyMemory<byte>[] sets = [.. videoSets.Append(sequenceSet).Concat(pictureSets).Select(set => new ReadOnlyMemory<byte>(set))];
        return codec == VideoCodec.H264
            ? new VideoFormat(codec, parameters.Width, parameters.Height, "avc1." + Convert.ToHexString(parameters.Level), Avc(parameters, sequenceSet, pictureSets), sets)
            : new VideoFormat(codec, parameters.Width, parameters.Height, HevcName(parameters), Hevc(parameters, videoSets, sequenceSet, pictureSets), sets);
    }

    /// <summary>AVCDecoderConfigurationRecord, ISO/IEC 14496-15, 5.3.3.1.2.</summary>
    private static byte[] Avc(SequenceParameters parameters, byte[] sequenceSet, IReadOnlyList<byte[]> pictureSets)
    {
        List<byte> record = [1, .. parameters.Level, 0xFF, 0xE1];
        AddSet(record, sequenceSet);
        record.Add((byte)pictureSets.Count);
        foreach (var set in pictureSets)
            AddSet(record, set);
        if (parameters.Level[0] is not (66 or 77 or 88))
        {
            record.AddRange([
                (byte)(0xFC | parameters.ChromaFormat), (byte)(0xF8 | (parameters.LumaDepth - 8)), (byte)(0xF8 | (parameters.ChromaDepth - 8)), 0]);
        }

        return [.. record];
    }

    /// <summary>HEVCDecoderConfigurationRecord, ISO/IEC 14496-15, 8.3.3.1.2. What is not known of the frame rate, segmentation and parallelism
    /// is 0, "not indicated".</summary>
    private static byte[] Hevc(SequenceParameters parameters, IReadOnlyList<byte[]> videoSets, byte[] sequenceSet, IReadOnlyList<byte[]> pictureSets)
    {
        List<byte> record =
        [
            1, .. parameters.Level, 0xF0, 0x00, 0xFC,
            (byte)(0xFC | parameters.ChromaFormat), (byte)(0xF8 | (parameters.LumaDepth - 8)), (byte)(0xF8 | (parameters.ChromaDepth - 8)),
            0, 0, (byte)(parameters.SubLayers << 3 | (parameters.IsNested ? 4 : 0) | 3), 3,
        ];
        AddArray(record, 32, videoSets);
        AddArray(record, 33, [sequenceSet]);
        AddArray(record, 34, pictureSets);
        return [.. record];
    }

    private static void AddArray(List<byte> record, int type, IReadOnlyList<byte[]> sets)
    {
        record.AddRange([(byte)(0x80 | type), (byte)(sets.Count >> 8), (byte)sets.Count]);
        foreach (var set in sets)
            AddSet(record, set);
    }

    private static void AddSet(List<byte> record, byte[] set) => record.AddRange([(byte)(set.Length >> 8), (byte)set.Length, .. set]);

    /// <summary>ISO/IEC 14496-15, E.3: profile space and profile, compatibility flags in reverse bit order, tier and level, and the constraint
    /// bytes up to the last that is not 0.</summary>
    private static string HevcName(SequenceParameters parameters)
    {
        var level = parameters.Level;
        var space = (level[0] >> 6) switch { 1 => "A", 2 => "B", 3 => "C", _ => "" };
        var compatibility = Reverse((uint)level[1] << 24 | (uint)level[2] << 16 | (uint)level[3] << 8 | level[4]);
        var name = new StringBuilder(string.Create(CultureInfo.InvariantCulture,
            $"hvc1.{space}{level[0] & 0x1F}.{compatibility:X}.{((level[0] & 0x20) != 0 ? 'H' : 'L')}{level[11]}"));
        var constraints = level.AsSpan(5, 6);
        foreach (var constraint in constraints[..(constraints.LastIndexOfAnyExcept((byte)0) + 1)])
            name.Append('.').Append(constraint.ToString("X", CultureInfo.InvariantCulture));
        return name.ToString();
    }

    private static uint Reverse(uint value)
    {
        uint reversed = 0;
        while (value != 0)
        {
            reversed |= 0x8000_0000 >> BitOperations.TrailingZeroCount(value);
            value &= value - 1;
        }

        return reversed;
    }
}
