using System.Security.Cryptography;

namespace DroneOps.Mavlink;

/// <summary>What a verifier says of a frame.</summary>
public enum SignatureVerdict
{
    /// <summary>Signed with our key, newer than all before it.</summary>
    Valid,

    /// <summary>The frame carries no signature.</summary>
    Absent,

    /// <summary>Signed, but not with our key, or changed on the way.</summary>
    WrongSignature,

    /// <summary>Not newer than the last frame of its stream: a replay or a duplicate.</summary>
    Replayed,

    /// <summary>The first of its stream and more than a minute behind our time.</summary>
    TooOld,

    /// <summary>The table of streams is full of streams heard within the last minute.</summary>
    TooManyStreams,
}

/// <summary>Checks signatures with one key and remembers the newest timestamp of each stream (system, component, link id).
/// The table is common to all links of the key: a frame recorded on one must not pass on another. Safe to use from several threads.</summary>
/// <param name="key">The shared key.</param>
/// <param name="clock">Our timestamps; correctly signed newer frames move it forward.</param>
/// <param name="maxStreams">How many streams are remembered. The reference library stops at 16, which refuses most of a fleet.</param>
public sealed class SignatureVerifier(SigningKey key, SigningClock clock, int maxStreams)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(byte System, byte Component, byte LinkId), ulong> _newest = [];
    private ulong _forgotten;

    /// <summary>How many streams are remembered now.</summary>
    public int Streams
    {
        get
        {
            lock (_gate)
                return _newest.Count;
        }
    }

    /// <summary>Checks one frame and, where it is valid, remembers its timestamp.</summary>
    public SignatureVerdict Verify(MavlinkFrame frame)
    {
        if (!frame.IsSigned)
            return SignatureVerdict.Absent;
        var signature = new FrameSignature(frame.Signature);
        Span<byte> expected = stackalloc byte[FrameSignature.TagLength];
        key.Sign(frame.Bytes[..^FrameSignature.TagLength], expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, signature.Tag))
            return SignatureVerdict.WrongSignature;

        var stream = (frame.SystemId, frame.ComponentId, signature.LinkId);
        lock (_gate)
        {
            if (_newest.TryGetValue(stream, out var newest))
            {
                if (signature.Timestamp <= newest)
                    return SignatureVerdict.Replayed;
            }
            else
            {
                // A stream that was dropped from the table may only come back with something newer than what was dropped.
                var floor = Math.Max(_forgotten, Math.Max(clock.Now, clock.Last) is var now && now > SigningClock.Minute ? now - SigningClock.Minute : 0);
                if (signature.Timestamp < floor)
                    return SignatureVerdict.TooOld;
                if (_newest.Count >= maxStreams && !ForgetOldest())
                    return SignatureVerdict.TooManyStreams;
            }

            _newest[stream] = signature.Timestamp;
        }

        clock.Adopt(signature.Timestamp);
        return SignatureVerdict.Valid;
    }

    private bool ForgetOldest()
    {
        var oldest = _newest.MinBy(entry => entry.Value);
        if (oldest.Value + SigningClock.Minute > clock.Now)
            return false;
        _newest.Remove(oldest.Key);
        _forgotten = Math.Max(_forgotten, oldest.Value + 1);
        return true;
    }
}
