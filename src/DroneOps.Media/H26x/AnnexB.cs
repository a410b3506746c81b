namespace DroneOps.Media.H26x;

/// <summary>Walks over the NAL units of a byte stream (ISO/IEC 14496-10, Annex B): start codes of three or four bytes, zeros around them.</summary>
internal ref struct AnnexB
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _next;

    public AnnexB(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _next = AfterStartCode(0);
    }

    public static ReadOnlySpan<byte> StartCode => [0, 0, 1];

    /// <summary>The next unit: where it begins after its start code, and its length without the zeros behind it.</summary>
    public bool TryRead(out int start, out int length)
    {
        start = _next;
        length = 0;
        if (start < 0)
            return false;
        _next = AfterStartCode(start);
        var end = _next < 0 ? _bytes.Length : _next - StartCode.Length;
        // Zeros before the next start code are padding (trailing_zero_8bits, B.1): a unit ends with its stop bit.
        while (end > start && _bytes[end - 1] == 0)
            end--;
        length = end - start;
        return true;
    }

    private readonly int AfterStartCode(int from)
    {
        var at = _bytes[from..].IndexOf(StartCode);
        return at < 0 ? -1 : from + at + StartCode.Length;
    }
}
