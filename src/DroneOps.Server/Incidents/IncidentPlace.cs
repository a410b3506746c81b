using System.Globalization;
using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Incidents;

/// <summary>Where an incident is, as somebody says it. Where it is says one of the location, the key site and the grid; with none of them, the address.</summary>
internal sealed record PlaceSaid(PointGeometry? Location, string? KeySiteId, string? GridId, string? Address);

/// <summary>Where an incident is, from what the reporter knows: coordinates, a key site, a grid, or an address of the city's gazetteer.</summary>
internal static class IncidentPlace
{
    private const int MostSuggestions = 5;

    // The shift of GCJ-02 is 300 to 700 m in this country. A named place is a crossing or a park, not a point: what is left after the shift is taken out
    // must be small against it.
    private const double LeastShiftM = 300;
    private const double MostShiftM = 700;
    private const double ShareLeft = 0.4;

    /// <summary>Finds the place.</summary>
    /// <param name="place">Its point, WGS-84; null when there is a fault.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? Find(PlaceSaid said, AirspaceBook airspace, Gazetteer gazetteer, out Point? place)
    {
        place = null;
        var given = new object?[] { said.Location, said.KeySiteId, said.GridId }.Count(value => value is not null);
        if (given > 1)
            return new Fault("#/location", "One of location, keySiteId and gridId says where it is, not several.");
        if (said.Location is { } location)
            return OfPoint(location, airspace.City, out place);
        if (said.KeySiteId is { } site)
            return OfDrawn("keySiteId", site, airspace.Current.KeySites.FirstOrDefault(known => known.Id == site)?.Shape, out place);
        if (said.GridId is { } grid)
            return OfDrawn("gridId", grid, airspace.Current.Grids.FirstOrDefault(known => known.Id == grid)?.Shape, out place);
        return string.IsNullOrWhiteSpace(said.Address)
            ? new Fault("#/location", "location is a GeoJSON Point, longitude first; or give keySiteId, gridId or an address.")
            : OfAddress(said.Address, gazetteer, out place);
    }

    /// <summary>What is wrong with a pair of degrees, or null.</summary>
    public static string? Wrong(double lon, double lat, Envelope city) =>
        city.Contains(lat, lon) ? "The coordinates look swapped: GeoJSON has longitude first."
        : !new GeoPoint(lat, lon).IsValid ? "location is a GeoJSON Point in degrees, longitude first."
        : !city.Contains(lon, lat) ? string.Create(CultureInfo.InvariantCulture, $"{lon}, {lat} is outside the city.")
        : null;

    /// <summary>How far the point lies from its address when it lies there along the shift of the public maps, metres; null when it does not, or when
    /// the gazetteer does not know just this one address.</summary>
    public static double? ShiftFrom(GeoPoint place, string? address, Gazetteer gazetteer)
    {
        if (string.IsNullOrWhiteSpace(address) || gazetteer.Named(address) is not [{ Position: [var lon, var lat] }])
            return null;
        var named = new GeoPoint(lat, lon);
        var apart = Geodesic.DistanceM(place, named);
        return apart is >= LeastShiftM and <= MostShiftM && Geodesic.DistanceM(Gcj02.ToWgs84(place), named) < ShareLeft * apart ? apart : null;
    }

    private static Fault? OfPoint(PointGeometry location, Envelope city, out Point? place)
    {
        place = null;
        if (location is not { Type: "Point", Coordinates: [var lon, var lat] })
            return new Fault("#/location", "location is a GeoJSON Point, longitude first.");
        if (Wrong(lon, lat, city) is { } wrong)
            return new Fault("#/location/coordinates", wrong);
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
