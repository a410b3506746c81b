using DroneOps.Mavlink;

namespace DroneOps.Links;

/// <summary>Signing on one link. The key, its clock and the verifier's table of streams are common to all links of a key.</summary>
/// <param name="Signer">Signs what we send; null leaves it unsigned.</param>
/// <param name="Verifier">Checks what comes.</param>
/// <param name="AcceptsUnsigned">Whether unsigned frames pass. A frame with a wrong signature never does.</param>
public sealed record LinkSigning(FrameSigner? Signer, SignatureVerifier Verifier, bool AcceptsUnsigned);
