using DroneOps.Mavlink;
using DroneOps.Missions.Zones;
using DroneOps.Server.Airspace;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;

namespace DroneOps.Server.Oversight;

/// <summary>What tracks show: flights too high, and flights in zones that are to be kept out of. The zones are those that are drawn now.</summary>
internal static class TrackFindings
{
    /// <summary>The highest moment of each sortie that was too high.</summary>
    public static async Task<List<Finding>> TooHighAsync(FleetDb db, IReadOnlyDictionary<Guid, SortieRecord> sorties, double limitM, CancellationToken cancellation)
    {
        var (from, to) = SpanOf(sorties);
        var legs = await db.Set<TrackLeg>().AsNoTracking().Where(leg => leg.To >= from && leg.From <= to && leg.HighestAboveHomeM > limitM)
            .Select(leg => new { leg.SortieId, leg.From, leg.HighestAboveHomeM }).ToListAsync(cancellation);
        return [.. legs.Where(leg => sorties.ContainsKey(leg.SortieId)).GroupBy(leg => leg.SortieId).Select(own => own.MaxBy(leg => leg.HighestAboveHomeM)!)
            .Select(leg => Finding.Of(sorties[leg.SortieId], FindingKind.TooHigh, leg.From, leg.HighestAboveHomeM))];
    }

    /// <summary>The first moment in each zone of each sortie.</summary>
    public static async Task<List<Finding>> BreachesAsync(FleetDb db, IReadOnlyDictionary<Guid, SortieRecord> sorties, AirspaceSnapshot drawn, CancellationToken cancellation)
    {
        var findings = new List<Finding>();
        foreach (var zone in drawn.Zones.Where(zone => zone.Properties.Effect == ZoneEffect.KeepOut))
        {
            foreach (var (id, number) in await LegsInAsync(db, sorties, zone.Shape, cancellation))
            {
                if (findings.Exists(finding => finding.SortieId == id && finding.Name == zone.Properties.NameZh))
                    continue;
                var piece = await db.Set<TrackPiece>().AsNoTracking().SingleAsync(piece => piece.SortieId == id && piece.Number == number, cancellation);
                if (piece.Points.Find(point => IsIn(zone, point, drawn)) is { } first)
                    findings.Add(Finding.Of(sorties[id], FindingKind.ZoneBreach, first.At, first.AltitudeAboveHomeM, zone.Properties.NameZh));
            }
        }

        return findings;
    }

    private static async Task<List<(Guid Id, int Number)>> LegsInAsync(FleetDb db, IReadOnlyDictionary<Guid, SortieRecord> sorties, Geometry shape, CancellationToken cancellation)
    {
        var (from, to) = SpanOf(sorties);
        shape.SRID = FleetDb.Wgs84;
        var legs = db.Set<TrackLeg>().AsNoTracking().Where(leg => leg.To >= from && leg.From <= to).InBox(shape.EnvelopeInternal);
        if (db.HasSpatialSql)
            legs = legs.Where(leg => leg.Shape.Intersects(shape));
        var found = await legs.Select(leg => new { leg.SortieId, leg.Number, leg.Shape }).ToListAsync(cancellation);
        var prepared = PreparedGeometryFactory.Prepare(shape);
        return [.. found.Where(leg => sorties.ContainsKey(leg.SortieId) && (db.HasSpatialSql || prepared.Intersects(leg.Shape))).OrderBy(leg => leg.SortieId).ThenBy(leg => leg.Number).Select(leg => (leg.SortieId, leg.Number))];
    }

    /// <summary>Over what the zone covers, at its heights, while it holds. A height above the ground is taken as one above home, which is what a track has.</summary>
    private static bool IsIn(Place<ZoneProperties> zone, TrackPoint point, AirspaceSnapshot drawn)
    {
        var height = zone.Properties.HeightDatum == AltitudeDatum.Amsl ? point.AltitudeAmslM : point.AltitudeAboveHomeM;
        return height >= zone.Properties.FloorM && height <= zone.Properties.CeilingM
            && zone.Shape.Covers(new Point(point.Lon, point.Lat))
            && (zone.Properties.Window is null || drawn.ZonesDuring(point.At, point.At).Any(holding => holding.Id == zone.Id));
    }

    private static (DateTimeOffset From, DateTimeOffset To) SpanOf(IReadOnlyDictionary<Guid, SortieRecord> sorties) => sorties.Count == 0
        ? (DateTimeOffset.MaxValue, DateTimeOffset.MaxValue)
        : (sorties.Values.Min(sortie => sortie.TakeoffAt), sorties.Values.Max(sortie => sortie.LandedAt ?? sortie.LastHeardAt));
}
