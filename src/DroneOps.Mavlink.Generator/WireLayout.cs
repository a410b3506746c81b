using System.Linq;
using System.Text;

namespace DroneOps.Mavlink.Generator;

/// <summary>The order of a message's fields on the wire and what follows from it
/// (MAVLink guide, "Packet Serialization": fields are sorted by size, largest first, extensions stay as written).</summary>
internal static class WireLayout
{
    public static void Arrange(MessageModel message)
    {
        // OrderByDescending is stable: equal sizes keep the order of the XML, as the definition asks.
        var arranged = message.Fields.Where(f => !f.IsExtension).OrderByDescending(f => f.Type.Size)
            .Concat(message.Fields.Where(f => f.IsExtension)).ToList();
        message.Fields.Clear();
        message.Fields.AddRange(arranged);
    }

    /// <summary>Payload bytes without extensions: the whole payload of a MAVLink 1 frame.</summary>
    public static int MinLength(MessageModel message) => message.Fields.Where(f => !f.IsExtension).Sum(f => f.Size);

    public static int MaxLength(MessageModel message) => message.Fields.Sum(f => f.Size);

    /// <summary>Offset of a one-byte base field in the payload, or -1.</summary>
    public static int OffsetOf(MessageModel message, string field)
    {
        var offset = 0;
        foreach (var f in message.Fields)
        {
            if (f.Name == field && f.Size == 1)
                return offset;
            offset += f.Size;
        }

        return -1;
    }

    /// <summary>The CRC seed of a message: a checksum over its name and its base fields' types, names and array
    /// lengths in wire order, folded to one byte (MAVLink guide, "CRC_EXTRA calculation").</summary>
    public static byte CrcExtra(MessageModel message)
    {
        ushort crc = 0xFFFF;
        Accumulate(ref crc, message.Name + " ");
        foreach (var field in message.Fields.Where(f => !f.IsExtension))
        {
            Accumulate(ref crc, field.Type.Name + " ");
            Accumulate(ref crc, field.Name + " ");
            if (field.IsArray)
                Accumulate(ref crc, (byte)field.ArrayLength);
        }

        return (byte)((crc & 0xFF) ^ (crc >> 8));
    }

    private static void Accumulate(ref ushort crc, string text)
    {
        foreach (var b in Encoding.ASCII.GetBytes(text))
            Accumulate(ref crc, b);
    }

    private static void Accumulate(ref ushort crc, byte value)
    {
        var tmp = (byte)(value ^ (byte)crc);
        tmp ^= (byte)(tmp << 4);
        crc = (ushort)((crc >> 8) ^ (tmp << 8) ^ (tmp << 3) ^ (tmp >> 4));
    }
}
