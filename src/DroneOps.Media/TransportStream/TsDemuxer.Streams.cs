using DroneOps.Media.H26x;

namespace DroneOps.Media.TransportStream;

// PES packets to pictures and metadata: ISO/IEC 13818-1, 2.4.3.6.
public sealed partial class TsDemuxer
{
    /// <summary>More than this many usual distances from one picture to the next, across a gap, are taken for a picture missing.</summary>
    private const double MissingPicture = 1.75;

    private readonly PesBuffer _video = new(AccessUnitSplitter.LongestUnit);
    private readonly PesBuffer _metadataPes = new(MetadataReader.Longest);
    private readonly MetadataReader _metadata;
    private readonly SourceClock _clock = new();
    private AccessUnitReader? _units;
    private PacketEnds _ends = new();
    private Continuity _videoContinuity;
    private Continuity _metadataContinuity;
    private DateTimeOffset _videoAt;
    private bool _isHandedOut;
    private bool _isDiscontinuous;
    private int _unsure;
    private int _unitsInPacket = 1;
    private long? _lastDts;
    private long _floor = long.MinValue;

    private void OpenVideo(ProgrammeMap map)
    {
        _video.Close();
        _videoContinuity = default;
        _ends = new PacketEnds();
        _isHandedOut = false;
        // Another stream has parameter sets of its own, and the pictures after the change do not go on with those before.
        _isDiscontinuous |= _units is not null;
        _floor = _units?.LastDts ?? _floor;
        _units = map.VideoPid == ProgrammeMap.None ? null : new AccessUnitReader(map.Codec, _floor, _onPicture);
    }

    private void CloseMetadata()
    {
        _metadataPes.Close();
        _metadata.Drop();
        _metadataContinuity = default;
    }

    private void TakeVideo(in TsPacket packet)
    {
        switch (_videoContinuity.Check(packet))
        {
            case ContinuityVerdict.Duplicate:
                _counters.Duplicates++;
                return;
            case ContinuityVerdict.Gap:
                _counters.Gaps++;
                LoseVideo();
                break;
            default:
                break;
        }

        if (packet.IsDiscontinuous)
            _isDiscontinuous = true;
        if (!packet.HasPayload)
            return;
        var payload = packet.Payload;
        if (packet.IsStart)
        {
            BeginVideo(payload);
        }
        else if (!_video.IsOpen)
        {
            // What follows a picture that was handed out whole belongs to it, unless the beginning of the next is lost.
            if (_isHandedOut)
            {
                _isHandedOut = false;
                _ends.WasTooEarly();
                _counters.EarlyEnds++;
            }

            _counters.OrphanPackets++;
            _isDiscontinuous = true;
            return;
        }

        else
        {
            _video.Append(payload);
        }

        if (!_video.IsOpen)
            return;
        _videoAt = _now;
        if (_ends.IsLast(_video, packet.IsStuffed))
        {
            EndPicture();
            _isHandedOut = true;
        }
    }

    private void LoseVideo()
    {
        // The picture in hand and the one after it may have others missing before them.
        _unsure = 2;
        _isHandedOut = false;
        _ends.Lose();
        if (_video.IsOpen)
            _video.Break();
    }

    private void BeginVideo(ReadOnlySpan<byte> payload)
    {
        if (GoesOn(payload))
        {
            _ends.GoesOn();
            if (_video.IsOpen)
            {
                _video.Append(payload[(PesHeader.FlagsLength + payload[8])..]);
                return;
            }

            _counters.EarlyEnds++;
            _counters.OrphanPackets++;
            (_isHandedOut, _isDiscontinuous) = (false, true);
            return;
        }

        if (_video.IsOpen || _isHandedOut)
            _ends.End();
        EndPicture();
        _isHandedOut = false;
        if (!PesHeader.IsAt(payload))
        {
            _counters.BadPes++;
            _isDiscontinuous = true;
            return;
        }

        _video.Open();
        _ends.Begin();
        _video.Append(payload);
    }

    /// <summary>Whether a PES packet goes on with the picture of the one before: it states no time, and what it carries does not begin a picture.</summary>
    private bool GoesOn(ReadOnlySpan<byte> payload)
    {
        if (!_video.IsOpen && !_isHandedOut || _map is not { } map || !PesHeader.IsAt(payload) || PesHeader.HasTime(payload)
            || PesHeader.FlagsLength + payload[8] > payload.Length)
            return false;
        var data = payload[(PesHeader.FlagsLength + payload[8])..];
        var walk = new AnnexB(data);
        if (!walk.TryRead(out var start, out _))
            return true;
        var nal = data[start..];
        return !NalUnit.BeginsUnit(map.Codec, NalUnit.KindOf(map.Codec, nal), nal);
    }

    private void EndPicture()
    {
        if (!_video.IsOpen)
            return;
        _video.Close();
        if (_units is null)
            return;
        if (PesHeader.Read(_video.Bytes) is not { } header)
        {
            _counters.BadPes++;
            _isDiscontinuous = true;
            return;
        }

        if (PesHeader.PacketLength(_video.Bytes) > _video.Length)
            _video.Break();
        if (_video.IsTooLong)
            _counters.OversizedPictures++;
        var step = _clock.Step;
        var (pts, dts, jumped) = _clock.Next(header.Pts, header.Dts, _videoAt);
        if (_unsure > 0)
        {
            _unsure--;
            _isDiscontinuous |= _lastDts is { } last && dts - last > MissingPicture * step;
        }

        var data = _video.Bytes[header.Length..];
        // With its end missing, the last of its NAL units is not whole.
        var intact = _video.IsDamaged ? Math.Clamp(_video.Intact - header.Length, 0, Math.Max(0, data.Length - 1)) : data.Length;
        var time = new UnitTime(pts, dts, step / Math.Max(1, _unitsInPacket), _isDiscontinuous || jumped, null, _videoAt);
        _unitsInPacket = _units.Read(data, intact, time, ref _counters);
        if (_unitsInPacket > 0)
            (_isDiscontinuous, _lastDts) = (false, dts);
    }

    private void TakeMetadata(in TsPacket packet)
    {
        switch (_metadataContinuity.Check(packet))
        {
            case ContinuityVerdict.Duplicate:
                _counters.Duplicates++;
                return;
            case ContinuityVerdict.Gap:
                _counters.Gaps++;
                _metadataPes.Break();
                break;
            default:
                break;
        }

        if (!packet.HasPayload)
            return;
        if (packet.IsStart)
        {
            EndMetadata();
            if (!PesHeader.IsAt(packet.Payload))
            {
                _counters.BadPes++;
                return;
            }

            _metadataPes.Open();
        }
        else if (!_metadataPes.IsOpen)
        {
            _counters.OrphanPackets++;
            return;
        }

        _metadataPes.Append(packet.Payload);
        if (_metadataPes.IsComplete)
            EndMetadata();
    }

    private void EndMetadata()
    {
        if (!_metadataPes.IsOpen || _map is not { } map)
            return;
        _metadataPes.Close();
        var packet = _metadataPes.Bytes;
        var length = PesHeader.PacketLength(packet);
        if (_metadataPes.IsDamaged || length > packet.Length || PesHeader.Read(packet) is not { } header || length != 0 && length < header.Length)
        {
            _counters.BadMetadata++;
            _metadata.Drop();
            return;
        }

        _metadata.Read(packet[header.Length..(length == 0 ? packet.Length : length)], map.Carriage, header.Pts is { } pts ? _clock.Map(pts) : null, ref _counters);
    }
}
