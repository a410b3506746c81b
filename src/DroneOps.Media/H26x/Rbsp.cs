namespace DroneOps.Media.H26x;

/// <summary>The payload of a NAL unit without the bytes that keep start codes out of it.</summary>
internal static class Rbsp
{
    /// <summary>Copies without emulation_prevention_three_byte (ISO/IEC 14496-10, 7.3.1), as much as <paramref name="into"/> holds.</summary>
    /// <returns>The bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> into)
    {
        int written = 0, zeros = 0;
        foreach (var value in escaped)
        {
            if (zeros >= 2 && value == 3)
            {
                zeros = 0;
                continue;
            }

            if (written == into.Length)
                break;
            zeros = value == 0 ? zeros + 1 : 0;
            into[written++] = value;
        }

        return written;
    }
}
