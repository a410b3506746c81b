using DroneOps.Mavlink;

namespace DroneOps.Links;

/// <summary>An endpoint claims a system id that another one holds: two vehicles with one id, or a forged packet.</summary>
/// <param name="Link">The link.</param>
/// <param name="SystemId">The claimed id.</param>
/// <param name="Owner">Endpoint that holds it.</param>
/// <param name="Claimant">Endpoint that claims it and was refused.</param>
/// <param name="Since">When the first refused frame came.</param>
public sealed record PeerConflict(LinkId Link, byte SystemId, string Owner, string Claimant, DateTimeOffset Since);

/// <summary>Which endpoint speaks for which system id on one link. Owned by the link's reader.</summary>
/// <remarks>
/// The rule. A system id belongs to the endpoint it is first heard from; only that endpoint is sent what is meant for it.
/// A frame with the same id from elsewhere is refused: it reaches nobody and moves nothing. The id moves to another
/// endpoint in two cases only:
/// (1) its owner has sent nothing with this id for <see cref="LinkOptions.PeerSilence"/>: another modem, another address;
/// (2) its owner has sent nothing for <see cref="LinkOptions.RebootSilence"/> and the claimant's packet counter started
/// below <see cref="FreshStart"/>: a vehicle that rebooted (ArduPilot then comes from a new port, with its counter at 0).
/// The silence is demanded in both, so that nobody can displace a vehicle that is being heard. What an endpoint claims is
/// not proof of who it is: the proof is the hardware id or a signature, one level up. Frames of unknown messages have no
/// checksum that could be verified, so they neither claim nor move anything.
/// </remarks>
internal sealed class PeerTable(LinkOptions options, TimeProvider time)
{
    public const byte FreshStart = 32;

    private readonly Pin[] _pins = new Pin[256];
    private readonly long _peerSilence = (long)(options.PeerSilence.TotalSeconds * time.TimestampFrequency);
    private readonly long _rebootSilence = (long)(options.RebootSilence.TotalSeconds * time.TimestampFrequency);
    private readonly List<LinkPeer> _peers = [];
    private volatile LinkPeer[] _addressable = [];

    private struct Pin
    {
        public LinkPeer? Owner;
        public long Heard;
        public LinkPeer? Claimant;
        public bool ClaimIsFresh;
    }

    public enum Verdict
    {
        Accepted,
        Refused,
        NewConflict,
        NoRoom,
    }

    /// <summary>Peers that something may be sent to. Replaced, never changed, so the writer reads it without a lock.</summary>
    public LinkPeer[] Addressable => _addressable;

    public int Count => _peers.Count;

    public long Moves { get; private set; }

    public string OwnerOf(byte systemId) => _pins[systemId].Owner?.Name ?? "";

    public bool IsOwner(LinkPeer peer, byte systemId) => ReferenceEquals(_pins[systemId].Owner, peer);

    public Verdict Judge(LinkPeer peer, in MavlinkFrame frame, long now)
    {
        ref var pin = ref _pins[frame.SystemId];
        if (ReferenceEquals(pin.Owner, peer))
        {
            pin.Heard = peer.LastHeard = now;
            return Verdict.Accepted;
        }

        if (!frame.IsKnown)
            return Verdict.Refused;
        if (!peer.IsAdmitted && !TryAdmit(peer, now))
            return Verdict.NoRoom;
        peer.LastHeard = now;
        if (pin.Owner is null)
        {
            Assign(ref pin, peer, now);
            return Verdict.Accepted;
        }

        var isNewClaim = !ReferenceEquals(pin.Claimant, peer);
        if (isNewClaim)
        {
            pin.Claimant = peer;
            pin.ClaimIsFresh = frame.Sequence < FreshStart;
        }

        var silence = now - pin.Heard;
        if (silence >= _peerSilence || (silence >= _rebootSilence && pin.ClaimIsFresh))
        {
            Moves++;
            Assign(ref pin, peer, now);
            return Verdict.Accepted;
        }

        return isNewClaim ? Verdict.NewConflict : Verdict.Refused;
    }

    /// <summary>The other side is gone for certain (its connection ended): its ids are free at once.</summary>
    public void Remove(LinkPeer peer)
    {
        if (!_peers.Remove(peer))
            return;
        peer.IsAdmitted = false;
        foreach (ref var pin in _pins.AsSpan())
        {
            if (ReferenceEquals(pin.Owner, peer))
                pin = default;
            else if (ReferenceEquals(pin.Claimant, peer))
                pin.Claimant = null;
        }

        peer.PinnedSystems = 0;
        Publish();
    }

    /// <summary>Forgets everybody: the link was closed.</summary>
    public void Clear()
    {
        foreach (var peer in _peers)
            (peer.IsAdmitted, peer.PinnedSystems) = (false, 0);
        _peers.Clear();
        Array.Clear(_pins);
        Publish();
    }

    private void Assign(ref Pin pin, LinkPeer peer, long now)
    {
        if (pin.Owner is not null)
            pin.Owner.PinnedSystems--;
        pin = new Pin { Owner = peer, Heard = now };
        peer.PinnedSystems++;
        Publish();
    }

    private bool TryAdmit(LinkPeer peer, long now)
    {
        if (_peers.Count >= options.MaxPeers && !TryMakeRoom(now))
            return false;
        peer.Settle();
        peer.IsAdmitted = true;
        _peers.Add(peer);
        return true;
    }

    // Peers that speak for nobody go first, then those silent for long; a living vehicle is never put out.
    private bool TryMakeRoom(long now)
    {
        LinkPeer? worst = null;
        foreach (var peer in _peers)
        {
            if (peer.PinnedSystems > 0 && now - peer.LastHeard < 12 * _peerSilence)
                continue;
            if (worst is null || (peer.PinnedSystems, peer.LastHeard).CompareTo((worst.PinnedSystems, worst.LastHeard)) < 0)
                worst = peer;
        }

        if (worst is null)
            return false;
        Remove(worst);
        return true;
    }

    private void Publish() => _addressable = [.. _peers.Where(peer => peer.PinnedSystems > 0)];
}
