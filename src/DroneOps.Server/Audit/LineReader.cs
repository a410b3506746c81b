namespace DroneOps.Server.Audit;

/// <summary>Lines with their byte offsets. Lines longer than an entry can be are cut, which makes them unreadable
/// entries instead of a way to fill the memory.</summary>
/// <param name="stream">The bytes.</param>
/// <param name="limit">How many of them are read at most.</param>
internal sealed class LineReader(Stream stream, long limit = long.MaxValue)
{
    private const int MaxLine = AuditFormat.PrefixBytes + AuditFormat.MaxEntryBytes + 1;
    private readonly byte[] _buffer = new byte[MaxLine * 2];
    private int _start;
    private int _end;
    private long _offset;
    private long _left = limit;

    /// <summary>The next line without its line feed.</summary>
    /// <param name="line">Valid until the next call.</param>
    /// <param name="offset">Where it begins, relative to where the stream stood.</param>
    /// <param name="isWhole">False when the stream ended, or the longest length was reached, before a line feed.</param>
    public bool TryRead(out ReadOnlyMemory<byte> line, out long offset, out bool isWhole)
    {
        offset = _offset;
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            isWhole = length >= 0;
            if (isWhole || _end - _start >= MaxLine || !Fill())
            {
                length = isWhole ? length : _end - _start;
                line = _buffer.AsMemory(_start, length);
                var taken = isWhole ? length + 1 : length;
                _start += taken;
                _offset += taken;
                return taken > 0;
            }
        }
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        var read = stream.Read(_buffer, _end, (int)Math.Min(_buffer.Length - _end, _left));
        _end += read;
        _left -= read;
        return read > 0;
    }
}
