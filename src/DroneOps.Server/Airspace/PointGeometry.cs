namespace DroneOps.Server.Airspace;

/// <summary>A GeoJSON point (RFC 7946): WGS-84 degrees, longitude first.</summary>
internal sealed record PointGeometry(string? Type, double[]? Coordinates);
