using System.Text.Json;

namespace DroneOps.Server.Patrols;

/// <summary>How ground or sites are to be flown over.</summary>
internal enum Pattern
{
    /// <summary>Parallel passes over an area.</summary>
    Lawnmower,

    /// <summary>Passes along a line.</summary>
    Corridor,

    /// <summary>One site after the other, with a circle around each.</summary>
    Sites,
}

/// <summary>The figures of a pattern.</summary>
/// <param name="AltitudeAboveHomeM">Height of the legs, metres above home.</param>
/// <param name="SpeedMps">Speed over ground, metres per second.</param>
/// <param name="SpacingM">Between neighbouring passes, metres.</param>
/// <param name="DirectionDeg">Of the passes, clockwise from true north; null for the fastest.</param>
/// <param name="WidthM">Whole width of a corridor; 0 for the drawn corridor's own.</param>
/// <param name="OrbitRadiusM">Of the circles around sites; 0 for each site's own.</param>
internal sealed record PatternSettings(double AltitudeAboveHomeM, double SpeedMps, double SpacingM, double? DirectionDeg, double WidthM, double OrbitRadiusM);

/// <summary>What is to be planned: a pattern over a drawn area or corridor, over one that is sent along, or over sites.</summary>
/// <param name="AreaId">An area or corridor of <c>/areas</c>.</param>
/// <param name="Area">A GeoJSON Polygon.</param>
/// <param name="Corridor">A GeoJSON LineString.</param>
/// <param name="SiteIds">Sites of <c>/keySites</c>.</param>
internal sealed record PatternRequest(Pattern? Pattern, string? AreaId, JsonElement? Area, JsonElement? Corridor, IReadOnlyList<string>? SiteIds, PatternSettings? Settings);
