using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace DroneOps.Mavlink;

/// <summary>Who sends a frame.</summary>
/// <param name="SystemId">System id, 1..255.</param>
/// <param name="ComponentId">Component id, 1..255.</param>
public readonly record struct MavlinkAddress(byte SystemId, byte ComponentId);

/// <summary>Writes frames into a caller's buffer.</summary>
public static class FrameWriter
{
    /// <summary>Writes a MAVLink 2 frame: trailing zeros of the payload are cut, one byte always stays.</summary>
    /// <param name="destination">At least <see cref="MavlinkFrame.MaxLength"/> bytes, so that no length needs checking.</param>
    /// <param name="message">The message.</param>
    /// <param name="sender">Our address.</param>
    /// <param name="sequence">The link's packet counter.</param>
    /// <returns>The frame's length.</returns>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public static int Write<T>(Span<byte> destination, in T message, MavlinkAddress sender, byte sequence)
        where T : unmanaged, IMavlinkMessage<T>
    {
        if (destination.Length < MavlinkFrame.MaxLength)
            ThrowTooShort();
        var payload = destination.Slice(MavlinkFrame.Header2, T.FullLength);
        message.Encode(payload);
        return Finish(destination, T.Id, T.FullLength, T.CrcSeed, sender, sequence);
    }

    /// <summary>Writes a MAVLink 2 frame of a message that was encoded before.</summary>
    /// <returns>The frame's length.</returns>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public static int Write(Span<byte> destination, OutgoingMessage message, MavlinkAddress sender, byte sequence)
    {
        if (destination.Length < MavlinkFrame.MaxLength)
            ThrowTooShort();
        message.Payload.CopyTo(destination[MavlinkFrame.Header2..]);
        return Finish(destination, message.MessageId, message.Payload.Length, message.CrcExtra, sender, sequence);
    }

    /// <summary>Writes a MAVLink 1 frame: base fields only, nothing cut.</summary>
    /// <returns>The frame's length.</returns>
    /// <exception cref="ArgumentException">The destination is too short, or the message's id does not fit MAVLink 1's single byte.</exception>
    public static int WriteVersion1<T>(Span<byte> destination, in T message, MavlinkAddress sender, byte sequence)
        where T : unmanaged, IMavlinkMessage<T>
    {
        if (destination.Length < MavlinkFrame.MaxLength)
            ThrowTooShort();
        if (T.Id > byte.MaxValue)
            throw new ArgumentException($"Message {T.Id} does not exist in MAVLink 1, whose ids end at 255.", nameof(message));
        message.Encode(destination.Slice(MavlinkFrame.Header1, T.FullLength));
        destination[0] = MavlinkFrame.Magic1;
        destination[1] = T.BaseLength;
        destination[2] = sequence;
        destination[3] = sender.SystemId;
        destination[4] = sender.ComponentId;
        destination[5] = (byte)T.Id;
        return Close(destination, MavlinkFrame.Header1 + T.BaseLength, T.CrcSeed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Finish(Span<byte> destination, uint id, int fullLength, byte crcExtra, MavlinkAddress sender, byte sequence)
    {
        // Most messages end in a byte that is not zero: the search is for the others.
        var length = fullLength;
        if (destination[MavlinkFrame.Header2 + fullLength - 1] == 0)
            length = Math.Max(1, destination.Slice(MavlinkFrame.Header2, fullLength).LastIndexOfAnyExcept((byte)0) + 1);

        destination[0] = MavlinkFrame.Magic2;
        destination[1] = (byte)length;
        destination[2] = 0;
        destination[3] = 0;
        destination[4] = sequence;
        destination[5] = sender.SystemId;
        destination[6] = sender.ComponentId;
        destination[7] = (byte)id;
        destination[8] = (byte)(id >> 8);
        destination[9] = (byte)(id >> 16);
        return Close(destination, MavlinkFrame.Header2 + length, crcExtra);
    }

    /// <summary>Writes the checksum of everything between the magic and <paramref name="end"/> behind it.</summary>
    internal static void WriteChecksum(Span<byte> frame, int end, byte crcExtra)
    {
        // CRC_EXTRA stands where the checksum will: one run over all of it.
        frame[end] = crcExtra;
        BinaryPrimitives.WriteUInt16LittleEndian(frame[end..], Crc16.Accumulate(Crc16.Seed, frame[1..(end + 1)]));
    }

    private static int Close(Span<byte> frame, int end, byte crcExtra)
    {
        WriteChecksum(frame, end, crcExtra);
        return end + MavlinkFrame.ChecksumLength;
    }

    private static void ThrowTooShort() =>
        throw new ArgumentException($"A frame needs a buffer of {MavlinkFrame.MaxLength} bytes.", "destination");
}
