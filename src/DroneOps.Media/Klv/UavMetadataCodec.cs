using System.Buffers.Binary;
using System.Text;

namespace DroneOps.Media.Klv;

/// <summary>Reads and writes the UAS Datalink Local Set, MISB ST 0601.</summary>
public static partial class UavMetadataCodec
{
    /// <summary>The longest packet that <see cref="Write"/> makes of metadata without unknown items.</summary>
    public const int LongestKnown = 1024;

    private const int ChecksumTag = 1;
    private const int ChecksumItemLength = 4;
    private const int MostUnknown = 256;

    private static ReadOnlySpan<byte> Key => [0x06, 0x0E, 0x2B, 0x34, 0x02, 0x0B, 0x01, 0x01, 0x0E, 0x01, 0x03, 0x01, 0x01, 0x00, 0x00, 0x00];

    /// <summary>Reads one packet.</summary>
    /// <param name="packet">Universal key, length, value; bytes after it are not looked at.</param>
    public static UavMetadataResult Read(ReadOnlySpan<byte> packet)
    {
        if (KlvPacket.LengthOf(packet) is not { } length)
            return new UavMetadataResult.Malformed();
        packet = packet[..length];
        if (!packet.StartsWith(Key))
            return new UavMetadataResult.OtherSet();
        var rest = packet[KlvPacket.KeyLength..];
        KlvPacket.ReadLength(ref rest);
        // 6.3.1: the checksum is the last item, and covers everything from the key to its own length.
        if (rest.Length < ChecksumItemLength || rest[^4] != ChecksumTag || rest[^3] != 2)
            return new UavMetadataResult.WrongChecksum();
        if (Checksum(packet[..^2]) != BinaryPrimitives.ReadUInt16BigEndian(packet[^2..]))
            return new UavMetadataResult.WrongChecksum();
        return ReadItems(rest[..^ChecksumItemLength]) is { } metadata ? new UavMetadataResult.Read(metadata) : new UavMetadataResult.Malformed();
    }

    /// <summary>Writes a packet. Positions of the corners are written in full, and as distances from the middle where these are short enough.</summary>
    /// <returns>The bytes written.</returns>
    /// <exception cref="ArgumentException"><paramref name="into"/> is too short: <see cref="LongestKnown"/> is enough, and the unknown items.</exception>
    public static int Write(UavMetadata metadata, Span<byte> into)
    {
        // The length always has three bytes, so that it need not be known before: long form, two bytes.
        const int lengthBytes = 3;
        Key.CopyTo(into);
        var writer = new ItemWriter(into[(KlvPacket.KeyLength + lengthBytes)..]);
        WriteItems(ref writer, metadata);
        var value = writer.Position + ChecksumItemLength;
        if (value > ushort.MaxValue)
            throw new ArgumentException("A packet has at most 64 KiB.", nameof(metadata));
        into[KlvPacket.KeyLength] = 0x82;
        BinaryPrimitives.WriteUInt16BigEndian(into[(KlvPacket.KeyLength + 1)..], (ushort)value);
        var end = KlvPacket.KeyLength + lengthBytes + value;
        Seal(into[..end]);
        return end;
    }

    /// <summary>Puts the checksum into the last four bytes of a packet.</summary>
    internal static void Seal(Span<byte> packet)
    {
        packet[^4] = ChecksumTag;
        packet[^3] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(packet[^2..], Checksum(packet[..^2]));
    }

    /// <summary>The sum of all 16-bit words, the last filled up with 0 (6.3.1).</summary>
    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (var i = 0; i < bytes.Length; i++)
            sum += (uint)(bytes[i] << ((i & 1) == 0 ? 8 : 0));
        return (ushort)sum;
    }

    // BER-OID: seven bits a byte, the highest says that more follow. Tags beyond two bytes are not defined.
    private static int? ReadTag(ref ReadOnlySpan<byte> bytes)
    {
        var tag = 0;
        for (var i = 0; i < bytes.Length && i < 3; i++)
        {
            tag = tag << 7 | bytes[i] & 0x7F;
            if ((bytes[i] & 0x80) == 0)
            {
                bytes = bytes[(i + 1)..];
                return tag;
            }
        }

        return null;
    }

    private ref struct ItemWriter(Span<byte> output)
    {
        private readonly Span<byte> _output = output;

        public int Position { get; private set; }

        public void Number(int tag, double? number, FixedPoint form)
        {
            if (number is { } value)
                form.Write(value, Begin(tag, form.Bytes));
        }

        public void Text(int tag, string? text)
        {
            if (text is null)
                return;
            // 127 bytes are the most that ST 0601 allows for its strings.
            Span<byte> bytes = stackalloc byte[127];
            Encoding.UTF8.TryGetBytes(text, bytes, out var written);
            if (written == 0 && text.Length > 0)
                Encoding.UTF8.GetEncoder().Convert(text, bytes, flush: false, out _, out written, out _);

            bytes[..written].CopyTo(Begin(tag, written));
        }

        public void Raw(int tag, scoped ReadOnlySpan<byte> value) => value.CopyTo(Begin(tag, value.Length));

        private Span<byte> Begin(int tag, int length)
        {
            if (tag > 0x3FFF)
                Put((byte)(0x80 | tag >> 14));
            if (tag > 0x7F)
                Put((byte)(0x80 | tag >> 7 & 0x7F));
            Put((byte)(tag & 0x7F));
            if (length > 0x7F)
            {
                Put(0x82);
                Put((byte)(length >> 8));
            }

            Put((byte)length);
            if (length > ushort.MaxValue || length > _output.Length - Position)
                throw new ArgumentException("The items do not fit.");
            Position += length;
            return _output.Slice(Position - length, length);
        }

        private void Put(byte value)
        {
            if (Position == _output.Length)
                throw new ArgumentException("The items do not fit.");
            _output[Position++] = value;
        }
    }
}
