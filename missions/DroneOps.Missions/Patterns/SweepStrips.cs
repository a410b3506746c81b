using DroneOps.Missions.Geodesy;
using NetTopologySuite.Geometries;

namespace DroneOps.Missions.Patterns;

/// <summary>Ground cut into parallel strips of equal width in one direction, with the passes that cover them.</summary>
internal sealed class SweepStrips
{
    private const double ShortestPassM = 0.5;

    private readonly double _sin;
    private readonly double _cos;

    private SweepStrips(double angleDeg)
    {
        AngleDeg = angleDeg;
        (_sin, _cos) = Math.SinCos(angleDeg * Math.PI / 180);
    }

    public double AngleDeg { get; }

    public int Count { get; private set; }

    public IReadOnlyList<SweepCell> Cells { get; private set; } = [];

    /// <summary>The width of the ground across a direction, metres.</summary>
    public static double WidthAcross(Geometry ground, double angleDeg)
    {
        var frame = new SweepStrips(angleDeg);
        double least = double.MaxValue, most = double.MinValue;
        foreach (var at in ground.Coordinates)
        {
            var across = frame.Across(at.X, at.Y);
            least = Math.Min(least, across);
            most = Math.Max(most, across);
        }

        return most - least;
    }

    /// <summary>How many strips ground of a width needs; a billionth of a strip is rounding, not ground.</summary>
    public static int CountFor(double widthM, double swathM) => Math.Max(1, (int)Math.Ceiling((widthM / swathM) - 1e-9));

    /// <summary>Cuts the ground.</summary>
    /// <param name="ground">What is to be covered, on the plane.</param>
    /// <param name="transit">The free space; passes keep to it.</param>
    /// <param name="angleDeg">Direction of the passes, degrees clockwise from north.</param>
    /// <param name="swathM">Widest strip, metres.</param>
    /// <param name="jumpM">Gaps in a strip up to this long are flown straight over when that is free.</param>
    public static SweepStrips Cut(Geometry ground, Transit transit, double angleDeg, double swathM, double jumpM)
    {
        var strips = new SweepStrips(angleDeg);
        var turned = (Geometry)ground.Copy();
        turned.Apply(new Frame(strips));
        turned.GeometryChanged();
        var envelope = turned.EnvelopeInternal;
        strips.Count = CountFor(envelope.Height, swathM);
        var step = envelope.Height / strips.Count;
        var rows = new List<List<Pass>>();
        for (var i = 0; i < strips.Count; i++)
        {
            var low = envelope.MinY + (i * step);
            var strip = Shapes.Factory.ToGeometry(new Envelope(envelope.MinX - 1, envelope.MaxX + 1, low, low + step));
            rows.Add(strips.Row(turned.Intersection(strip), low + (step / 2), transit, jumpM));
        }

        strips.Cells = Group(rows);
        return strips;
    }

    private double Along(double x, double y) => (x * _sin) + (y * _cos);

    private double Across(double x, double y) => (y * _sin) - (x * _cos);

    private PlanePoint Back(double along, double across) => new((along * _sin) - (across * _cos), (along * _cos) + (across * _sin));

    private List<Pass> Row(Geometry covered, double across, Transit transit, double jumpM)
    {
        var spans = Shapes.Polygons(covered).Select(static piece => (From: piece.EnvelopeInternal.MinX, To: piece.EnvelopeInternal.MaxX))
            .OrderBy(static span => span.From).ToList();
        var joined = new List<(double From, double To)>();
        foreach (var span in spans)
        {
            if (joined.Count > 0 && (span.From <= joined[^1].To
                || (span.From - joined[^1].To <= jumpM && transit.IsFree(Back(joined[^1].To, across), Back(span.From, across)))))
                joined[^1] = (joined[^1].From, Math.Max(joined[^1].To, span.To));
            else
                joined.Add(span);
        }

        var row = new List<Pass>();
        foreach (var (from, to) in joined)
        {
            var whole = Shapes.Line(Back(from, across), Back(to, across));
            foreach (var free in Shapes.Lines(transit.FreePart(whole)))
            {
                if (free.Length < ShortestPassM)
                    continue;
                var (start, end) = (Shapes.Point(free.StartPoint.Coordinate), Shapes.Point(free.EndPoint.Coordinate));
                var (first, last) = (Along(start.EastM, start.NorthM), Along(end.EastM, end.NorthM));
                row.Add(first <= last ? new(first, last, [start, end]) : new(last, first, [end, start]));
            }
        }

        row.Sort(static (a, b) => a.From.CompareTo(b.From));
        return row;
    }

    // Boustrophedon cells: a pass joins the cell of the one pass before it that overlaps it, unless either has another neighbour.
    private static List<SweepCell> Group(List<List<Pass>> rows)
    {
        var cells = new List<List<PlanePoint[]>>();
        var owner = new Dictionary<Pass, List<PlanePoint[]>>();
        for (var i = 0; i < rows.Count; i++)
        {
            foreach (var pass in rows[i])
            {
                Pass[] before = i == 0 ? [] : [.. rows[i - 1].Where(pass.Overlaps)];
                if (before.Length == 1 && rows[i].Count(before[0].Overlaps) == 1)
                {
                    owner[pass] = owner[before[0]];
                    owner[pass].Add(pass.Points);
                }
                else
                {
                    cells.Add(owner[pass] = [pass.Points]);
                }
            }
        }

        return cells.ConvertAll(static passes => new SweepCell(passes));
    }

    private sealed class Pass(double from, double to, PlanePoint[] points)
    {
        public double From => from;

        public PlanePoint[] Points => points;

        public bool Overlaps(Pass other) => from < other.To && other.From < to;

        private double To => to;
    }

    // Turns the plane so that passes run along x.
    private sealed class Frame(SweepStrips strips) : ICoordinateSequenceFilter
    {
        public bool Done => false;

        public bool GeometryChanged => true;

        public void Filter(CoordinateSequence seq, int i)
        {
            var (x, y) = (seq.GetX(i), seq.GetY(i));
            seq.SetX(i, strips.Along(x, y));
            seq.SetY(i, strips.Across(x, y));
        }
    }
}
