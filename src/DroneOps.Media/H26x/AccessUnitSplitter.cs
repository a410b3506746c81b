namespace DroneOps.Media.H26x;

/// <summary>Cuts an elementary stream (ISO/IEC 14496-10, Annex B), such as an encoder writes to a pipe, into pictures. Owned by the loop that
/// reads the pipe.</summary>
/// <remarks>The stream itself does not say where a picture ends: one is handed out when the next begins. Whoever knows better, because the
/// encoder writes whole pictures, calls <see cref="Flush"/>.</remarks>
public sealed class AccessUnitSplitter
{
    /// <summary>The longest picture taken: 8 MiB, what two seconds of the best drone camera have.</summary>
    public const int LongestUnit = 8 * 1024 * 1024;

    /// <summary>A start code, and the bytes of the unit that say whether it begins a picture.</summary>
    private const int Lookahead = 3 + 3;

    private readonly VideoCodec _codec;
    private readonly AccessUnitReader _reader;
    private byte[] _buffer = new byte[64 * 1024];
    private int _length;
    private int _scanned;
    private bool _hasSlice;
    private bool _isRest;
    private int _older;
    private long _pts;
    private long _lastDts = long.MinValue;
    private DateTimeOffset _receivedAt;
    private MediaCounters _counters;

    /// <summary>A splitter that hands its pictures to <paramref name="sink"/>, who becomes their owner.</summary>
    public AccessUnitSplitter(VideoCodec codec, Action<Picture> sink)
    {
        _codec = codec;
        _reader = new AccessUnitReader(codec, long.MinValue, sink);
    }

    /// <summary>What was seen and dropped so far.</summary>
    public MediaCounters Counters => _counters;

    /// <summary>The format of the newest picture; null before the first one.</summary>
    public VideoFormat? Format => _reader.Format;

    /// <summary>Takes the next bytes in, cut anywhere.</summary>
    /// <param name="bytes">The next bytes.</param>
    /// <param name="pts">The time of the picture that begins in them, ticks of <see cref="Picture.Clock"/>; the stream has none of its own.</param>
    /// <param name="receivedAt">When they arrived.</param>
    public void Push(ReadOnlySpan<byte> bytes, long pts, DateTimeOffset receivedAt)
    {
        if (_length == 0)
            _pts = pts;
        _older = _length;
        while (!bytes.IsEmpty)
        {
            var taken = Append(bytes);
            bytes = bytes[taken..];
            Scan(pts, receivedAt);
            if (taken == 0)
                Cut(receivedAt);
        }

        _receivedAt = receivedAt;
    }

    /// <summary>What has come is a whole picture: hands it out without waiting for the next.</summary>
    public void Flush()
    {
        if (_length > 0)
            HandOut(_length, _pts, _receivedAt);
    }

    private int Append(ReadOnlySpan<byte> bytes)
    {
        if (_buffer.Length - _length < bytes.Length && _buffer.Length < LongestUnit)
            Array.Resize(ref _buffer, (int)Math.Min(LongestUnit, Math.Max(2L * _buffer.Length, (long)_length + bytes.Length)));
        var taken = Math.Min(bytes.Length, _buffer.Length - _length);
        bytes[..taken].CopyTo(_buffer.AsSpan(_length));
        _length += taken;
        return taken;
    }

    private void Scan(long pts, DateTimeOffset receivedAt)
    {
        while (true)
        {
            var found = _buffer.AsSpan(_scanned, _length - _scanned).IndexOf(AnnexB.StartCode);
            if (found < 0)
            {
                // The last two bytes may be the beginning of a start code.
                _scanned = Math.Max(_scanned, _length - 2);
                return;
            }

            _scanned += found;
            if (_length - _scanned < Lookahead)
                return;
            var nal = _buffer.AsSpan(_scanned + 3, 3);
            var kind = NalUnit.KindOf(_codec, nal);
            if (_hasSlice && NalUnit.BeginsUnit(_codec, kind, nal))
                HandOut(_scanned, pts, _scanned > _older ? receivedAt : _receivedAt);
            _hasSlice |= kind is NalKind.Slice or NalKind.KeySlice;
            _scanned += 3;
        }
    }

    /// <summary>A picture beyond the limit: what has come of it goes out damaged, and what follows up to the next picture is dropped.</summary>
    private void Cut(DateTimeOffset receivedAt)
    {
        if (!_isRest)
            _counters.OversizedPictures++;
        var hadSlice = _hasSlice;
        HandOut(_length, _pts, receivedAt, intact: 0);
        (_hasSlice, _isRest) = (hadSlice, true);
    }

    /// <summary>Hands out the first <paramref name="length"/> bytes; the picture after them has the time <paramref name="nextPts"/>.</summary>
    private void HandOut(int length, long nextPts, DateTimeOffset receivedAt, int intact = int.MaxValue)
    {
        var dts = Math.Max(_pts, _lastDts);
        if (!_isRest && _reader.Read(_buffer.AsSpan(0, length), Math.Min(intact, length), new UnitTime(_pts, dts, 0, false, null, receivedAt), ref _counters) > 0)
            _lastDts = dts;
        _buffer.AsSpan(length, _length - length).CopyTo(_buffer);
        _length -= length;
        _older = Math.Max(0, _older - length);
        _scanned = Math.Max(0, _scanned - length);
        (_hasSlice, _isRest, _pts) = (false, false, nextPts);
    }
}
