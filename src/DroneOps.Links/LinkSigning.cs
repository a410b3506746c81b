using DroneOps.Mavlink;

namespace DroneOps.Links;

/// <summary>Signing on one link. The key, its clock and the verifier's table of streams are common to all links of a key.</summary>
/// <param name="Signer">Signs what we send; null leaves it unsigned.</param>
/// <param name="Verifier">Checks what comes.</param>
/// <param name="AcceptedUnsigned">Ids of the messages that pass without a signature; empty for none, null for all. A frame with a wrong signature
/// never passes.</param>
public sealed record LinkSigning(FrameSigner? Signer, SignatureVerifier Verifier, IReadOnlySet<uint>? AcceptedUnsigned)
{
    internal bool Accepts(SignatureVerdict verdict, uint messageId) =>
        verdict == SignatureVerdict.Valid || (verdict == SignatureVerdict.Absent && AcceptedUnsigned?.Contains(messageId) != false);
}

/// <summary>Frames that a link has refused for their signature, by reason.</summary>
/// <param name="Absent">Unsigned, and not one of the messages that may be.</param>
/// <param name="Wrong">Signed with another key, or changed on the way.</param>
/// <param name="Replayed">Not newer than the last of its stream.</param>
/// <param name="TooOld">The first of its stream and more than a minute behind our time.</param>
/// <param name="TooManyStreams">The table of streams was full.</param>
public readonly record struct SignatureRefusals(long Absent, long Wrong, long Replayed, long TooOld, long TooManyStreams)
{
    /// <summary>All of them.</summary>
    public long Total => Absent + Wrong + Replayed + TooOld + TooManyStreams;

    internal SignatureRefusals Plus(SignatureVerdict verdict) => verdict switch
    {
        SignatureVerdict.Absent => this with { Absent = Absent + 1 },
        SignatureVerdict.WrongSignature => this with { Wrong = Wrong + 1 },
        SignatureVerdict.Replayed => this with { Replayed = Replayed + 1 },
        SignatureVerdict.TooOld => this with { TooOld = TooOld + 1 },
        SignatureVerdict.TooManyStreams => this with { TooManyStreams = TooManyStreams + 1 },
        _ => this,
    };
}

/// <summary>A frame was refused for its signature.</summary>
/// <param name="Link">The link.</param>
/// <param name="SystemId">Who it claims to be from.</param>
/// <param name="Verdict">What is wrong with it.</param>
/// <param name="Peer">The endpoint it came from.</param>
/// <param name="At">When it came.</param>
public sealed record SignatureRefusal(LinkId Link, byte SystemId, SignatureVerdict Verdict, string Peer, DateTimeOffset At);
