namespace DroneOps.Links;

/// <summary>Limits of one link. The defaults suit a fleet on one UDP port.</summary>
public sealed record LinkOptions
{
    /// <summary>Other sides that one listening link serves at a time; a bound against floods, not a licence.</summary>
    public int MaxPeers { get; init; } = 1024;

    /// <summary>A system id may move to another endpoint once the old one has been silent for this long.</summary>
    public TimeSpan PeerSilence { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The same where the new endpoint's packet counter starts afresh, as it does after a reboot: longer than
    /// one heartbeat period, so that a living vehicle is never displaced.</summary>
    public TimeSpan RebootSilence { get; init; } = TimeSpan.FromMilliseconds(1500);

    /// <summary>Commands and heartbeats that may wait; more are refused.</summary>
    public int UrgentCapacity { get; init; } = 256;

    /// <summary>Other messages of our own that may wait (plans, parameters); more are refused.</summary>
    public int OrdinaryCapacity { get; init; } = 512;

    /// <summary>Forwarded frames that may wait; the oldest makes room and is counted.</summary>
    public int ForwardCapacity { get; init; } = 1024;

    /// <summary>UDP receive buffer to ask the kernel for, bytes. Bursts beyond it are lost without a trace.</summary>
    public int ReceiveBufferBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How long making a connection may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Signing, or null where neither side signs.</summary>
    public LinkSigning? Signing { get; init; }

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One of them cannot work.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxPeers);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(UrgentCapacity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(OrdinaryCapacity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ForwardCapacity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ReceiveBufferBytes);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ConnectTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RebootSilence, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(PeerSilence, RebootSilence);
    }
}
