using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Zones;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;
using NetTopologySuite.Operation.Union;

namespace DroneOps.Missions.Checks;

/// <summary>The zones of a check laid out on its plane: grown or shrunk by the margin, asked piece by piece.</summary>
internal sealed class ZoneField
{
    private const int CircleSides = 64;

    private readonly HeightFrame _heights;
    private readonly LocalPlane _plane;
    private readonly Dictionary<string, Geometry?> _insides = [];
    private readonly List<Laid> _keepIn = [];

    public ZoneField(CheckConditions conditions, LocalPlane plane)
    {
        _heights = conditions.Heights;
        _plane = plane;
        foreach (var zone in conditions.Zones)
        {
            if (zone.Effect == ZoneEffect.KeepIn)
                _keepIn.Add(Lay(zone, ZoneGeometry.InnerOutline(plane, zone.Shape, CircleSides)));
            else
                Others.Add(Lay(zone, ZoneGeometry.Outline(plane, zone.Shape, CircleSides).Buffer(zone.Effect == ZoneEffect.KeepOut ? conditions.MarginM : 0)));
        }

        MarginM = conditions.MarginM;
        StartsAt = conditions.StartsAt;
    }

    /// <summary>Keep-out (grown by the margin), no-record and caution zones.</summary>
    public List<Laid> Others { get; } = [];

    public bool HasKeepIn => _keepIn.Count > 0;

    private double MarginM { get; }

    private DateTimeOffset? StartsAt { get; }

    /// <summary>The parts of a piece that lie within a zone's heights, clipped exactly: height over floor and ceiling changes evenly
    /// along the piece.</summary>
    public FlownPiece? Clip(FlownPiece piece, GeoZone zone)
    {
        double from = 0, to = 1;
        if (zone.Floor is { } floor
            && !Cut(piece.FromM - Above(floor, piece.FromGroundM), piece.ToM - Above(floor, piece.ToGroundM), ref from, ref to))
            return null;
        if (zone.Ceiling is { } ceiling
            && !Cut(Above(ceiling, piece.FromGroundM) - piece.FromM, Above(ceiling, piece.ToGroundM) - piece.ToM, ref from, ref to))
            return null;
        return from == 0 && to == 1 ? piece : piece.Part(from, to);
    }

    /// <summary>Whether a slab of heights over a piece of ground meets a zone's heights.</summary>
    public bool Meets(GeoZone zone, double lowM, double highM, double groundM) =>
        !(zone.Floor is { } floor && highM < Above(floor, groundM)) && !(zone.Ceiling is { } ceiling && lowM > Above(ceiling, groundM));

    public bool Holds(GeoZone zone, double startS, double endS) =>
        StartsAt is not { } start || zone.HoldsDuring(start.AddSeconds(startS), start.AddSeconds(endS));

    /// <summary>The union of the keep-in zones that hold for the whole slab and span, shrunk by the margin; null when there is none.</summary>
    public Geometry? Inside(double lowM, double highM, double groundM, double startS, double endS)
    {
        var holding = _keepIn.FindAll(laid =>
            (laid.Zone.Floor is not { } floor || lowM >= Above(floor, groundM))
            && (laid.Zone.Ceiling is not { } ceiling || highM <= Above(ceiling, groundM))
            && (StartsAt is not { } start || laid.Zone.HoldsThroughout(start.AddSeconds(startS), start.AddSeconds(endS))));
        if (holding.Count == 0)
            return null;

        var key = string.Join('\n', holding.Select(static laid => laid.Zone.Id));
        if (!_insides.TryGetValue(key, out var inside))
            _insides[key] = inside = UnaryUnionOp.Union(holding.ConvertAll(static laid => laid.Ground)).Buffer(-MarginM);
        return inside;
    }

    // A floor or ceiling whose datum cannot be converted holds everywhere: the careful reading.
    private double Above(Altitude altitude, double groundM) => altitude.Datum switch
    {
        AltitudeDatum.Agl => groundM + altitude.Metres,
        _ => _heights.AboveHomeM(altitude, _plane.Origin) ?? double.NaN,
    };

    private static bool Cut(double atStart, double atEnd, ref double from, ref double to)
    {
        if (double.IsNaN(atStart) || double.IsNaN(atEnd))
            return true;
        if (atStart < 0 && atEnd < 0)
            return false;
        if (atStart < 0)
            from = Math.Max(from, atStart / (atStart - atEnd));
        else if (atEnd < 0)
            to = Math.Min(to, atStart / (atStart - atEnd));
        return from <= to;
    }

    private static Laid Lay(GeoZone zone, Geometry ground) => new(zone, ground, PreparedGeometryFactory.Prepare(ground));

    internal sealed record Laid(GeoZone Zone, Geometry Ground, IPreparedGeometry Test);
}
