namespace DroneOps.Server.Response;

/// <summary>Sorts times, shortest first, digit by digit (LSD radix sort): a report sorts thirteen times a hundred thousand of them, and comparing
/// would take it several times as long.</summary>
internal static class Shortest
{
    private const int DigitBits = 11;
    private const int Digits = 1 << DigitBits;

    /// <summary>Puts the times in their order; those that are alike stay in the order in which they came.</summary>
    /// <param name="times">The times.</param>
    /// <param name="spare">Room for as many.</param>
    /// <param name="tagBits">How many of the lower bits are no part of the time.</param>
    public static void First(Span<ulong> times, Span<ulong> spare, int tagBits)
    {
        var from = times;
        var to = spare[..times.Length];
        var isAside = false;
        var longest = 0UL;
        foreach (var time in from)
            longest = Math.Max(longest, time);
        Span<int> next = stackalloc int[Digits];
        for (var shift = tagBits; shift < 64 && longest >> shift > 0; shift += DigitBits)
        {
            next.Clear();
            foreach (var time in from)
                next[(int)(time >> shift) & (Digits - 1)]++;
            var before = 0;
            foreach (ref var digit in next)
                (digit, before) = (before, before + digit);
            foreach (var time in from)
                to[next[(int)(time >> shift) & (Digits - 1)]++] = time;
            var last = from;
            from = to;
            to = last;
            isAside = !isAside;
        }

        if (isAside)
            from.CopyTo(times);
    }
}
