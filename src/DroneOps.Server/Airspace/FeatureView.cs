using System.Text.Json;
using DroneOps.Server.Api;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Airspace;

/// <summary>A GeoJSON feature as it is answered.</summary>
/// <param name="Type">Always <c>Feature</c>.</param>
/// <param name="Id">Unique within its kind.</param>
/// <param name="Properties">See <c>missions/library/schema</c>.</param>
/// <param name="Geometry">WGS-84, longitude first.</param>
/// <param name="Etag">For If-Match, so that a list need not be read again one by one.</param>
/// <param name="ChangedAt">Last change.</param>
/// <param name="ChangedBy">By whom.</param>
internal sealed record FeatureView(string Type, string Id, JsonElement Properties, Geometry Geometry, string Etag, DateTimeOffset ChangedAt, string ChangedBy)
{
    public static FeatureView Of(Feature feature) => new(
        "Feature", feature.Id, JsonElement.Parse(feature.Properties), feature.Shape, ETags.Of(feature), feature.ChangedAt, feature.ChangedBy);
}

/// <summary>A GeoJSON feature as it is sent.</summary>
/// <param name="Type">Always <c>Feature</c>.</param>
/// <param name="Id">Lower-case words joined by hyphens; without one, POST makes one.</param>
/// <param name="Properties">By kind: see <c>missions/library/schema</c>.</param>
/// <param name="Geometry">WGS-84, longitude first.</param>
internal sealed record FeatureBody(string Type, string? Id, JsonElement Properties, Geometry Geometry);
