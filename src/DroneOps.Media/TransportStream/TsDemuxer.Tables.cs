using System.Buffers.Binary;

namespace DroneOps.Media.TransportStream;

// Which streams are read: ISO/IEC 13818-1, 2.4.4.
public sealed partial class TsDemuxer
{
    /// <summary>Programmes listened to; a drone sends one.</summary>
    private const int MostProgrammes = 16;

    private readonly SectionReader _association = new();
    private readonly List<Programme> _programmes = [];
    private Continuity _associationContinuity;
    private uint? _associationChecksum;
    private ProgrammeMap? _map;
    private Programme? _chosen;

    private void Take(in TsPacket packet)
    {
        _counters.Packets++;
        if (packet.IsBroken)
        {
            _counters.BrokenPackets++;
            return;
        }

        var pid = packet.Pid;
        if (_map is { } map)
        {
            if (packet.Pcr is { } clock && pid == map.ClockPid)
                ProgrammeClock = clock;
            if (pid == map.VideoPid)
            {
                TakeVideo(packet);
                return;
            }

            if (pid == map.MetadataPid)
            {
                TakeMetadata(packet);
                return;
            }
        }

        if (pid == 0)
        {
            TakeTable(packet, _association, ref _associationContinuity, ReadAssociation);
        }
        else if (pid != TsPacket.NullPid)
        {
            foreach (var programme in _programmes)
            {
                if (programme.Pid == pid)
                {
                    TakeTable(packet, programme.Sections, ref programme.Continuity, section => ReadMap(programme, section));
                    break;
                }
            }
        }
    }

    private void TakeTable(in TsPacket packet, SectionReader sections, ref Continuity continuity, SectionReader.Handler handler)
    {
        switch (continuity.Check(packet))
        {
            case ContinuityVerdict.Duplicate:
                _counters.Duplicates++;
                return;
            case ContinuityVerdict.Gap:
                _counters.Gaps++;
                sections.Drop();
                break;
            default:
                break;
        }

        if (packet.HasPayload)
            _counters.BadTables += sections.Take(packet.Payload, packet.IsStart, handler);
    }

    // program_association_section, 2.4.4.3
    private void ReadAssociation(ReadOnlySpan<byte> section)
    {
        if (section.Length < 12 || section[0] != 0 || (section[5] & 1) == 0)
            return;
        var checksum = BinaryPrimitives.ReadUInt32BigEndian(section[^4..]);
        if (checksum == _associationChecksum)
            return;
        _associationChecksum = checksum;
        List<int> pids = [];
        for (var entries = section[8..^4]; entries.Length >= 4; entries = entries[4..])
        {
            // Programme 0 is the network table.
            var pid = BinaryPrimitives.ReadUInt16BigEndian(entries[2..]) & 0x1FFF;
            if (BinaryPrimitives.ReadUInt16BigEndian(entries) == 0 || pids.Contains(pid))
                continue;
            if (pids.Count == MostProgrammes)
            {
                _counters.BadTables++;
                break;
            }

            pids.Add(pid);
        }

        _programmes.RemoveAll(programme => !pids.Contains(programme.Pid));
        foreach (var pid in pids)
        {
            if (!_programmes.Exists(programme => programme.Pid == pid))
                _programmes.Add(new Programme(pid));
        }
    }

    private void ReadMap(Programme programme, ReadOnlySpan<byte> section)
    {
        var checksum = BinaryPrimitives.ReadUInt32BigEndian(section[^4..]);
        // The first programme with a picture, until it is gone or loses its picture.
        var isOther = _chosen is { } chosen && chosen != programme && _programmes.Contains(chosen) && _map is { VideoPid: not ProgrammeMap.None };
        if (isOther || programme == _chosen && checksum == programme.Checksum)
            return;
        if (ProgrammeMap.Read(section) is not { } map)
        {
            _counters.BadTables++;
            return;
        }

        programme.Checksum = checksum;
        Choose(programme, map);
    }

    private void Choose(Programme programme, ProgrammeMap map)
    {
        if (_map is { } before && before.VideoPid == map.VideoPid && before.Codec == map.Codec)
        {
            if (before.MetadataPid != map.MetadataPid || before.Carriage != map.Carriage)
                CloseMetadata();
        }
        else
        {
            EndPicture();
            OpenVideo(map);
            CloseMetadata();
        }

        _chosen = programme;
        _map = map;
    }

    private sealed class Programme(int pid)
    {
        public Continuity Continuity;

        public int Pid => pid;

        public SectionReader Sections { get; } = new();

        public uint? Checksum { get; set; }
    }
}
