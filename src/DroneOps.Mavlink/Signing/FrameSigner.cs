namespace DroneOps.Mavlink;

/// <summary>Signs the frames of one link.</summary>
/// <param name="key">The vehicle's key.</param>
/// <param name="linkId">The link's id, unique among all links that use this key: two senders with one id reject each other's frames.</param>
/// <param name="clock">The key's timestamps.</param>
public sealed class FrameSigner(SigningKey key, byte linkId, SigningClock clock)
{
    /// <summary>Turns an unsigned MAVLink 2 frame into a signed one, in place.</summary>
    /// <param name="buffer">At least <see cref="MavlinkFrame.MaxLength"/> bytes, the frame at the front.</param>
    /// <param name="length">The unsigned frame's length.</param>
    /// <param name="crcExtra">The message's checksum seed: the flag is part of the checksum, which is therefore made anew.</param>
    /// <returns>The signed frame's length.</returns>
    /// <exception cref="ArgumentException">Not an unsigned MAVLink 2 frame, or the buffer is too short.</exception>
    public int Sign(Span<byte> buffer, int length, byte crcExtra)
    {
        if (buffer.Length < MavlinkFrame.MaxLength)
            throw new ArgumentException($"A signed frame needs a buffer of {MavlinkFrame.MaxLength} bytes.", nameof(buffer));
        if (buffer[0] != MavlinkFrame.Magic2 || (buffer[2] & MavlinkFrame.SignedFlag) != 0)
            throw new ArgumentException("Only an unsigned MAVLink 2 frame can be signed.", nameof(buffer));

        buffer[2] |= MavlinkFrame.SignedFlag;
        FrameWriter.WriteChecksum(buffer, length - MavlinkFrame.ChecksumLength, crcExtra);
        FrameSignature.Write(buffer[length..], linkId, clock.Next());
        var signed = length + FrameSignature.UnsignedLength;
        key.Sign(buffer[..signed], buffer.Slice(signed, FrameSignature.TagLength));
        return length + MavlinkFrame.SignatureLength;
    }
}
