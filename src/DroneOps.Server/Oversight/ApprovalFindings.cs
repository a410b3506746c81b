using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Airspace;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;
using NetTopologySuite.Operation.Distance;

namespace DroneOps.Server.Oversight;

/// <summary>How a sortie was not covered by the approval that it names.</summary>
internal enum ApprovalLack
{
    /// <summary>There is none of that number in the register.</summary>
    Unknown,

    /// <summary>It was flown before it held, or after; the value is seconds.</summary>
    Time,

    /// <summary>It was flown for another purpose.</summary>
    Purpose,

    /// <summary>It left the area; the value is metres, at the farthest.</summary>
    Area,

    /// <summary>It was above the ceiling; the value is metres, at the most.</summary>
    Height,
}

/// <summary>The approval that a sortie names and was not covered by.</summary>
/// <param name="Number">As the sortie names it.</param>
/// <param name="Authority">Who gave it; null where it is not in the register.</param>
internal sealed record ApprovalUse(ApprovalLack Lack, string Number, string? Authority);

/// <summary>Sorties that name an approval and are not covered by it. By the register as it stands now; who changed it is in the audit log.</summary>
/// <remarks>An authority is a person or a number, in one field. What stands in the register is a number; else what has a figure in it and is no account is taken for one, and only
/// where approvals are registered at all: who does not keep the register is not told of each flight that nothing is in it.</remarks>
internal static class ApprovalFindings
{
    /// <summary>By how much a receiver may be off, metres.</summary>
    private const double SlackM = 5;

    public static async Task<List<Finding>> OfAsync(FleetDb db, IReadOnlyList<SortieRecord> sorties, AirspaceSnapshot drawn, CancellationToken cancellation)
    {
        var findings = new List<Finding>();
        if (drawn.Approvals.IsEmpty)
            return findings;
        foreach (var sortie in sorties)
        {
            if (sortie.AuthorisedBy is not { } number)
                continue;
            List<Place<ApprovalProperties>> named = [.. drawn.Approvals.Where(approval => ApprovalProperties.IsSame(approval.Properties.Number, number))];
            if (named.Count == 0)
            {
                if (number.Any(char.IsDigit) && !number.Contains(':', StringComparison.Ordinal))
                    findings.Add(Finding.Of(sortie, FindingKind.OutsideApproval) with { Approval = new(ApprovalLack.Unknown, number, null) });
                continue;
            }

            findings.AddRange(OfRecord(sortie, named));
            if (MayLeave(sortie, named))
            {
                var pieces = await db.Set<TrackPiece>().AsNoTracking().Where(piece => piece.SortieId == sortie.Id).OrderBy(piece => piece.Number).Select(piece => piece.Points).ToListAsync(cancellation);
                findings.AddRange(OfTrack(sortie, [.. pieces.SelectMany(points => points)], named));
            }
        }

        return findings;
    }

    /// <summary>What the record shows without its track. Pure.</summary>
    /// <param name="named">The entries of the number that it names; at least one.</param>
    public static IEnumerable<Finding> OfRecord(SortieRecord sortie, IReadOnlyList<Place<ApprovalProperties>> named)
    {
        var (takeoff, landed) = (sortie.TakeoffAt, sortie.LandedAt ?? sortie.LastHeardAt);
        var nearest = named.MinBy(approval => Outside(approval.Properties))!.Properties;
        if (Outside(nearest) > TimeSpan.Zero)
            yield return Of(sortie, ApprovalLack.Time, named, takeoff < nearest.From || takeoff >= nearest.To ? takeoff : nearest.To, Outside(nearest).TotalSeconds);
        if (sortie.Purpose is { } purpose && named.All(approval => approval.Properties.Purposes is { } purposes && !purposes.Contains(purpose)))
            yield return Of(sortie, ApprovalLack.Purpose, named, null, null);

        TimeSpan Outside(ApprovalProperties approval) => takeoff < approval.From ? approval.From - takeoff : landed > approval.To ? landed - approval.To : TimeSpan.Zero;
    }

    /// <summary>What the track shows: the first moment outside of all areas, and above the ceiling of those that it was in. Pure.</summary>
    public static IEnumerable<Finding> OfTrack(SortieRecord sortie, IReadOnlyList<TrackPoint> points, IReadOnlyList<Place<ApprovalProperties>> named)
    {
        List<(IPreparedGeometry Area, Place<ApprovalProperties> Approval)> areas = [.. named.Select(approval => (PreparedGeometryFactory.Prepare(approval.Shape), approval))];
        var (left, high) = (default((DateTimeOffset At, double M)?), default((DateTimeOffset At, double M)?));
        foreach (var point in points)
        {
            var at = new Point(point.Lon, point.Lat);
            List<ApprovalProperties> around = [.. areas.Where(area => area.Area.Covers(at)).Select(area => area.Approval.Properties)];
            if (around.Count == 0)
            {
                if (named.Min(approval => DistanceM(approval.Shape, at)) is > SlackM and var metres)
                    left = (left?.At ?? point.At, Math.Max(left?.M ?? 0, metres));
            }
            else if (around.Min(approval => HeightOf(point, approval) - approval.CeilingM) is > SlackM and var metres)
            {
                high = (high?.At ?? point.At, Math.Max(high?.M ?? 0, metres));
            }
        }

        if (left is { } gone)
            yield return Of(sortie, ApprovalLack.Area, named, gone.At, gone.M);
        if (high is { } up)
            yield return Of(sortie, ApprovalLack.Height, named, up.At, up.M);
    }

    /// <summary>Whether the box around the flight, or its greatest height, leaves room for doubt. Most flights are well inside, and nobody reads their tracks.</summary>
    private static bool MayLeave(SortieRecord sortie, IReadOnlyList<Place<ApprovalProperties>> named)
    {
        var box = new GeometryFactory().ToGeometry(new Envelope(sortie.West, sortie.East, sortie.South, sortie.North));
        return !named.Any(approval => approval.Shape.Covers(box)
            && (approval.Properties.HeightDatum == AltitudeDatum.Amsl ? sortie.MaxAltitudeAmslM : sortie.MaxAltitudeAboveHomeM) <= approval.Properties.CeilingM);
    }

    /// <summary>A height above the ground is taken as one above home, which is what a track has.</summary>
    private static double HeightOf(TrackPoint point, ApprovalProperties approval) => approval.HeightDatum == AltitudeDatum.Amsl ? point.AltitudeAmslM : point.AltitudeAboveHomeM;

    /// <summary>To the nearest edge. Which one that is, is told in degrees: at the latitudes where people fly here a degree is about as wide as it is tall.</summary>
    private static double DistanceM(Geometry area, Point at)
    {
        var edge = DistanceOp.NearestPoints(area, at)[0];
        return Geodesic.DistanceM(new GeoPoint(at.Y, at.X), new GeoPoint(edge.Y, edge.X));
    }

    private static Finding Of(SortieRecord sortie, ApprovalLack lack, IReadOnlyList<Place<ApprovalProperties>> named, DateTimeOffset? at, double? value) =>
        Finding.Of(sortie, FindingKind.OutsideApproval, at, value) with { Approval = new(lack, sortie.AuthorisedBy!, named[0].Properties.Authority) };
}
