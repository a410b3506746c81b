using System.Numerics;

namespace DroneOps.Simulator.Camera;

/// <summary>Finds the spans of polygons in a grid of cells, by the even-odd rule at the cells' middles. Its buffers are used again: one owner.</summary>
internal sealed class Raster(int width, int height)
{
    // Crossings are sorted as one number each: the row above, the place in the row, in 1/256 cell, below.
    private const int Fraction = 256;
    private const long Bias = 1 << 30;

    private long[] _crossings = new long[1024];
    private int _count;

    public int Width => width;

    public int Height => height;

    public void Begin() => _count = 0;

    /// <summary>Adds one ring, closed or not.</summary>
    public void Add(ReadOnlySpan<Vector2> ring)
    {
        var from = ring[^1];
        foreach (var to in ring)
        {
            if (from.Y <= to.Y)
                Edge(from, to);
            else
                Edge(to, from);
            from = to;
        }
    }

    /// <summary>What lies between the crossings, row by row.</summary>
    public Spans Finish()
    {
        var crossings = _crossings.AsSpan(0, _count);
        crossings.Sort();
        return new Spans(crossings, width);
    }

    /// <summary>The spans of one convex polygon, which has two crossings in each row and so needs no sorting.</summary>
    public Spans Convex(ReadOnlySpan<Vector2> ring)
    {
        var (low, high) = (ring[0].Y, ring[0].Y);
        foreach (var corner in ring)
            (low, high) = (Math.Min(low, corner.Y), Math.Max(high, corner.Y));
        var (first, last) = Rows(low, high);
        if (first > last)
            return new Spans([], width);
        var count = 2 * (last - first + 1);
        if (count > _crossings.Length)
            _crossings = new long[count];
        var crossings = _crossings.AsSpan(0, count);
        crossings.Clear();
        var from = ring[^1];
        foreach (var to in ring)
        {
            var (lower, upper) = from.Y <= to.Y ? (from, to) : (to, from);
            var (begin, end) = Rows(lower.Y, upper.Y);
            var slope = ((double)upper.X - lower.X) / ((double)upper.Y - lower.Y);
            var x = lower.X + ((begin + 0.5 - lower.Y) * slope);
            for (var row = begin; row <= end; row++, x += slope)
            {
                ref var left = ref crossings[2 * (row - first)];
                ref var right = ref crossings[(2 * (row - first)) + 1];
                var crossing = Crossing(row, x);
                if (left == 0)
                    left = crossing;
                else
                    (left, right) = crossing < left ? (crossing, left) : (left, crossing);
            }

            from = to;
        }

        return new Spans(crossings, width);
    }

    private (int First, int Last) Rows(float low, float high) =>
        ((int)Math.Max(0, Math.Ceiling(low - 0.5)), (int)Math.Min(height - 1, Math.Ceiling(high - 0.5) - 1));

    private static long Crossing(int row, double x) => ((long)row << 32) | (Bias + (long)(Math.Clamp(x, -1e6, 1e6) * Fraction));

    private void Edge(Vector2 low, Vector2 high)
    {
        var (first, last) = Rows(low.Y, high.Y);
        if (first > last)
            return;
        var slope = ((double)high.X - low.X) / ((double)high.Y - low.Y);
        var x = low.X + ((first + 0.5 - low.Y) * slope);
        if (_count + last - first + 1 > _crossings.Length)
            Array.Resize(ref _crossings, Math.Max(_crossings.Length * 2, _count + last - first + 1));
        for (var row = first; row <= last; row++, x += slope)
            _crossings[_count++] = Crossing(row, x);
    }

    /// <summary>Spans of one polygon.</summary>
    internal ref struct Spans(ReadOnlySpan<long> crossings, int width)
    {
        private readonly ReadOnlySpan<long> _crossings = crossings;
        private int _next;

        /// <summary>The row of the span that was read.</summary>
        public int Row { get; private set; }

        /// <summary>Its first cell.</summary>
        public int From { get; private set; }

        /// <summary>The cell after its last.</summary>
        public int To { get; private set; }

        public bool Read()
        {
            while (_next + 1 < _crossings.Length)
            {
                var a = _crossings[_next];
                var b = _crossings[_next + 1];
                _next += 2;
                From = Math.Clamp(Cell(a), 0, width);
                To = Math.Clamp(Cell(b), 0, width);
                if (From >= To)
                    continue;
                Row = (int)(a >> 32);
                return true;
            }

            return false;
        }

        private static int Cell(long crossing) => (int)(((crossing & uint.MaxValue) - Bias + (Fraction / 2) - 1) >> 8);
    }
}
