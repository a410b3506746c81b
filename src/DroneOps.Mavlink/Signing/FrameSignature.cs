using System.Buffers.Binary;

namespace DroneOps.Mavlink;

/// <summary>The 13 bytes after the checksum of a signed frame: link id, 48-bit timestamp, 48-bit signature, little endian.</summary>
internal readonly ref struct FrameSignature(ReadOnlySpan<byte> block)
{
    public const int TagLength = 6;
    public const int UnsignedLength = MavlinkFrame.SignatureLength - TagLength;

    private readonly ReadOnlySpan<byte> _block = block;

    public byte LinkId => _block[0];

    public ulong Timestamp => BinaryPrimitives.ReadUInt32LittleEndian(_block[1..]) | (ulong)BinaryPrimitives.ReadUInt16LittleEndian(_block[5..]) << 32;

    public ReadOnlySpan<byte> Tag => _block[UnsignedLength..];

    public static void Write(Span<byte> block, byte linkId, ulong timestamp)
    {
        block[0] = linkId;
        BinaryPrimitives.WriteUInt32LittleEndian(block[1..], (uint)timestamp);
        BinaryPrimitives.WriteUInt16LittleEndian(block[5..], (ushort)(timestamp >> 32));
    }
}
