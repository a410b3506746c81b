using System.Globalization;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Valid;

namespace DroneOps.Server.Airspace;

/// <summary>Reads GeoJSON geometry (RFC 7946) that people or programs send, and says what is wrong and at which vertex.</summary>
/// <param name="city">Where things may be drawn.</param>
/// <param name="faults">Gets what is wrong.</param>
internal sealed class DrawnGeometry(Envelope city, List<Fault> faults)
{
    /// <summary>ASTM F3548-21 allows 10 000 vertices in an operational intent; nothing drawn needs more.</summary>
    public const int MaxVertices = 10_000;

    private const string Where = "#/geometry";
    private static readonly GeometryFactory Factory = new(new PrecisionModel(), FleetDb.Wgs84);
    private int _vertices;

    /// <summary>The geometry, or null with at least one fault.</summary>
    /// <param name="sent">The <c>geometry</c> member.</param>
    /// <param name="allowed">GeoJSON types that are accepted.</param>
    public Geometry? Read(JsonElement sent, IReadOnlyList<string> allowed)
    {
        var before = faults.Count;
        var type = sent.ValueKind == JsonValueKind.Object && sent.TryGetProperty("type", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        if (type is null || !allowed.Contains(type))
        {
            return Wrong($"{Where}/type", $"The geometry must be a {string.Join(" or a ", allowed)}{(type is null ? "" : $", not a {type}")}.");
        }

        if (!sent.TryGetProperty("coordinates", out var coordinates) || coordinates.ValueKind != JsonValueKind.Array)
        {
            return Wrong($"{Where}/coordinates", "coordinates must be an array.");
        }

        Geometry? shape = type switch
        {
            "Point" => ReadPosition(coordinates, $"{Where}/coordinates") is { } position ? Factory.CreatePoint(position) : null,
            "LineString" => ReadLine(coordinates, $"{Where}/coordinates", least: 2) is { } line ? Factory.CreateLineString(line) : null,
            _ => ReadPolygon(coordinates),
        };
        return faults.Count == before ? shape : null;
    }

    private Polygon? ReadPolygon(JsonElement coordinates)
    {
        var before = faults.Count;
        var rings = new List<LinearRing>();
        var index = 0;
        foreach (var sent in coordinates.EnumerateArray())
        {
            var where = $"{Where}/coordinates/{index++}";
            if (ReadLine(sent, where, least: 4) is not { } ring)
            {
                continue;
            }

            if (!ring[0].Equals2D(ring[^1]))
            {
                Wrong($"{where}/{ring.Length - 1}", "A ring ends where it began.");
                continue;
            }

            rings.Add(Factory.CreateLinearRing(ring));
        }

        if (index == 0)
        {
            Wrong($"{Where}/coordinates", "A polygon has at least one ring.");
        }

        if (faults.Count > before)
        {
            return null;
        }

        var polygon = Factory.CreatePolygon(rings[0], [.. rings[1..]]);
        if (new IsValidOp(polygon).ValidationError is { } error)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{error.Coordinate.X:F6}, {error.Coordinate.Y:F6}");
            var what = error.ErrorType is TopologyValidationErrors.SelfIntersection or TopologyValidationErrors.RingSelfIntersection
                ? "The outline crosses or touches itself"
                : $"The polygon is not simple ({error.Message.ToLowerInvariant()})";
            Wrong(Nearest(rings, error.Coordinate), $"{what} at {place}.");
            return null;
        }

        // RFC 7946 3.1.6: outer rings counter-clockwise. Senders err here so often that it is put right, not refused.
        return (Polygon)polygon.Normalized().Reverse();
    }

    private Coordinate[]? ReadLine(JsonElement sent, string where, int least)
    {
        if (sent.ValueKind != JsonValueKind.Array || sent.GetArrayLength() < least)
        {
            Wrong(where, $"At least {least} positions are needed here.");
            return null;
        }

        var line = new List<Coordinate>(sent.GetArrayLength());
        var index = 0;
        foreach (var position in sent.EnumerateArray())
        {
            if (ReadPosition(position, $"{where}/{index++}") is { } read)
            {
                line.Add(read);
            }

            if (_vertices > MaxVertices)
            {
                Wrong(where, $"A shape has at most {MaxVertices} vertices.");
                return null;
            }
        }

        return line.Count == index ? [.. line] : null;
    }

    private Coordinate? ReadPosition(JsonElement sent, string where)
    {
        _vertices++;
        if (sent.ValueKind != JsonValueKind.Array || sent.GetArrayLength() != 2
            || sent[0].ValueKind != JsonValueKind.Number || sent[1].ValueKind != JsonValueKind.Number)
        {
            Wrong(where, "A position is [longitude, latitude]; heights are properties.");
            return null;
        }

        var (longitude, latitude) = (sent[0].GetDouble(), sent[1].GetDouble());
        var text = string.Create(CultureInfo.InvariantCulture, $"[{longitude}, {latitude}]");
        if (city.Contains(longitude, latitude))
        {
            return new Coordinate(longitude, latitude);
        }

        Wrong(
            where,
            city.Contains(latitude, longitude) ? $"{text} looks like latitude and longitude swapped; GeoJSON puts longitude first."
            : longitude is < -180 or > 180 || latitude is < -90 or > 90 ? $"{text} is out of range: longitude is -180 to 180, latitude -90 to 90."
            : $"{text} lies outside the city.");
        return null;
    }

    private Geometry? Wrong(string where, string what)
    {
        faults.Add(new Fault(where, what));
        return null;
    }

    private static string Nearest(List<LinearRing> rings, Coordinate to)
    {
        var nearest = rings
            .SelectMany((ring, index) => ring.Coordinates.Select((vertex, at) => (Distance: vertex.Distance(to), Where: $"{Where}/coordinates/{index}/{at}")))
            .MinBy(vertex => vertex.Distance);
        return nearest.Where;
    }
}
