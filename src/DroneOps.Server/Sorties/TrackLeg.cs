using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NetTopologySuite.Geometries;
using NetTopologySuite.Simplify;

namespace DroneOps.Server.Sorties;

/// <summary>Where a <see cref="TrackPiece"/> lies, in a few corners: what searches by place look through. Made by the piece itself, so that no track is
/// written that they do not see. A track as a whole would be found by its box alone, and the box of a patrol is the city.</summary>
/// <remarks>Where a track is cut as it is flown, the step from one piece to the next, a second of flight at most, lies between two legs and in neither; a gap in the
/// link lies in none.</remarks>
internal sealed class TrackLeg : Located
{
    /// <summary>Corners that change the line by less than this are left out: half a metre.</summary>
    private const double LeastCornerDeg = 0.000_005;

    /// <summary>A step longer than this is a gap: where it was meanwhile is not known, and so is not on the line.</summary>
    public static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(10);

    public Guid SortieId { get; init; }

    public int Number { get; init; }

    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }

    /// <summary>The greatest height above home in it, metres.</summary>
    public required double HighestAboveHomeM { get; init; }

    /// <summary>The leg of a piece; null where there is no point.</summary>
    /// <param name="next">The first point of the next piece, where the leg reaches to it.</param>
    public static TrackLeg? Of(List<TrackPoint> points, TrackPoint? next = null) => points.Count == 0 ? null : new()
    {
        From = points[0].At,
        To = (next ?? points[^1]).At,
        HighestAboveHomeM = points.Max(point => point.AltitudeAboveHomeM),
        Shape = LineOf(next is null ? points : [.. points, next]),
    };

    private static Geometry LineOf(List<TrackPoint> points)
    {
        var runs = new List<List<Coordinate>> { new() };
        for (var i = 0; i < points.Count; i++)
        {
            if (i > 0 && points[i].At - points[i - 1].At > LongestStep)
                runs.Add([]);
            runs[^1].Add(new(points[i].Lon, points[i].Lat));
        }

        var parts = runs.ConvertAll(Part);
        return parts.Count == 1 ? parts[0] : new GeometryCollection([.. parts]);
    }

    private static Geometry Part(List<Coordinate> corners)
    {
        if (corners.TrueForAll(corner => corner.Equals2D(corners[0])))
            return new Point(corners[0]);
        return DouglasPeuckerSimplifier.Simplify(new LineString([.. corners]), LeastCornerDeg) is LineString { IsEmpty: false } line ? line : new Point(corners[0]);
    }

    internal sealed class Table : IEntityTypeConfiguration<TrackLeg>
    {
        public void Configure(EntityTypeBuilder<TrackLeg> builder)
        {
            builder.ToTable("track_legs");
            builder.HasKey(leg => new { leg.SortieId, leg.Number });
            builder.HasOne<TrackPiece>().WithOne(piece => piece.Leg).HasForeignKey<TrackLeg>(leg => new { leg.SortieId, leg.Number });
        }
    }
}
