using DroneOps.Media.Klv;

namespace DroneOps.Fuzz;

/// <summary>ST 0601 metadata as it came, and with a right checksum, so that mutations get past it; what was read survives being written.</summary>
internal sealed class UavMetadataTarget : IFuzzTarget
{
    private const int Longest = 8 * 1024;

    public string Name => "uav-metadata";

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length > Longest)
            return;
        UavMetadataCodec.Read(input);
        var mended = input.ToArray();
        if (KlvPacket.LengthOf(mended) is { } length)
            UavMetadataCodec.Seal(mended.AsSpan(0, length));
        if (UavMetadataCodec.Read(mended) is not UavMetadataResult.Read first)
            return;

        // Corners sent as distances are written in full, and what is beyond a string's limit is cut: after that nothing changes any more.
        var second = Again(Write(first.Metadata));
        var third = Again(second);
        if (!Again(third).AsSpan().SequenceEqual(third))
            throw new InvalidOperationException("What was written is read as something else.");
    }

    private static byte[] Again(byte[] packet) => UavMetadataCodec.Read(packet) is UavMetadataResult.Read result
        ? Write(result.Metadata)
        : throw new InvalidOperationException("What was written cannot be read.");

    private static byte[] Write(UavMetadata metadata)
    {
        var buffer = new byte[4 * Longest];
        return buffer[..UavMetadataCodec.Write(metadata, buffer)];
    }
}
