namespace DroneOps.Media.TransportStream;

/// <summary>What the continuity counter of a packet says (ISO/IEC 13818-1, 2.4.3.3).</summary>
internal enum ContinuityVerdict
{
    Continues,

    /// <summary>At least one packet is missing before it.</summary>
    Gap,

    /// <summary>The packet before once more.</summary>
    Duplicate,
}

/// <summary>The continuity counter of one PID.</summary>
internal struct Continuity
{
    private int? _last;
    private bool _wasDuplicate;

    public ContinuityVerdict Check(in TsPacket packet)
    {
        var counter = packet.Continuity;
        var last = _last;
        // The counter counts packets with payload only.
        if (!packet.HasPayload)
            return ContinuityVerdict.Continues;
        if (last == counter && !packet.IsDiscontinuous && !_wasDuplicate)
        {
            _wasDuplicate = true;
            return ContinuityVerdict.Duplicate;
        }

        (_last, _wasDuplicate) = (counter, false);
        return last is null || packet.IsDiscontinuous || counter == (last + 1 & 0x0F) ? ContinuityVerdict.Continues : ContinuityVerdict.Gap;
    }
}
