using System.Buffers.Binary;

namespace DroneOps.Mavlink;

/// <summary>One frame, as a view over the bytes it was found in: valid only as long as they are.
/// (MAVLink guide, "Packet Serialization".)</summary>
public readonly ref struct MavlinkFrame
{
    /// <summary>First byte of a MAVLink 1 frame.</summary>
    public const byte Magic1 = 0xFE;

    /// <summary>First byte of a MAVLink 2 frame.</summary>
    public const byte Magic2 = 0xFD;

    /// <summary>Incompatibility flag: a signature of 13 bytes follows the checksum. No other flag is defined.</summary>
    public const byte SignedFlag = 0x01;

    /// <summary>Bytes of a signature block: link id, 48-bit timestamp, 48-bit signature.</summary>
    public const int SignatureLength = 13;

    /// <summary>The longest frame: header 10, payload 255, checksum 2, signature 13.</summary>
    public const int MaxLength = 280;

    internal const int Header1 = 6;
    internal const int Header2 = 10;
    internal const int ChecksumLength = 2;

    internal MavlinkFrame(ReadOnlySpan<byte> bytes, uint messageId, bool isKnown)
    {
        Bytes = bytes;
        MessageId = messageId;
        IsKnown = isKnown;
    }

    /// <summary>The whole frame, from its magic to its last byte.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The message id, 24 bits.</summary>
    public uint MessageId { get; }

    /// <summary>Whether the catalog knows the message. Where it does not, the checksum could not be verified:
    /// such a frame may be forwarded and logged, never acted on.</summary>
    public bool IsKnown { get; }

    /// <summary>1 or 2.</summary>
    public int Version => Bytes[0] == Magic2 ? 2 : 1;

    /// <summary>Sender's packet counter, per link, wraps at 255.</summary>
    public byte Sequence => Bytes[Bytes[0] == Magic2 ? 4 : 2];

    /// <summary>Sender's system id.</summary>
    public byte SystemId => Bytes[Bytes[0] == Magic2 ? 5 : 3];

    /// <summary>Sender's component id.</summary>
    public byte ComponentId => Bytes[Bytes[0] == Magic2 ? 6 : 4];

    /// <summary>The payload as it came: MAVLink 2 cuts trailing zeros off.</summary>
    public ReadOnlySpan<byte> Payload => Bytes.Slice(Bytes[0] == Magic2 ? Header2 : Header1, Bytes[1]);

    /// <summary>Whether a signature is attached (which says nothing of whether it is right).</summary>
    public bool IsSigned => Bytes[0] == Magic2 && (Bytes[2] & SignedFlag) != 0;

    /// <summary>The signature block, empty where there is none.</summary>
    public ReadOnlySpan<byte> Signature => IsSigned ? Bytes[^SignatureLength..] : default;

    /// <summary>The checksum as sent.</summary>
    public ushort Checksum => BinaryPrimitives.ReadUInt16LittleEndian(Bytes[((Bytes[0] == Magic2 ? Header2 : Header1) + Bytes[1])..]);

    /// <summary>Whether this is a known frame of that message.</summary>
    public bool Is<T>()
        where T : unmanaged, IMavlinkMessage<T> => IsKnown && MessageId == T.Id;

    /// <summary>Decodes the payload. The caller has looked at <see cref="MessageId"/> or <see cref="Is{T}"/> first.</summary>
    public T Decode<T>()
        where T : unmanaged, IMavlinkMessage<T> => T.Decode(Payload);

    /// <summary>Views a buffer that holds exactly one intact frame.</summary>
    /// <returns>False where the bytes are not exactly one frame with a right checksum, or one of an unknown message.</returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, MessageCatalog catalog, out MavlinkFrame frame)
    {
        var scanner = new FrameScanner(bytes, catalog, isFinal: true);
        return scanner.TryRead(out frame) && frame.Bytes.Length == bytes.Length;
    }
}
