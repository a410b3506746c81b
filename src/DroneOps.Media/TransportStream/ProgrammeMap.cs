using System.Buffers.Binary;

namespace DroneOps.Media.TransportStream;

/// <summary>How metadata is carried.</summary>
internal enum MetadataCarriage
{
    /// <summary>KLV packets as they are (private stream with the registration KLVA; MISB ST 1402, 9.4.1).</summary>
    Plain,

    /// <summary>In metadata access units with a header each, with time stamps (stream type 0x15; ISO/IEC 13818-1, 2.12.4).</summary>
    Synchronous,
}

/// <summary>What a programme map says of the streams read here: the first video in a coding we know, and the first KLV metadata.</summary>
internal readonly record struct ProgrammeMap(int Number, int ClockPid, int VideoPid, VideoCodec Codec, int MetadataPid, MetadataCarriage Carriage)
{
    /// <summary>In place of the PID of a stream that there is none of.</summary>
    public const int None = -1;

    private const int StreamTypeH264 = 0x1B;
    private const int StreamTypeH265 = 0x24;
    private const int StreamTypePrivate = 0x06;
    private const int StreamTypeMetadata = 0x15;
    private const byte TableId = 0x02;
    private const int HeaderLength = 12;
    private const int ChecksumLength = 4;
    private const byte RegistrationDescriptor = 0x05;

    /// <summary>Reads TS_program_map_section, 2.4.4.8.</summary>
    /// <returns>Null for another table, one that is not in force yet, and one whose lengths contradict each other.</returns>
    public static ProgrammeMap? Read(ReadOnlySpan<byte> section)
    {
        if (section.Length < HeaderLength + ChecksumLength || section[0] != TableId || (section[5] & 1) == 0)
            return null;
        var map = new ProgrammeMap(BinaryPrimitives.ReadUInt16BigEndian(section[3..]), Pid(section[8..]), None, default, None, default);
        var rest = section[HeaderLength..^ChecksumLength];
        var descriptors = Count(section[10..]);
        if (descriptors > rest.Length)
            return null;
        rest = rest[descriptors..];
        while (rest.Length >= 5)
        {
            var (type, pid, length) = (rest[0], Pid(rest[1..]), Count(rest[3..]));
            if (5 + length > rest.Length)
                return null;
            var details = rest.Slice(5, length);
            rest = rest[(5 + length)..];
            if (map.VideoPid == None && type is StreamTypeH264 or StreamTypeH265)
                map = map with { VideoPid = pid, Codec = type == StreamTypeH264 ? VideoCodec.H264 : VideoCodec.H265 };
            else if (map.MetadataPid == None && (type == StreamTypeMetadata || type == StreamTypePrivate && IsKlv(details)))
                map = map with { MetadataPid = pid, Carriage = type == StreamTypeMetadata ? MetadataCarriage.Synchronous : MetadataCarriage.Plain };
        }

        return map;
    }

    private static int Pid(ReadOnlySpan<byte> field) => BinaryPrimitives.ReadUInt16BigEndian(field) & 0x1FFF;

    private static int Count(ReadOnlySpan<byte> field) => BinaryPrimitives.ReadUInt16BigEndian(field) & 0x0FFF;

    private static bool IsKlv(ReadOnlySpan<byte> descriptors)
    {
        while (descriptors.Length >= 2 && descriptors.Length >= 2 + descriptors[1])
        {
            if (descriptors[0] == RegistrationDescriptor && descriptors.Slice(2, descriptors[1]).StartsWith("KLVA"u8))
                return true;
            descriptors = descriptors[(2 + descriptors[1])..];
        }

        return false;
    }
}
