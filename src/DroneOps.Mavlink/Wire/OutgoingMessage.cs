namespace DroneOps.Mavlink;

/// <summary>A message that waits to be framed: the sequence number and the signature belong to the link that sends it,
/// so they are added there and not where the message is made.</summary>
public sealed class OutgoingMessage
{
    private readonly byte[] _payload;

    private OutgoingMessage(uint messageId, byte crcExtra, byte baseLength, byte[] payload)
    {
        MessageId = messageId;
        CrcExtra = crcExtra;
        BaseLength = baseLength;
        _payload = payload;
    }

    /// <summary>The message id, 24 bits.</summary>
    public uint MessageId { get; }

    /// <summary>The seed that closes the checksum.</summary>
    public byte CrcExtra { get; }

    /// <summary>Payload bytes without extensions, the length in a MAVLink 1 frame.</summary>
    public byte BaseLength { get; }

    /// <summary>The whole payload with extensions, nothing cut.</summary>
    public ReadOnlySpan<byte> Payload => _payload;

    /// <summary>Encodes a message.</summary>
    public static OutgoingMessage From<T>(in T message)
        where T : unmanaged, IMavlinkMessage<T>
    {
        var payload = new byte[T.FullLength];
        message.Encode(payload);
        return new(T.Id, T.CrcSeed, T.BaseLength, payload);
    }

    /// <summary>Whether this is that message.</summary>
    public bool Is<T>()
        where T : unmanaged, IMavlinkMessage<T> => MessageId == T.Id;

    /// <summary>Decodes the payload again, as tests and logs do.</summary>
    public T Decode<T>()
        where T : unmanaged, IMavlinkMessage<T> => T.Decode(_payload);
}
