namespace DroneOps.Media.Mp4;

public sealed partial class FragmentIndex
{
    /// <summary>A sample that is no place to begin (ISO/IEC 14496-12, 8.8.3.1).</summary>
    private const uint NonSync = 0x0001_0000;

    private uint _track;
    private uint _defaultDuration;
    private uint _defaultSize;
    private uint _defaultFlags;
    private long _nextTime;
    private Pending? _pending;
    private (long At, DateTimeOffset Time)? _reference;

    private void OnMovie(ReadOnlySpan<byte> payload)
    {
        if (InitializationLength > 0)
        {
            Problem = $"There is a second initialization at byte {_boxStart}.";
            return;
        }

        BoxReader movie = new(payload);
        while (movie.TryBox(out var type, out var inner, out _))
        {
            if (type == BoxTypes.Trak)
                OnTrack(inner);
            else if (type == BoxTypes.Mvex)
                OnDefaults(inner);
        }

        if (movie.IsShort || _track == 0 || Timescale == 0 || Configuration.IsEmpty)
        {
            Problem = "It has no track of pictures.";
            return;
        }

        InitializationLength = CompleteLength = _boxEnd;
    }

    private void OnTrack(ReadOnlySpan<byte> payload)
    {
        uint id = 0, scale = 0, handler = 0;
        ReadOnlySpan<byte> descriptions = [];
        BoxReader track = new(payload);
        while (track.TryBox(out var type, out var inner, out _))
        {
            BoxReader box = new(inner);
            if (type == BoxTypes.Tkhd)
            {
                box.Skip(inner.Length > 0 && inner[0] == 1 ? 20 : 12);
                id = box.U32();
            }
            else if (type == BoxTypes.Mdia)
            {
                while (box.TryBox(out var kind, out var media, out _))
                {
                    BoxReader value = new(media);
                    if (kind == BoxTypes.Mdhd)
                    {
                        value.Skip(media.Length > 0 && media[0] == 1 ? 20 : 12);
                        scale = value.U32();
                    }
                    else if (kind == BoxTypes.Hdlr)
                    {
                        value.Skip(8);
                        handler = value.U32();
                    }
                    else if (kind == BoxTypes.Minf)
                    {
                        descriptions = Inside(Inside(media, BoxTypes.Stbl), BoxTypes.Stsd);
                    }
                }
            }
        }

        if (handler != BoxTypes.Vide || _track != 0)
            return;
        (_track, Timescale) = (id, scale);
        OnDescriptions(descriptions);
    }

    private static ReadOnlySpan<byte> Inside(ReadOnlySpan<byte> payload, uint wanted)
    {
        BoxReader boxes = new(payload);
        while (boxes.TryBox(out var type, out var inner, out _))
        {
            if (type == wanted)
                return inner;
        }

        return [];
    }

    private void OnDescriptions(ReadOnlySpan<byte> payload)
    {
        BoxReader entries = new(payload);
        entries.Skip(8);
        if (!entries.TryBox(out var type, out var inner, out _) || type is not (BoxTypes.Avc1 or BoxTypes.Hvc1 or BoxTypes.Hev1))
            return;
        BoxReader entry = new(inner);
        entry.Skip(24);
        Width = entry.U16();
        Height = entry.U16();
        entry.Skip(50);
        while (entry.TryBox(out var kind, out var configuration, out _))
        {
            if (kind is BoxTypes.AvcC or BoxTypes.HvcC)
                (Codec, Configuration) = (kind == BoxTypes.AvcC ? VideoCodec.H264 : VideoCodec.H265, configuration.ToArray());
        }
    }

    private void OnDefaults(ReadOnlySpan<byte> payload)
    {
        BoxReader defaults = new(payload);
        while (defaults.TryBox(out var type, out var inner, out _))
        {
            BoxReader box = new(inner);
            box.Skip(4);
            if (type != BoxTypes.Trex || box.U32() is var id && _track != 0 && id != _track)
                continue;
            box.Skip(4);
            (_defaultDuration, _defaultSize, _defaultFlags) = (box.U32(), box.U32(), box.U32());
        }
    }

    private void OnReferenceTime(ReadOnlySpan<byte> payload)
    {
        BoxReader box = new(payload);
        var version = box.U32() >> 24;
        box.Skip(4);
        var time = NtpTime.ToTime(box.U64());
        var at = version == 1 ? _boxEnd - 8 : 0;
        box.Skip(version == 1 ? 8 : 4);
        if (!box.IsShort)
            _reference = (at, time);
    }

    private void OnFragmentHeader(ReadOnlySpan<byte> payload)
    {
        if (InitializationLength == 0 || _pending is not null)
        {
            Problem = $"The fragment at byte {_boxStart} does not stand where one may.";
            return;
        }

        Pending fragment = new() { MoofStart = _boxStart };
        BoxReader boxes = new(payload);
        while (boxes.TryBox(out var type, out var inner, out var at))
        {
            if (type == 0x6D666864)
                fragment.SequenceAt = _boxStart + _boxHeader + at + 4;
            else if (type == BoxTypes.Traf && !OnTrackFragment(fragment, inner, _boxStart + _boxHeader + at))
                return;
        }

        if (boxes.IsShort)
            Problem = $"The fragment at byte {_boxStart} is not whole within.";
        else
            _pending = fragment;
    }

    private bool OnTrackFragment(Pending fragment, ReadOnlySpan<byte> payload, long payloadAt)
    {
        var (duration, size, flags) = (_defaultDuration, _defaultSize, _defaultFlags);
        long start = _boxStart;
        var isOurs = false;
        var time = _nextTime;
        BoxReader boxes = new(payload);
        while (boxes.TryBox(out var type, out var inner, out var at))
        {
            BoxReader box = new(inner);
            var full = box.U32();
            if (type == BoxTypes.Tfhd)
            {
                isOurs = box.U32() == _track;
                if ((full & 1) != 0)
                    start = (long)box.U64();
                if ((full & 2) != 0)
                    box.Skip(4);
                duration = (full & 8) != 0 ? box.U32() : duration;
                size = (full & 0x10) != 0 ? box.U32() : size;
                flags = (full & 0x20) != 0 ? box.U32() : flags;
            }
            else if (type == BoxTypes.Tfdt && isOurs)
            {
                fragment.BaseTimeBytes = full >> 24 == 1 ? 8 : 4;
                fragment.BaseTimeAt = payloadAt + at + 4;
                var stated = full >> 24 == 1 ? box.U64() : box.U32();
                time = (long)(stated & long.MaxValue >> 1);
            }
            else if (type == BoxTypes.Trun && isOurs && !OnRun(fragment, ref box, full, (start, duration, size, flags), ref time))
            {
                return false;
            }

            if (box.IsShort)
            {
                Problem = $"The fragment at byte {_boxStart} is not whole within.";
                return false;
            }
        }

        if (isOurs)
            _nextTime = time;
        return true;
    }

    private bool OnRun(Pending fragment, ref BoxReader box, uint full, (long Start, uint Duration, uint Size, uint Flags) defaults, ref long time)
    {
        var count = box.U32();
        if (count > MostSamples - fragment.Samples.Count || count > MostSamplesInFile - _samples)
        {
            Problem = $"The fragment at byte {_boxStart} states more pictures than can be.";
            return false;
        }

        var offset = fragment.NextOffset;
        if ((full & 1) != 0)
            offset = defaults.Start + (int)box.U32();
        uint? first = (full & 4) != 0 ? box.U32() : null;
        for (var index = 0; index < count && !box.IsShort; index++)
        {
            var duration = (full & 0x100) != 0 ? box.U32() : defaults.Duration;
            var size = (full & 0x200) != 0 ? box.U32() : defaults.Size;
            var flags = (full & 0x400) != 0 ? box.U32() : index == 0 && first is { } own ? own : defaults.Flags;
            long shift = (full & 0x800) == 0 ? 0 : full >> 24 == 0 ? box.U32() : (int)box.U32();
            if (size > int.MaxValue || offset < 0)
            {
                Problem = $"The fragment at byte {_boxStart} states pictures where none can be.";
                return false;
            }

            fragment.Samples.Add(new Mp4Sample(offset, (int)size, time, time + shift, duration, (flags & NonSync) == 0));
            offset += size;
            time += duration;
        }

        fragment.NextOffset = offset;
        return true;
    }

    private void OnData()
    {
        if (_pending is not { } fragment)
        {
            // Pictures without a header: a plain MP4 file has its own before or behind them, and is not read here.
            if (InitializationLength > 0)
                Problem = $"There are pictures without a header at byte {_boxStart}.";
            return;
        }

        foreach (var sample in fragment.Samples)
        {
            if (sample.Offset < _boxStart + _boxHeader || sample.Offset + sample.Size > _boxEnd)
            {
                Problem = $"The fragment at byte {fragment.MoofStart} has a picture outside of its bytes.";
                return;
            }
        }

        _samples += fragment.Samples.Count;
        _fragments.Add(new Mp4Fragment(
            CompleteLength, _boxEnd - CompleteLength, fragment.SequenceAt, fragment.BaseTimeAt, fragment.BaseTimeBytes, _reference?.At ?? 0, _reference?.Time, fragment.Samples));
        CompleteLength = _boxEnd;
        (_pending, _reference) = (null, null);
    }

    /// <summary>A fragment whose pictures are not all here yet.</summary>
    private sealed class Pending
    {
        public long MoofStart { get; init; }

        public long SequenceAt { get; set; }

        public long BaseTimeAt { get; set; }

        public int BaseTimeBytes { get; set; }

        public long NextOffset { get; set; }

        public List<Mp4Sample> Samples { get; } = [];
    }
}
