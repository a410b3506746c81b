namespace DroneOps.Media.TransportStream;

/// <summary>Learns of one video stream by what its sender lets us know that a picture is whole before the next one begins. Waiting for the next
/// costs the time of one picture, 40 ms.</summary>
/// <remarks>
/// A PES packet of video may have no length (ISO/IEC 13818-1, 2.4.3.7), and most have none. But a sender fills up the last transport packet of it
/// with stuffing, and has no reason to stuff before (2.4.3.5). That is a habit and no rule, so it is believed after <see cref="Enough"/> packets
/// that kept it, and never again after one that broke it. A packet with a length ends by that; unless its sender cuts pictures over several
/// packets, of which the later state no time.
/// </remarks>
internal sealed class PacketEnds
{
    private const int Enough = 4;

    /// <summary>A packet close to the 65,535 bytes that its length can state may be a piece of a longer picture.</summary>
    private const int MaybePiece = 60_000;

    private int _kept;
    private bool _stuffsElsewhere;
    private bool _cutsPictures;
    private bool _wasStuffed;
    private bool _isEvidence;

    /// <summary>A PES packet begins.</summary>
    public void Begin() => (_wasStuffed, _isEvidence) = (false, true);

    /// <summary>Packets are missing: this one proves nothing.</summary>
    public void Lose() => _isEvidence = false;

    /// <summary>A transport packet of the present PES packet has come.</summary>
    /// <returns>Whether it is the last.</returns>
    public bool IsLast(PesBuffer packet, bool isStuffed)
    {
        if (_wasStuffed && _isEvidence)
            _stuffsElsewhere = true;
        _wasStuffed = isStuffed;
        if (_cutsPictures)
            return false;
        if (packet.IsComplete)
            return packet.Length < MaybePiece;
        return isStuffed && _kept >= Enough && !_stuffsElsewhere && PesHeader.PacketLength(packet.Bytes) == 0;
    }

    /// <summary>The next PES packet has begun where the present one was expected to end.</summary>
    public void End()
    {
        if (_wasStuffed && _isEvidence && !_stuffsElsewhere)
            _kept = Math.Min(Enough, _kept + 1);
    }

    /// <summary>A packet was taken for whole and went on.</summary>
    public void WasTooEarly() => _stuffsElsewhere = true;

    /// <summary>A packet without a time went on with the picture of the one before.</summary>
    public void GoesOn() => _cutsPictures = true;
}
