using System.Buffers;
using System.Buffers.Binary;

namespace DroneOps.Media.H26x;

/// <summary>Makes <see cref="Picture"/>s of access units in Annex B form. Owned by one demuxer or splitter.</summary>
/// <remarks>A stream with intra refresh sends no IDR picture after its first and marks with a recovery point SEI where decoding can begin
/// (ISO/IEC 14496-10, D.2.8). Such a picture counts as key when no true one has come for <see cref="WithoutKey"/>: nobody could join otherwise,
/// and in other streams nothing changes.</remarks>
internal sealed class AccessUnitReader(VideoCodec codec, long lastDts, Action<Picture> sink)
{
    /// <summary>Slices and messages of one picture; further ones are cut off.</summary>
    private const int MostUnits = 4096;

    /// <summary>By how much the source's statement of when a picture was taken may differ from its arrival. A clock that is further off, by hours in a camera that
    /// was set by hand, would date what is recorded wrongly and hide what is missing; beyond this the arrival counts.</summary>
    private static readonly TimeSpan MostDifference = TimeSpan.FromSeconds(5);

    private const long WithoutKey = 10L * Picture.Clock;
    private const int LengthSize = 4;

    /// <summary>The bytes of a NAL unit that say whether it begins a picture.</summary>
    private const int Telling = 3;

    private readonly ParameterSets _sets = new(codec);
    private readonly List<(int Start, int Length)> _units = [];
    private long? _lastKey;
    private bool _isMissing;

    private int _size;
    private bool _isKey;
    private bool _isRecoveryPoint;
    private bool _isTooLong;
    private DateTimeOffset? _capturedAt;
    private (NalKind Kind, int Start, int Length)? _slice;

    /// <summary>The format of the newest picture.</summary>
    public VideoFormat? Format { get; private set; }

    /// <summary>The decoding time of the newest picture, below which the next does not fall.</summary>
    public long LastDts { get; private set; } = lastDts;

    /// <summary>Reads the pictures in <paramref name="bytes"/>, usually one.</summary>
    /// <param name="bytes">Whole access units.</param>
    /// <param name="intact">How many bytes from the start have no gap before or in them; the length of all when nothing is missing.</param>
    /// <param name="time">Of the first of them.</param>
    /// <param name="counters">Where pictures and what was dropped are counted.</param>
    /// <returns>How many access units with slices there were.</returns>
    public int Read(ReadOnlySpan<byte> bytes, int intact, in UnitTime time, ref MediaCounters counters)
    {
        var count = 0;
        Begin();
        var walk = new AnnexB(bytes);
        while (walk.TryRead(out var start, out var length))
        {
            var nal = bytes.Slice(start, length);
            var kind = NalUnit.KindOf(codec, nal);
            if (_slice is not null && NalUnit.BeginsUnit(codec, kind, nal))
            {
                // What stands behind a hole may look like the beginning of a picture, and the one before it lacks its end.
                End(bytes, intact < bytes.Length && start + Telling > intact, count++, time, ref counters);
                Begin();
            }

            Take(kind, nal, start, start + length <= intact, ref counters);
        }

        if (_slice is not null)
            End(bytes, intact < bytes.Length, count++, time, ref counters);
        return count;
    }

    private void Begin()
    {
        _units.Clear();
        _size = 0;
        (_isKey, _isRecoveryPoint, _isTooLong) = (false, false, false);
        (_capturedAt, _slice) = (null, null);
    }

    private void Take(NalKind kind, ReadOnlySpan<byte> nal, int start, bool isIntact, ref MediaCounters counters)
    {
        switch (kind)
        {
            case NalKind.Delimiter or NalKind.Useless:
                return;
            case NalKind.VideoParameterSet or NalKind.SequenceParameterSet or NalKind.PictureParameterSet:
                // A set with a hole in it could still be read, as something else.
                if (isIntact && !_sets.Take(kind, nal))
                    counters.BadParameterSets++;
                return;
            case NalKind.Sei:
                var information = SupplementalInformation.Read(codec, nal);
                _isRecoveryPoint |= information.IsRecoveryPoint;
                _capturedAt ??= information.CapturedAt;
                break;
            case NalKind.Slice or NalKind.KeySlice:
                _slice ??= (kind, start, nal.Length);
                _isKey |= kind == NalKind.KeySlice;
                break;
            default:
                break;
        }

        if (_units.Count == MostUnits)
        {
            _isTooLong = true;
            return;
        }

        _units.Add((start, nal.Length));
        _size += LengthSize + nal.Length;
    }

    private void End(ReadOnlySpan<byte> bytes, bool isDamaged, int index, in UnitTime time, ref MediaCounters counters)
    {
        var (kind, start, length) = _slice!.Value;
        if (_sets.FormatOf(kind, bytes.Slice(start, length)) is not { } format)
        {
            counters.PicturesWithoutFormat++;
            _isMissing = true;
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(_size);
        var written = 0;
        foreach (var unit in _units)
        {
            BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(written), unit.Length);
            bytes.Slice(unit.Start, unit.Length).CopyTo(buffer.AsSpan(written + LengthSize));
            written += LengthSize + unit.Length;
        }

        // Several pictures in one packet share its time; what is reckoned for the later ones may reach beyond the next packet's.
        var dts = LastDts = Math.Max(LastDts, time.Dts + index * time.Step);
        var isKey = _isKey || _isRecoveryPoint && dts - (_lastKey ?? dts - WithoutKey) >= WithoutKey;
        // What counts is a true one: as long as none comes, every recovery point is as good as the one before.
        if (_isKey || _lastKey is null)
            _lastKey = _isKey ? dts : dts - WithoutKey;
        if (_isTooLong)
            counters.OversizedPictures++;
        var takenAt = _capturedAt ?? (index == 0 ? time.CapturedAt : null);
        if (takenAt is { } stated && (stated - time.ReceivedAt).Duration() > MostDifference)
        {
            counters.DisbelievedTimes++;
            takenAt = null;
        }

        var picture = new Picture(format, buffer, written)
        {
            Pts = time.Pts + index * time.Step,
            Dts = dts,
            IsKey = isKey,
            IsDamaged = isDamaged || _isTooLong,
            IsDiscontinuous = _isMissing || index == 0 && time.IsDiscontinuous,
            CapturedAt = takenAt,
            ReceivedAt = time.ReceivedAt,
        };
        _isMissing = false;
        Format = format;
        counters.Pictures++;
        if (picture.IsDamaged)
            counters.DamagedPictures++;
        sink(picture);
    }
}
