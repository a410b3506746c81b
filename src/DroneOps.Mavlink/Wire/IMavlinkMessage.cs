namespace DroneOps.Mavlink;

/// <summary>A generated message struct. Its fields lie in wire order, so reading and writing are one copy.</summary>
/// <typeparam name="TSelf">The message itself.</typeparam>
public interface IMavlinkMessage<TSelf>
    where TSelf : unmanaged, IMavlinkMessage<TSelf>
{
    /// <summary>The message id, 24 bits.</summary>
    static abstract uint Id { get; }

    /// <summary>CRC_EXTRA: the byte that the checksum is closed with, different for every layout.</summary>
    static abstract byte CrcSeed { get; }

    /// <summary>Payload bytes without extensions: the length in a MAVLink 1 frame.</summary>
    static abstract byte BaseLength { get; }

    /// <summary>Payload bytes with extensions: the greatest length in a MAVLink 2 frame.</summary>
    static abstract byte FullLength { get; }

    /// <summary>Reads a payload; missing tail bytes are zeros, surplus bytes are ignored.</summary>
    static abstract TSelf Decode(ReadOnlySpan<byte> payload);

    /// <summary>Writes the untruncated payload and answers its length.</summary>
    int Encode(Span<byte> destination);
}
