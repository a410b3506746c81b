using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;
using NetTopologySuite.IO;

namespace DroneOps.Server.Storage;

/// <summary>Spatial questions that read the same on both stores: the bounding box narrows in SQL, PostGIS or
/// NetTopologySuite finishes.</summary>
internal static class SpatialQueries
{
    /// <summary>Rows whose bounding box meets the box; composes with further LINQ and paging.</summary>
    public static IQueryable<T> InBox<T>(this IQueryable<T> rows, Envelope box)
        where T : Located
    {
        var (west, south, east, north) = (box.MinX, box.MinY, box.MaxX, box.MaxY);
        return rows.Where(row => row.West <= east && row.East >= west && row.South <= north && row.North >= south);
    }

    /// <summary>Rows whose geometry meets the shape, exactly.</summary>
    public static async Task<List<T>> MeetingAsync<T>(this FleetDb db, IQueryable<T> rows, Geometry shape, CancellationToken cancellation)
        where T : Located
    {
        shape.SRID = FleetDb.Wgs84;
        var near = rows.InBox(shape.EnvelopeInternal);
        if (db.HasSpatialSql)
        {
            return await near.Where(row => row.Shape.Intersects(shape)).ToListAsync(cancellation);
        }

        var prepared = PreparedGeometryFactory.Prepare(shape);
        var found = await near.ToListAsync(cancellation);
        found.RemoveAll(row => !prepared.Intersects(row.Shape));
        return found;
    }

    /// <summary>Rows without their geometry, which for a track is nearly all of their weight: for lists that show no map. Composes with further LINQ; the
    /// bounding box is there. Not to be changed.</summary>
    public static IQueryable<T> WithoutShape<T>(this FleetDb db)
        where T : Located
    {
        var entity = db.Model.FindEntityType(typeof(T))!;
        var table = StoreObjectIdentifier.Table(entity.GetTableName()!);
        var empty = db.HasSpatialSql ? $"ST_GeomFromText('POINT EMPTY', {FleetDb.Wgs84})" : $"x'{Convert.ToHexString(new WKBWriter().Write(Point.Empty))}'";
        var columns = entity.GetProperties().Select(property => property.GetColumnName(table)!).Select(name => name == entity.FindProperty(nameof(Located.Shape))!.GetColumnName(table) ? $"{empty} AS {name}" : name);
        var sql = $"SELECT {string.Join(", ", columns)} FROM {table.Name}";
#pragma warning disable EF1002 // Nothing in it but the names of the model.
        return db.Set<T>().FromSqlRaw(sql).AsNoTracking();
#pragma warning restore EF1002
    }

    /// <summary>The box that holds every point within a distance: for narrowing before an exact test in metres.</summary>
    /// <param name="longitudeDeg">Degrees east.</param>
    /// <param name="latitudeDeg">Degrees north.</param>
    /// <param name="distanceM">Metres.</param>
    public static Envelope BoxAround(double longitudeDeg, double latitudeDeg, double distanceM)
    {
        // 111 km per degree is below the smallest meridian degree on WGS-84 (110 574 m) plus its longest parallel error: 1 % of slack keeps the box outside.
        const double MetresPerDegree = 110_574 * 0.99;
        var tall = distanceM / MetresPerDegree;
        var wide = tall / Math.Max(0.01, Math.Cos(Math.Abs(latitudeDeg) * Math.PI / 180));
        return new Envelope(longitudeDeg - wide, longitudeDeg + wide, latitudeDeg - tall, latitudeDeg + tall);
    }
}
