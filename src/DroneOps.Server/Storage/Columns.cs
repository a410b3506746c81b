using System.Text.Json;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;

namespace DroneOps.Server.Storage;

/// <summary>How values that are not plain become columns.</summary>
internal static class Columns
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Stores the value as JSON text (both stores); compared by its text.</summary>
    public static PropertyBuilder<T> HasJson<T>(this PropertyBuilder<T> property) => property.HasConversion(
        new ValueConverter<T, string>(
            value => JsonSerializer.Serialize(value, Json),
            text => JsonSerializer.Deserialize<T>(text, Json)!),
        new ValueComparer<T>(
            (left, right) => JsonSerializer.Serialize(left, Json) == JsonSerializer.Serialize(right, Json),
            value => JsonSerializer.Serialize(value, Json).GetHashCode(StringComparison.Ordinal),
            value => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value, Json), Json)!));

    /// <summary>SQLite has no time type whose text sorts with offsets: microseconds since 1970 as an integer do.
    /// Microseconds, because that is what PostgreSQL keeps: a value reads back the same from both.</summary>
    internal sealed class UtcMicroseconds() : ValueConverter<DateTimeOffset, long>(
        time => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
        number => new DateTimeOffset((number * TimeSpan.TicksPerMicrosecond) + DateTimeOffset.UnixEpoch.Ticks, TimeSpan.Zero));

    /// <summary>PostgreSQL's timestamptz takes UTC only.</summary>
    internal sealed class UtcOffset() : ValueConverter<DateTimeOffset, DateTimeOffset>(time => time.ToUniversalTime(), time => time);

    /// <summary>Shapes are the same when their corners are. Left to itself the change tracker asks whether they cover the same points, which
    /// costs seconds for the track of one flight, and which does not save a shape whose corners were only set in another order. A shape is
    /// replaced, never changed, so it is its own snapshot.</summary>
    internal sealed class SameCorners() : ValueComparer<Geometry>(
        (left, right) => ReferenceEquals(left, right) || (left != null && right != null && left.EqualsExact(right)),
        shape => shape.EnvelopeInternal.GetHashCode(),
        shape => shape);

    /// <summary>Well-known binary (OGC 06-103r4), two dimensions.</summary>
    internal sealed class Wkb() : ValueConverter<Geometry, byte[]>(
        shape => new WKBWriter().Write(shape),
        bytes => new WKBReader(new NetTopologySuite.NtsGeometryServices(GeometryFactory.Floating.PrecisionModel, FleetDb.Wgs84)).Read(bytes));
}
