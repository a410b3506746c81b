using System.Buffers.Binary;
using DroneOps.Media;

namespace DroneOps.Server.Video;

/// <summary>A picture as the console's own decoder takes it: a header of 32 bytes, little-endian, and the NAL units with their lengths. Pure.</summary>
/// <remarks>
/// <c>u8 version=1, u8 flags (1 key, 2 discontinuous, 4 damaged), u16 0, u32 number, i64 pts µs, i64 taken at, i64 received at</c>; the last two in
/// microseconds of Unix time, 0 where not known.
/// </remarks>
internal static class PictureMessage
{
    public const int HeaderLength = 32;

    private const byte Version = 1;
    private const byte Key = 1;
    private const byte Discontinuous = 2;
    private const byte Damaged = 4;

    /// <summary>Writes the header and the picture.</summary>
    /// <param name="destination">Has room for both.</param>
    /// <returns>The length of the message.</returns>
    public static int Write(Picture picture, uint number, Span<byte> destination)
    {
        destination[0] = Version;
        destination[1] = (byte)((picture.IsKey ? Key : 0) | (picture.IsDiscontinuous ? Discontinuous : 0) | (picture.IsDamaged ? Damaged : 0));
        BinaryPrimitives.WriteUInt16LittleEndian(destination[2..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], number);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], picture.Pts * 100 / 9);
        BinaryPrimitives.WriteInt64LittleEndian(destination[16..], picture.CapturedAt is { } taken ? Microseconds(taken) : 0);
        BinaryPrimitives.WriteInt64LittleEndian(destination[24..], Microseconds(picture.ReceivedAt));
        picture.Data.Span.CopyTo(destination[HeaderLength..]);
        return HeaderLength + picture.Data.Length;
    }

    private static long Microseconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
