using System.Globalization;
using DroneOps.Mavlink;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Incidents;

/// <summary>Where an incident is, from what the reporter knows: coordinates, a key site, a grid, or an address of the city's gazetteer.</summary>
internal static class IncidentPlace
{
    private const int MostSuggestions = 5;

    /// <summary>Finds the place.</summary>
    /// <param name="place">Its point, WGS-84; null when there is a fault.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? Find(ReportIncident.Request request, AirspaceBook airspace, Gazetteer gazetteer, out Point? place)
    {
        place = null;
        var given = new object?[] { request.Location, request.KeySiteId, request.GridId }.Count(value => value is not null);
        if (given > 1)
            return new Fault("#/location", "One of location, keySiteId and gridId says where it is, not several.");
        if (request.Location is { } location)
            return OfPoint(location, airspace.City, out place);
        if (request.KeySiteId is { } site)
            return OfDrawn("keySiteId", site, airspace.Current.KeySites.FirstOrDefault(known => known.Id == site)?.Shape, out place);
        if (request.GridId is { } grid)
            return OfDrawn("gridId", grid, airspace.Current.Grids.FirstOrDefault(known => known.Id == grid)?.Shape, out place);
        return string.IsNullOrWhiteSpace(request.Address)
            ? new Fault("#/location", "location is a GeoJSON Point, longitude first; or give keySiteId, gridId or an address.")
            : OfAddress(request.Address, gazetteer, out place);
    }

    private static Fault? OfPoint(PointGeometry location, Envelope city, out Point? place)
    {
        place = null;
        if (location is not { Type: "Point", Coordinates: [var lon, var lat] })
            return new Fault("#/location", "location is a GeoJSON Point, longitude first.");
        if (city.Contains(lat, lon))
            return new Fault("#/location/coordinates", "The coordinates look swapped: GeoJSON has longitude first.");
        if (!new GeoPoint(lat, lon).IsValid)
            return new Fault("#/location/coordinates", "location is a GeoJSON Point in degrees, longitude first.");
        if (!city.Contains(lon, lat))
            return new Fault("#/location/coordinates", string.Create(CultureInfo.InvariantCulture, $"{lon}, {lat} is outside the city."));
        place = new Point(lon, lat);
        return null;
    }

    private static Fault? OfDrawn(string member, string id, Geometry? shape, out Point? place)
    {
        // The point on the surface: the middle of a bent grid may lie outside it.
        place = shape as Point ?? shape?.InteriorPoint;
        return place is null ? new Fault($"#/{member}", $"There is no '{id}'.") : null;
    }

    private static Fault? OfAddress(string address, Gazetteer gazetteer, out Point? place)
    {
        var found = gazetteer.Named(address) is [_] named ? named : gazetteer.Find(address, MostSuggestions);
        place = found is [var only] ? new Point(only.Position[0], only.Position[1]) : null;
        if (place is not null)
            return null;

        // A wrong street costs minutes: with several that it may be, somebody chooses.
        return found.Count == 0
            ? new Fault("#/address", "The gazetteer does not know the address; give the coordinates as location.")
            : new Fault("#/address", $"The address may be {string.Join("; ", found.Select(Describe))}. Give one of them as location.");
    }

    private static string Describe(Address address) =>
        string.Create(CultureInfo.InvariantCulture, $"{address.NameZh} ({address.NameEn}) at {address.Position[0]:0.00000}, {address.Position[1]:0.00000}");
}
