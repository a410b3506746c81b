using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Valid;
using Xunit;

namespace DroneOps.Architecture.Tests;

/// <summary>The sample city is data that drones fly by: it is held to rules as code is.</summary>
public sealed class LibraryTests
{
    private const double MetresPerDegreeNorth = 110_770;
    private static readonly double MetresPerDegreeEast = 111_320 * Math.Cos(24.513 * Math.PI / 180);

    public static TheoryData<string> Files => [.. LibraryFiles.All];

    public static TheoryData<string> Collections => [.. LibraryFiles.Collections];

    [Fact]
    public void The_library_holds_every_file_the_service_loads() =>
        Assert.Superset(
            new HashSet<string>
            {
                "addresses.json", "areas.geojson", "docks.geojson", "grids.geojson", "key-sites.geojson", "support-points.geojson", "zones.geojson",
                "basemap/blocks.geojson", "basemap/bridges.geojson", "basemap/buildings.geojson", "basemap/districts.geojson", "basemap/green.geojson",
                "basemap/places.geojson", "basemap/railways.geojson", "basemap/roads.geojson", "basemap/water.geojson",
                "routes/key-site-tour.json", "routes/old-city-lawnmower.json", "routes/riverside-out-and-back.json",
            },
            LibraryFiles.All.ToHashSet());

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_says_that_it_is_approximate_and_in_which_datum(string file)
    {
        var header = LibraryFiles.Read(file);
        Assert.True(header.GetProperty("approximate").GetBoolean());
        Assert.Equal("WGS-84", header.GetProperty("datum").GetString());
        Assert.Contains("非测绘成果", header.GetProperty("noteZh").GetString(), StringComparison.Ordinal);
        Assert.Contains("not a survey", header.GetProperty("noteEn").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_conforms_to_its_schema(string file) =>
        Assert.Empty(new LibrarySchema().Check(SchemaOf(file), LibraryFiles.Read(file)));

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_small_enough_for_the_repository(string file) =>
        Assert.InRange(new FileInfo(Path.Combine(LibraryFiles.Root, file)).Length, 1, 1024 * 1024);

    [Fact]
    public void The_library_is_small_enough_to_load_at_once() =>
        Assert.InRange(LibraryFiles.All.Sum(file => new FileInfo(Path.Combine(LibraryFiles.Root, file)).Length), 1, 1_600_000);

    [Theory]
    [MemberData(nameof(Collections))]
    public void Ids_are_unique_in_a_file(string file) =>
        Assert.Empty(LibraryFiles.Features(file).GroupBy(feature => feature.Id).Where(group => group.Count() > 1).Select(group => group.Key));

    [Theory]
    [MemberData(nameof(Collections))]
    public void Shapes_are_closed_simple_and_wound_as_RFC_7946_wants(string file)
    {
        foreach (var feature in LibraryFiles.Features(file))
        {
            var fault = new IsValidOp(feature.Geometry).ValidationError;
            Assert.True(fault is null, $"{feature}: {fault}");
            foreach (var polygon in Polygons(feature.Geometry))
            {
                Assert.True(polygon.Shell.IsCCW, $"{feature}: the outer ring runs clockwise");
                Assert.All(polygon.Holes, hole => Assert.False(hole.IsCCW, $"{feature}: a hole runs counter-clockwise"));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Collections))]
    public void Everything_lies_in_and_around_Zhangzhou_with_the_longitude_first(string file)
    {
        var around = new Envelope(117.40, 118.00, 24.35, 24.70);
        foreach (var feature in LibraryFiles.Features(file))
        {
            Assert.True(around.Contains(feature.Geometry.EnvelopeInternal), $"{feature}: {feature.Geometry.EnvelopeInternal}");
        }
    }

    [Fact]
    public void The_city_has_48_grids_and_76_key_sites()
    {
        Assert.Equal(48, LibraryFiles.Features("grids.geojson").Count);
        Assert.Equal(76, LibraryFiles.Features("key-sites.geojson").Count);
    }

    [Fact]
    public void Grids_touch_but_do_not_overlap()
    {
        var grids = LibraryFiles.Features("grids.geojson");
        foreach (var (one, index) in grids.Select((grid, index) => (grid, index)))
        {
            foreach (var other in grids.Skip(index + 1).Where(other => other.Geometry.EnvelopeInternal.Intersects(one.Geometry.EnvelopeInternal)))
            {
                // Shared borders are rounded to 0.1 m: a sliver of that width along a border is not an overlap.
                var shared = one.Geometry.Intersection(other.Geometry).Area * MetresPerDegreeNorth * MetresPerDegreeEast;
                Assert.True(shared < 200, $"{one} and {other} share {shared:F0} square metres");
            }
        }
    }

    [Fact]
    public void Every_grid_has_a_unit_of_its_own()
    {
        var callSigns = LibraryFiles.Features("grids.geojson").Select(grid => grid.Text("unitCallSign")).ToList();
        Assert.Equal(callSigns.Count, callSigns.Distinct().Count());
    }

    [Theory]
    [InlineData("areas.geojson")]
    [InlineData("grids.geojson")]
    [InlineData("key-sites.geojson")]
    [InlineData("docks.geojson")]
    [InlineData("support-points.geojson")]
    public void Duty_stays_inside_the_operating_limit(string file)
    {
        var limit = Assert.Single(Zones("KeepIn"));
        Assert.All(LibraryFiles.Features(file), feature => Assert.True(limit.Geometry.Contains(feature.Geometry), $"{feature} leaves {limit.Id}"));
    }

    [Fact]
    public void A_key_site_lies_in_a_keep_out_zone_only_where_it_says_so()
    {
        foreach (var site in LibraryFiles.Features("key-sites.geojson"))
        {
            var stated = site.Properties.TryGetProperty("insideKeepOut", out var zone) ? zone.GetString() : null;
            Assert.Equal(stated, Zones("KeepOut").SingleOrDefault(keepOut => keepOut.Geometry.Intersects(site.Geometry))?.Id);
        }
    }

    [Fact]
    public void The_orbit_of_a_key_site_keeps_the_stand_off_and_passes_outside_every_keep_out_zone()
    {
        foreach (var site in LibraryFiles.Features("key-sites.geojson"))
        {
            Assert.True(site.Number("orbitRadiusM") >= site.Number("standOffM"), $"{site}: the orbit is closer than the stand-off");
            var orbit = Circle(site.Geometry.Coordinate, site.Number("orbitRadiusM"));
            Assert.All(Zones("KeepOut"), zone => Assert.False(orbit.Intersects(zone.Geometry), $"{site}: the orbit cuts {zone.Id}"));
        }
    }

    [Theory]
    [InlineData("docks.geojson")]
    [InlineData("support-points.geojson")]
    [InlineData("areas.geojson")]
    public void No_keep_out_zone_reaches_what_drones_use_every_day(string file)
    {
        foreach (var feature in LibraryFiles.Features(file))
        {
            Assert.All(Zones("KeepOut"), zone => Assert.False(feature.Geometry.Intersects(zone.Geometry), $"{feature} meets {zone.Id}"));
        }
    }

    [Fact]
    public void Docks_stand_on_land_and_their_pads_are_as_high_as_ground_and_roof()
    {
        var docks = LibraryFiles.Features("docks.geojson");
        var water = LibraryFiles.Features("basemap/water.geojson");
        Assert.InRange(docks.Count, 4, 6);
        foreach (var dock in docks)
        {
            Assert.Equal(dock.Number("groundAmslM") + dock.Number("roofHeightAglM"), dock.Number("padAmslM"), 0.051);
            Assert.All(water, body => Assert.False(body.Geometry.Intersects(dock.Geometry), $"{dock} floats on {body.Id}"));
        }

        Assert.Equal(3, docks.Count(dock => dock.Properties.TryGetProperty("demoSystemId", out _)));
    }

    [Fact]
    public void Key_sites_stand_on_land_except_bridges_and_lakes()
    {
        var rivers = LibraryFiles.Features("basemap/water.geojson").Where(body => body.Text("kind") == "River").ToList();
        var onLand = LibraryFiles.Features("key-sites.geojson").Where(site => site.Text("kind") is not ("Bridge" or "Lake"));
        Assert.All(onLand, site => Assert.All(rivers, river => Assert.False(river.Geometry.Intersects(site.Geometry), $"{site} floats on {river.Id}")));
    }

    [Fact]
    public void A_zone_has_its_ceiling_above_its_floor() =>
        Assert.All(LibraryFiles.Features("zones.geojson"), zone => Assert.True(zone.Number("ceilingM") > zone.Number("floorM"), zone.ToString()));

    [Fact]
    public void The_old_city_and_the_riverside_are_the_two_areas_of_routine_patrol()
    {
        var areas = LibraryFiles.Features("areas.geojson");
        var oldCity = Assert.Single(areas, area => area.Text("kind") == "OldCity");
        var riverside = Assert.Single(areas, area => area.Text("kind") == "Riverside");
        Assert.True(oldCity.Geometry.Contains(new Point(117.655, 24.510)), "the old city lies near 24.513 N 117.655 E");
        Assert.InRange(oldCity.Geometry.Area * MetresPerDegreeNorth * MetresPerDegreeEast, 1_000_000, 1_550_000);
        Assert.IsType<LineString>(riverside.Geometry);
        Assert.True(riverside.Number("widthM") > 0);
        Assert.True(riverside.Geometry.Centroid.Y < oldCity.Geometry.Centroid.Y, "the river runs along the south");
    }

    [Fact]
    public void The_gazetteer_finds_three_hundred_places_by_distinct_ids()
    {
        var addresses = LibraryFiles.Read("addresses.json").GetProperty("addresses").EnumerateArray().ToList();
        Assert.True(addresses.Count >= 300, $"{addresses.Count} addresses");
        Assert.Equal(addresses.Count, addresses.Select(address => address.GetProperty("id").GetString()).Distinct().Count());
    }

    [Fact]
    public void Addresses_lie_inside_the_operating_limit()
    {
        var limit = Assert.Single(Zones("KeepIn"));
        foreach (var address in LibraryFiles.Read("addresses.json").GetProperty("addresses").EnumerateArray())
        {
            var position = address.GetProperty("position");
            var at = new Point(position[0].GetDouble(), position[1].GetDouble());
            Assert.True(limit.Geometry.Contains(at), address.GetProperty("id").GetString());
        }
    }

    [Fact]
    public void Every_route_refers_to_what_exists_and_carries_the_settings_of_its_kind()
    {
        var areas = LibraryFiles.Features("areas.geojson").ToDictionary(area => area.Id);
        var sites = LibraryFiles.Features("key-sites.geojson").Select(site => site.Id).ToHashSet();
        var docks = LibraryFiles.Features("docks.geojson").Select(dock => dock.Id).ToHashSet();
        foreach (var file in LibraryFiles.All.Where(file => file.StartsWith("routes/", StringComparison.Ordinal)))
        {
            var route = LibraryFiles.Read(file);
            var kind = route.GetProperty("kind").GetString()!;
            Assert.Equal(Path.GetFileNameWithoutExtension(file), route.GetProperty("id").GetString());
            Assert.True(route.TryGetProperty(kind, out _), $"{file} has no {kind} settings");
            Assert.Contains(route.GetProperty("homeDock").GetString()!, docks);
            var reference = route.GetProperty("ref");
            if (kind == "sites")
            {
                Assert.All(reference.EnumerateArray(), site => Assert.Contains(site.GetString()!, sites));
            }
            else
            {
                Assert.Equal(kind == "corridor", areas[reference.GetString()!].Geometry is LineString);
            }
        }
    }

    private static string SchemaOf(string file) => file switch
    {
        _ when file.StartsWith("routes/", StringComparison.Ordinal) => "routes.schema.json",
        _ when file.StartsWith("basemap/", StringComparison.Ordinal) => $"basemap-{Path.GetFileNameWithoutExtension(file)}.schema.json",
        _ => $"{Path.GetFileNameWithoutExtension(file)}.schema.json",
    };

    private static IEnumerable<LibraryFeature> Zones(string effect) =>
        LibraryFiles.Features("zones.geojson").Where(zone => zone.Text("effect") == effect);

    private static IEnumerable<Polygon> Polygons(Geometry geometry) =>
        Enumerable.Range(0, geometry.NumGeometries).Select(geometry.GetGeometryN).OfType<Polygon>();

    private static LineString Circle(Coordinate centre, double radiusM) => new(
    [
        .. Enumerable.Range(0, 73).Select(i => i % 72 * Math.PI / 36).Select(angle => new Coordinate(
            centre.X + radiusM * Math.Cos(angle) / MetresPerDegreeEast,
            centre.Y + radiusM * Math.Sin(angle) / MetresPerDegreeNorth)),
    ]);
}
