using NetTopologySuite.Geometries;

namespace DroneOps.Server.Storage;

/// <summary>An entity with a place. PostgreSQL keeps <see cref="Shape"/> as a PostGIS geometry with a GiST index,
/// SQLite as WKB; both keep the bounding box in four columns, so the same LINQ narrows rows on both stores
/// (<see cref="SpatialQueries"/>).</summary>
internal abstract class Located : Versioned
{
    private Geometry _shape = Point.Empty;

    /// <summary>WGS-84, longitude first. Assigning it sets the bounding box.</summary>
    public Geometry Shape
    {
        get => _shape;
        set
        {
            _shape = value;
            _shape.SRID = FleetDb.Wgs84;
            var box = value.EnvelopeInternal;
            (West, South, East, North) = (box.MinX, box.MinY, box.MaxX, box.MaxY);
        }
    }

    /// <summary>Bounding box, degrees east.</summary>
    public double West { get; private protected set; }

    /// <summary>Bounding box, degrees north.</summary>
    public double South { get; private protected set; }

    /// <summary>Bounding box, degrees east.</summary>
    public double East { get; private protected set; }

    /// <summary>Bounding box, degrees north.</summary>
    public double North { get; private protected set; }
}
