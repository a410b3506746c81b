using System.Net;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Airspace;

[Collection(On.Sqlite)]
public sealed class GazetteerTests(SqliteServer shared)
{
    [Theory]
    [InlineData("中山公园")]
    [InlineData("中山公")]
    [InlineData("zhongshan gong yuan")]
    [InlineData("zhongshangongyuan")]
    [InlineData("zsgy")]
    [InlineData("Zhongshan Park")]
    public async Task A_place_is_found_by_name_sound_or_initials(string query)
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var page = await dispatcher.GetAsync<Page<FindAddresses.View>>($"/api/v1/addresses?limit=5&q={Uri.EscapeDataString(query)}");
        Assert.Contains(page.Items, place => place.NameZh.Contains("中山公园", StringComparison.Ordinal));
        Assert.InRange(page.Items[0].Location.X, 117.0, 118.2);
    }

    [Fact]
    public async Task Nothing_to_look_for_is_refused()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        using var answer = await dispatcher.GetAsync(new Uri("/api/v1/addresses", UriKind.Relative));
        await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task The_base_map_is_served_to_the_signed_in_and_revalidates()
    {
        using var stranger = shared.Server.Anonymous();
        using var refused = await stranger.GetAsync(new Uri("/library/basemap/water.geojson", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        using var answer = await pilot.GetAsync(new Uri("/library/basemap/water.geojson", UriKind.Relative));
        Assert.Equal("application/geo+json", answer.Content.Headers.ContentType?.MediaType);
        pilot.DefaultRequestHeaders.IfNoneMatch.Add(answer.Headers.ETag!);
        using var again = await pilot.GetAsync(new Uri("/library/basemap/water.geojson", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Theory]
    [InlineData("/library/basemap/nowhere.geojson")]
    [InlineData("/library/basemap/..%2f..%2fappsettings.json")]
    [InlineData("/library/areas.geojson")]
    public async Task Nothing_else_of_the_disk_is_served(string path)
    {
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        using var answer = await pilot.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}
