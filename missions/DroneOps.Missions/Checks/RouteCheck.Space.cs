using DroneOps.Missions.Flight;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Zones;
using NetTopologySuite.Geometries;

namespace DroneOps.Missions.Checks;

public sealed partial class RouteCheck
{
    // Rounding between plane and ellipsoid; crossings shorter than this are touches.
    private const double TouchM = 0.01;

    private void CheckHeights(List<FlownPiece> pieces)
    {
        foreach (var leg in pieces.Where(static piece => piece.LegIndex is not null).GroupBy(static piece => piece.LegIndex))
        {
            double over = 0, under = 0;
            PlanePoint overAt = default, underAt = default;
            void Look(PlanePoint at, double height, double ground)
            {
                if (_conditions.CeilingAglM is { } ceiling && height - ground - ceiling > over + TouchM)
                    (over, overAt) = (height - ground - ceiling, at);
                if (_conditions.ClearanceM - (height - ground) > under + TouchM)
                    (under, underAt) = (_conditions.ClearanceM - (height - ground), at);
            }

            foreach (var piece in leg)
            {
                Look(piece.From, piece.FromM, piece.FromGroundM);
                Look(piece.To, piece.ToM, piece.ToGroundM);
            }

            if (over > 0)
                Add(FindingSeverity.Error, RouteRule.AboveCeiling, leg.Key, _plane.ToGeo(overAt), over, null, Text($"The leg rises {over:F1} m above the ceiling of {_conditions.CeilingAglM:F0} m above ground."));
            if (under > 0)
                Add(FindingSeverity.Error, RouteRule.TooLow, leg.Key, _plane.ToGeo(underAt), under, null, Text($"The leg comes {under:F1} m below the clearance of {_conditions.ClearanceM:F0} m above ground."));
            CheckHeightsHome(leg.Key!.Value, [.. leg]);
        }
    }

    private void CheckHeightsHome(int leg, FlownPiece[] pieces)
    {
        const int Samples = 16;
        double over = 0, under = 0;
        PlanePoint overAt = default, underAt = default;
        var samples = _conditions.Heights.HasTerrain ? Samples : 1;
        foreach (var piece in pieces)
        {
            var height = Math.Max(piece.HighM, _conditions.Airframe.ReturnHeightM);
            var lowest = Math.Max(piece.LowM, _conditions.Airframe.ReturnHeightM);
            for (var i = 0; i <= samples; i++)
            {
                // The plane's origin is home.
                var at = piece.To.Towards(default, (double)i / samples);
                var ground = i == samples ? 0 : i == 0 ? piece.ToGroundM : _conditions.Heights.GroundM(_plane.ToGeo(at));
                if (_conditions.CeilingAglM is { } ceiling && height - ground - ceiling > over + TouchM)
                    (over, overAt) = (height - ground - ceiling, at);
                if (_conditions.ClearanceM - (lowest - ground) > under + TouchM)
                    (under, underAt) = (_conditions.ClearanceM - (lowest - ground), at);
            }
        }

        if (over > 0 && !_findings.Exists(finding => finding.LegIndex == leg && finding.Rule == RouteRule.AboveCeiling))
            Add(FindingSeverity.Error, RouteRule.WayHomeAboveCeiling, leg, _plane.ToGeo(overAt), over, null, Text($"The way home from this leg rises {over:F1} m above the ceiling of {_conditions.CeilingAglM:F0} m above ground."));
        if (under > 0)
            Add(FindingSeverity.Error, RouteRule.WayHomeTooLow, leg, _plane.ToGeo(underAt), under, null, Text($"The way home from this leg comes {under:F1} m below the clearance of {_conditions.ClearanceM:F0} m above ground."));
    }

    private void CheckZones(List<FlownPiece> pieces, ZoneField field)
    {
        foreach (var leg in pieces.GroupBy(static piece => piece.LegIndex))
        {
            FlownPiece[] flown = [.. leg];
            foreach (var laid in field.Others)
                CheckCrossing(leg.Key, flown, laid, field);
            if (field.HasKeepIn)
                CheckKeepIn(leg.Key, flown, field);
            CheckWayHome(leg.Key, flown, field);
        }

        if (_conditions.StartsAt is null && _conditions.Zones.Any(static zone => !zone.Windows.IsDefaultOrEmpty))
            Add(FindingSeverity.Warning, RouteRule.StartTimeUnknown, null, null, 0, null, "The start time is not known: zones with times are treated as holding.");
    }

    private void CheckCrossing(int? leg, FlownPiece[] pieces, ZoneField.Laid laid, ZoneField field)
    {
        var zone = laid.Zone;
        double length = 0;
        PlanePoint? first = null;
        foreach (var piece in pieces)
        {
            if (zone.Effect == ZoneEffect.NoRecord && !piece.Recording)
                continue;
            if (field.Clip(piece, zone) is not { } inSlab || !field.Holds(zone, inSlab.StartS, inSlab.EndS))
                continue;
            var line = Path(inSlab);
            if (!laid.Test.Intersects(line))
                continue;
            var inside = line.Intersection(laid.Ground);
            first ??= Shapes.Point(inside.Coordinates.MinBy(at => at.Distance(Shapes.Coordinate(inSlab.From)))!);
            length += inside.Length;
        }

        if (first is not { } at)
            return;
        var (severity, rule, verb) = zone.Effect switch
        {
            ZoneEffect.KeepOut => (FindingSeverity.Error, RouteRule.EntersKeepOut, "comes into or too close to the keep-out zone"),
            ZoneEffect.NoRecord => (FindingSeverity.Error, RouteRule.RecordsInNoRecord, "records in the no-record zone"),
            _ => (FindingSeverity.Warning, RouteRule.EntersCaution, "passes the caution zone"),
        };
        Add(severity, rule, leg, _plane.ToGeo(at), length, zone.Id, Text($"The {(leg is null ? "take-off" : "leg")} {verb} \"{zone.Name}\" for {length:F0} m."));
    }

    private void CheckKeepIn(int? leg, FlownPiece[] pieces, ZoneField field)
    {
        double length = 0;
        PlanePoint? first = null;
        foreach (var piece in pieces)
        {
            var line = Path(piece);
            var inside = field.Inside(piece.LowM, piece.HighM, Math.Max(piece.FromGroundM, piece.ToGroundM), piece.StartS, piece.EndS);
            var outside = inside is null ? line : line.Difference(inside);
            if (outside.IsEmpty || (line is LineString && outside.Length < TouchM))
                continue;
            first ??= Shapes.Point(outside.Coordinates.MinBy(at => at.Distance(Shapes.Coordinate(piece.From)))!);
            length += outside.Length;
        }

        if (first is { } at)
            Add(FindingSeverity.Error, RouteRule.LeavesKeepIn, leg, _plane.ToGeo(at), length, null, Text($"The {(leg is null ? "take-off" : "leg")} leaves the keep-in zones or comes too close to their edge for {length:F0} m."));
    }

    // At home the return flies what the leg's points and home span; the climb to the return height happens on the leg itself.
    private void CheckWayHome(int? leg, FlownPiece[] pieces, ZoneField field)
    {
        var returnM = _conditions.Airframe.ReturnHeightM;
        var latest = pieces.Max(static piece => piece.EndS) + Eta.Home(_conditions.Airframe, _conditions.Wind, pieces[^1].To.EastM, pieces[^1].To.NorthM, pieces[^1].ToM).Seconds;
        if (!double.IsFinite(latest))
            latest = pieces.Where(static piece => double.IsFinite(piece.EndS)).Select(static piece => piece.EndS).DefaultIfEmpty(0).Max();
        var swept = pieces.Select(piece => (Piece: piece, Ground: Swept(piece), Low: Math.Max(piece.LowM, returnM), High: Math.Max(piece.HighM, returnM))).ToArray();
        foreach (var laid in field.Others.Where(static laid => laid.Zone.Effect == ZoneEffect.KeepOut))
        {
            if (!field.Holds(laid.Zone, pieces[0].StartS, latest))
                continue;
            foreach (var (piece, ground, low, high) in swept)
            {
                var groundM = Math.Max(piece.FromGroundM, piece.ToGroundM);
                var hit = field.Meets(laid.Zone, low, high, groundM) && laid.Test.Intersects(ground) ? ground
                    : field.Meets(laid.Zone, piece.LowM, high, groundM) && laid.Test.Intersects(Path(piece)) ? Path(piece)
                    : null;
                if (hit is null)
                    continue;
                var at = hit.Intersection(laid.Ground).Coordinates.MinBy(at => at.Distance(Shapes.Coordinate(piece.From)))!;
                Add(_conditions.WayHomeSeverity, RouteRule.WayHomeEntersKeepOut, leg, _plane.ToGeo(Shapes.Point(at)), 0, laid.Zone.Id,
                    Text($"From this {(leg is null ? "take-off" : "leg")} the straight way home comes into or too close to the keep-out zone \"{laid.Zone.Name}\"."));
                break;
            }
        }

        if (!field.HasKeepIn)
            return;
        foreach (var (piece, ground, low, high) in swept)
        {
            var inside = field.Inside(low, high, Math.Max(piece.FromGroundM, piece.ToGroundM), piece.StartS, latest);
            var outside = inside is null ? ground : ground.Difference(inside);
            if (outside.IsEmpty || (ground.Dimension > Dimension.Point && outside.Area < TouchM && outside.Length < TouchM))
                continue;
            Add(_conditions.WayHomeSeverity, RouteRule.WayHomeLeavesKeepIn, leg, _plane.ToGeo(Shapes.Point(outside.Coordinates[0])), 0, null,
                Text($"From this {(leg is null ? "take-off" : "leg")} the straight way home leaves the keep-in zones or comes too close to their edge."));
            return;
        }
    }

    private static Geometry Path(FlownPiece piece) => piece.From.DistanceTo(piece.To) < 1e-9
        ? Shapes.Factory.CreatePoint(Shapes.Coordinate(piece.From))
        : Shapes.Line(piece.From, piece.To);

    // The plane's origin is home.
    private static Geometry Swept(FlownPiece piece) =>
        Shapes.Factory.CreateMultiPointFromCoords([Shapes.Coordinate(piece.From), Shapes.Coordinate(piece.To), new Coordinate(0, 0)]).ConvexHull();
}
