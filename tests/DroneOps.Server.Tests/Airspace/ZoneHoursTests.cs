using System.Text.Json;
using DroneOps.Missions.Zones;
using DroneOps.Server.Airspace;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Tests.Airspace;

public sealed class ZoneHoursTests
{
    // 2026-05-01 is a Friday; Zhangzhou is eight hours ahead of UTC all year.
    private static readonly DateTimeOffset FridayNoon = new(2026, 5, 1, 4, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_zone_without_hours_always_holds()
    {
        var zone = Assert.Single(Snapshot(null).ZonesDuring(FridayNoon, FridayNoon));
        Assert.Empty(zone.Windows);
        Assert.Equal(ZoneEffect.KeepOut, zone.Effect);
    }

    [Theory]
    [InlineData(0, 1)] // Friday 12:00
    [InlineData(6, 0)] // Friday 18:00, after hours
    [InlineData(24, 0)] // Saturday
    [InlineData(72, 1)] // Monday
    public void Weekly_hours_are_read_on_the_zone_s_own_clock(int hoursLater, int holding)
    {
        var zones = Snapshot("""{"days":["Monday","Friday"],"from":"07:20","to":"17:40","timeZone":"Asia/Shanghai"}""");
        var at = FridayNoon.AddHours(hoursLater);
        Assert.Equal(holding, zones.ZonesDuring(at, at).Length);
    }

    [Fact]
    public void Hours_past_midnight_reach_into_the_next_day()
    {
        var zones = Snapshot("""{"days":["Thursday"],"from":"22:00","to":"02:00","timeZone":"Asia/Shanghai"}""");
        var at = new DateTimeOffset(2026, 4, 30, 17, 30, 0, TimeSpan.Zero); // Friday 01:30 in Zhangzhou
        var window = Assert.Single(Assert.Single(zones.ZonesDuring(at, at)).Windows);
        Assert.Equal(new DateTimeOffset(2026, 4, 30, 14, 0, 0, TimeSpan.Zero), window.From);
        Assert.Equal(new DateTimeOffset(2026, 4, 30, 18, 0, 0, TimeSpan.Zero), window.To);
    }

    private static AirspaceSnapshot Snapshot(string? window)
    {
        var properties = $$"""
            {"nameZh":"区","nameEn":"Zone","effect":"KeepOut","floorM":0,"ceilingM":120,"heightDatum":"Agl","window":{{window ?? "null"}}}
            """;
        var shape = new Polygon(new LinearRing([new(117.60, 24.50), new(117.61, 24.50), new(117.61, 24.51), new(117.60, 24.50)]));
        var faults = new List<DroneOps.Server.Api.Fault>();
        Assert.NotNull(FeatureKind.Zones.Check(JsonElement.Parse(properties), shape, faults));
        Assert.Empty(faults);
        return AirspaceSnapshot.Of([new Feature { Kind = "zones", Id = "zone", Properties = properties, Shape = shape, ChangedAt = FridayNoon, ChangedBy = "test" }]);
    }
}
