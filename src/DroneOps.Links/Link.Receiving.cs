using DroneOps.Links.Transports;
using DroneOps.Mavlink;
using Microsoft.Extensions.Logging;

namespace DroneOps.Links;

/// <summary>What a link has seen and done since it was made.</summary>
/// <param name="Id">The link.</param>
/// <param name="Uri">Where it leads.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="Frames">What the frame scanner saw: frames, bad checksums, skipped bytes.</param>
/// <param name="Datagrams">Datagrams, or pieces of a stream.</param>
/// <param name="ReceivedBytes">All bytes that came.</param>
/// <param name="TextBytes">Bytes in datagrams that were plain text, as an autopilot's console writes while it boots.</param>
/// <param name="RefusedFrames">Frames from endpoints that spoke for a system id that is not theirs.</param>
/// <param name="UnadmittedFrames">Frames from endpoints that found the table of peers full.</param>
/// <param name="Signatures">Frames that were refused for their signature.</param>
/// <param name="PeerMoves">How often a system id moved to another endpoint.</param>
/// <param name="Peers">Endpoints known now.</param>
/// <param name="LossRatio">Share of frames lost recently, 0..1, over all peers.</param>
/// <param name="SentFrames">Frames handed to the transport.</param>
/// <param name="SentBytes">Their bytes.</param>
/// <param name="RefusedSends">Messages of ours that found the queue full.</param>
/// <param name="DroppedForwards">Forwarded frames that made room for newer ones.</param>
/// <param name="ExpiredSends">Messages whose deadline passed before their turn.</param>
public sealed record LinkStatus(
    LinkId Id, LinkUri Uri, LinkState State, FrameCounters Frames, long Datagrams, long ReceivedBytes, long TextBytes,
    long RefusedFrames, long UnadmittedFrames, SignatureRefusals Signatures, long PeerMoves, int Peers, double LossRatio,
    long SentFrames, long SentBytes, long RefusedSends, long DroppedForwards, long ExpiredSends);

public sealed partial class Link
{
    private static readonly TimeSpan TellSignaturesEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _receiving = new();
    private readonly Sink _sink;
    private FrameCounters _datagramCounters;
    private FrameCounters _streamCounters;
    private long _datagrams;
    private long _receivedBytes;
    private long _textBytes;
    private long _refusedFrames;
    private long _unadmittedFrames;
    private SignatureRefusals _signatures;
    private readonly Dictionary<(byte SystemId, SignatureVerdict Verdict), DateTimeOffset> _toldOf = [];

    /// <summary>Where accepted frames go. Set before the link is run, by the router it is attached to.</summary>
    public FrameArrived? Arrived { get; set; }

    /// <summary>Where signed frames go that came before, by another link perhaps: they prove nothing but that the way works.</summary>
    internal FrameArrived? Repeated { get; set; }

    /// <summary>An endpoint claims a system id that another endpoint holds; raised once per pair, on the reader's thread.</summary>
    public event Action<PeerConflict>? ConflictSeen;

    /// <summary>A frame was refused for its signature; raised once a minute at most for each system id and reason, on the reader's thread.</summary>
    public event Action<SignatureRefusal>? SignatureRefused;

    /// <summary>What the link has seen and done so far.</summary>
    public LinkStatus Status()
    {
        lock (_receiving)
        {
            var frames = _datagramCounters;
            frames.Add(_streamCounters);
            return new(
                Id, Uri, _state, frames, _datagrams, _receivedBytes, _textBytes, _refusedFrames, _unadmittedFrames, _signatures,
                _peers.Moves, _peers.Count, LossRatio(), Interlocked.Read(ref _sentFrames), Interlocked.Read(ref _sentBytes), _queue.Refused,
                _queue.Dropped, Interlocked.Read(ref _expired));
        }
    }

    private double LossRatio()
    {
        var peers = _peers.Addressable;
        return peers.Length == 0 ? 0 : peers.Average(peer => peer.Sequences.RecentLoss);
    }

    internal void ReceiveDatagram(LinkPeer peer, ReadOnlySpan<byte> bytes)
    {
        lock (_receiving)
        {
            var now = _time.GetTimestamp();
            var receivedAt = _time.GetUtcNow();
            var scanner = new FrameScanner(bytes, _transports.Catalog, isFinal: true);
            var found = false;
            while (scanner.TryRead(out var frame))
            {
                found = true;
                Receive(peer, frame, now, receivedAt);
            }

            _datagrams++;
            _receivedBytes += bytes.Length;
            _datagramCounters.Add(scanner.Counters);
            if (!found && IsText(bytes))
                _textBytes += bytes.Length;
        }
    }

    private void ReceiveStream(StreamPeer peer, int count)
    {
        lock (_receiving)
        {
            var now = _time.GetTimestamp();
            var receivedAt = _time.GetUtcNow();
            var before = peer.Reader.Counters;
            while (peer.Reader.TryRead(out var frame))
                Receive(peer, frame, now, receivedAt);
            _datagrams++;
            _receivedBytes += count;
            _streamCounters.Add(Difference(peer.Reader.Counters, before));
        }
    }

    private void Receive(LinkPeer peer, in MavlinkFrame frame, long now, DateTimeOffset receivedAt)
    {
        if (_options.Signing is { } signing && !IsSignedWell(signing, peer, frame, receivedAt))
            return;

        switch (_peers.Judge(peer, frame, now))
        {
            case PeerTable.Verdict.Accepted:
                peer.Sequences.Count(frame.SystemId, frame.ComponentId, frame.Sequence);
                Arrived?.Invoke(this, peer, frame, receivedAt);
                break;
            case PeerTable.Verdict.NewConflict:
                _refusedFrames++;
                var owner = _peers.OwnerOf(frame.SystemId);
                LogConflict(Uri, frame.SystemId, owner, peer.Name);
                ConflictSeen?.Invoke(new(Id, frame.SystemId, owner, peer.Name, receivedAt));
                break;
            case PeerTable.Verdict.NoRoom:
                _unadmittedFrames++;
                break;
            default:
                _refusedFrames++;
                break;
        }
    }

    private bool IsSignedWell(LinkSigning signing, LinkPeer peer, in MavlinkFrame frame, DateTimeOffset receivedAt)
    {
        var verdict = signing.Verifier.Verify(frame);
        // Only from where the vehicle is known to be: a copied frame must not draw the downlink elsewhere.
        if (verdict == SignatureVerdict.Replayed && (ReferenceEquals(peer, _transport?.FixedPeer) || _peers.IsOwner(peer, frame.SystemId)))
            Repeated?.Invoke(this, peer, frame, receivedAt);
        if (signing.Accepts(verdict, frame.MessageId))
            return true;
        _signatures = _signatures.Plus(verdict);
        var key = (frame.SystemId, verdict);
        if (!_toldOf.TryGetValue(key, out var told) || receivedAt - told >= TellSignaturesEvery)
        {
            _toldOf[key] = receivedAt;
            LogSignature(Uri, frame.SystemId, peer.Name, verdict);
            SignatureRefused?.Invoke(new(Id, frame.SystemId, verdict, peer.Name, receivedAt));
        }

        return false;
    }

    private void Forget(LinkPeer peer)
    {
        lock (_receiving)
            _peers.Remove(peer);
    }

    private static bool IsText(ReadOnlySpan<byte> bytes) =>
        bytes.IndexOfAnyExceptInRange((byte)' ', (byte)'~') is var odd
        && (odd < 0 || !bytes[odd..].ContainsAnyExcept(TextValues));

    private static readonly System.Buffers.SearchValues<byte> TextValues = System.Buffers.SearchValues.Create(
        [(byte)'\t', (byte)'\n', (byte)'\r', .. Enumerable.Range(' ', '~' - ' ' + 1).Select(value => (byte)value)]);

    private static FrameCounters Difference(in FrameCounters after, in FrameCounters before) => new()
    {
        Frames = after.Frames - before.Frames,
        UnknownFrames = after.UnknownFrames - before.UnknownFrames,
        BadChecksums = after.BadChecksums - before.BadChecksums,
        UnsupportedFlags = after.UnsupportedFlags - before.UnsupportedFlags,
        Truncated = after.Truncated - before.Truncated,
        SkippedBytes = after.SkippedBytes - before.SkippedBytes,
    };

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Link {Uri}: system id {SystemId} belongs to {Owner}; frames with it from {Claimant} are refused")]
    private partial void LogConflict(LinkUri uri, byte systemId, string owner, string claimant);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Link {Uri}: frames of system id {SystemId} from {Peer} are refused for their signature: {Verdict}")]
    private partial void LogSignature(LinkUri uri, byte systemId, string peer, SignatureVerdict verdict);

    private sealed class Sink(Link link) : IByteSink
    {
        public void Datagram(LinkPeer peer, ReadOnlySpan<byte> bytes) => link.ReceiveDatagram(peer, bytes);

        public void Stream(StreamPeer peer, int count) => link.ReceiveStream(peer, count);

        public void Gone(LinkPeer peer) => link.Forget(peer);
    }
}
