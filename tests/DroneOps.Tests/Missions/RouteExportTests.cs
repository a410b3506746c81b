using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using DroneOps.Missions;
using DroneOps.Missions.Files;
using DroneOps.Missions.Zones;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Tests.Missions;

public sealed class RouteExportTests
{
    private static readonly HeightFrame Heights = HeightFrame.Flat(Zhangzhou.Launch);

    private static readonly Route Patrol = Zhangzhou.Route(
        Zhangzhou.Leg(200, 0) with { Camera = CameraDuty.Scene },
        Zhangzhou.Leg(200, 260) with { Orbit = new(Zhangzhou.At(200, 200), 60, 2, true) }) with
    { Name = "古城 <1> & \u0001" };

    [Fact]
    public void GeoJson_has_a_line_for_each_leg_longitude_first()
    {
        var features = JsonNode.Parse(RouteExport.GeoJson(Patrol, Heights))!["features"]!.AsArray();

        Assert.Equal(2, features.Count);
        var first = features[0]!["geometry"]!["coordinates"]!;
        Assert.Equal((117.655, 24.513), ((double)first[0]![0]!, (double)first[0]![1]!));
        Assert.Equal("scene", (string)features[0]!["properties"]!["camera"]!);
        Assert.Equal(60, (double)features[0]!["properties"]!["altitudeAboveHomeM"]!);

        // The line and one round of 72 pieces.
        Assert.Equal(74, features[1]!["geometry"]!["coordinates"]!.AsArray().Count);
    }

    [Fact]
    public void Kml_is_read_back_with_the_route_s_line_and_heights_above_the_sea()
    {
        var bytes = RouteExport.Kml(Patrol, Heights);
        var shapes = KmlShapes.Read(bytes).Value;

        Assert.Equal("古城 <1> &", Assert.Single(shapes.Lines).Name);
        Assert.Equal(2, shapes.Points.Count);
        Assert.Equal(Zhangzhou.At(200, 0).LatitudeDeg, shapes.Points[0].Position.LatitudeDeg, 1e-7);
        Assert.Contains(",72.0", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Gpx_names_the_points_of_the_route_in_order()
    {
        XNamespace gpx = "http://www.topografix.com/GPX/1/1";
        var root = XDocument.Load(new MemoryStream(RouteExport.Gpx(Patrol, Heights))).Root!;

        Assert.Equal(["1", "2"], root.Descendants(gpx + "rtept").Select(point => point.Element(gpx + "name")!.Value));
        Assert.Equal("72.0", root.Descendants(gpx + "ele").First().Value);
    }

    [Property(MaxTest = 30)]
    public bool Every_route_can_be_written_in_every_form(int seed)
    {
        var route = AnyPlan.Route(seed);

        return JsonNode.Parse(RouteExport.GeoJson(route, Heights))!["features"]!.AsArray().Count == route.Legs.Count
            && KmlShapes.Read(RouteExport.Kml(route, Heights)).Value.Points.Count == route.Legs.Count
            && XDocument.Load(new MemoryStream(RouteExport.Gpx(route, Heights))).Descendants().Count(element => element.Name.LocalName == "rtept") == route.Legs.Count;
    }

    [Fact]
    public void Drawn_areas_lines_and_points_are_read_from_kml()
    {
        var shapes = KmlShapes.Read(PlanFiles.Bytes("areas.kml")).Value;

        var polygon = Assert.Single(shapes.Polygons);
        Assert.Equal(("古城 & 江滨", 5, 1), (polygon.Name, polygon.Outer.Count, polygon.Holes.Count));
        Assert.Equal((4, 1), (Area.Create(polygon.Outer, [.. polygon.Holes]).Value.Outer.Length, polygon.Holes.Count));
        Assert.Equal(("river", 3), (Assert.Single(shapes.Lines).Name, shapes.Lines[0].Points.Count));
        Assert.Equal(("", new(24.5131, 117.6551)), (Assert.Single(shapes.Points).Name, shapes.Points[0].Position));
    }

    [Theory]
    [InlineData("", "kml.xml")]
    [InlineData("<kml>", "kml.xml")]
    [InlineData("<!DOCTYPE kml [<!ENTITY a \"b\">]><kml>&a;</kml>", "kml.xml")]
    [InlineData("<kml/>", "kml.empty")]
    [InlineData("<kml><Placemark><Point><coordinates>24.5,117.6</coordinates></Point></Placemark></kml>", "kml.coordinates")]
    [InlineData("<kml><Placemark><Point><coordinates>1,2,3,4</coordinates></Point></Placemark></kml>", "kml.coordinates")]
    public void Kml_that_cannot_be_used_is_refused(string text, string code) => Assert.Equal(code, KmlShapes.Read(Encoding.UTF8.GetBytes(text)).Faults[0].Code);

    [Fact]
    public void Kml_nesting_has_a_limit() =>
        Assert.Equal("kml.tooDeep", KmlShapes.Read(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<a>", 100)))).Faults[0].Code);
}
