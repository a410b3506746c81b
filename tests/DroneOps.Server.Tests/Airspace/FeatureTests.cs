using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Airspace;

public abstract class FeatureTests(SharedServer shared)
{
    private const string Areas = "/api/v1/areas";
    private static readonly double[][] Triangle = [[117.60, 24.50], [117.61, 24.50], [117.61, 24.51], [117.60, 24.50]];

    [Theory]
    [InlineData("areas", 10)]
    [InlineData("zones", 21)]
    [InlineData("grids", 48)]
    [InlineData("keySites", 76)]
    public async Task The_library_is_there_after_the_first_start(string kind, int atLeast)
    {
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        var page = await pilot.GetAsync<Page<JsonElement>>($"/api/v1/{kind}?limit=1000");
        Assert.InRange(page.Items.Count, atLeast, 1000);
    }

    [Fact]
    public async Task Pages_follow_each_other_without_a_gap_or_a_repeat()
    {
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var page = await pilot.GetAsync<Page<FeatureView>>($"/api/v1/grids?limit=7&cursor={cursor}");
            ids.AddRange(page.Items.Select(item => item.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        Assert.Equal(48, ids.Distinct().Count());
        Assert.Equal(48, ids.Count);
    }

    [Fact]
    public async Task A_box_narrows_the_list()
    {
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        var inside = await pilot.GetAsync<Page<FeatureView>>("/api/v1/docks?bbox=117.6590,24.5145,117.6605,24.5160");
        Assert.Equal("dock-old-city", Assert.Single(inside.Items).Id);
    }

    [Fact]
    public async Task A_zone_whose_hours_name_no_clock_is_refused()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        var zone = new
        {
            type = "Feature",
            properties = new { nameZh = "区", nameEn = "Zone", effect = "Caution", floorM = 0, ceilingM = 20, heightDatum = "Agl", window = new { days = new[] { "Monday" }, from = "07:00", to = "09:00" } },
            geometry = new { type = "Polygon", coordinates = new[] { Triangle } },
        };
        using var answer = await admin.PostAsJsonAsync("/api/v1/zones", zone);
        var problem = await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains("timeZone", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_drawn_area_is_answered_listed_and_in_the_snapshot()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        var id = NewId();
        using var answer = await admin.PostAsJsonAsync(Areas, Area(id, Triangle));
        await answer.ReadAsync<FeatureView>(HttpStatusCode.Created);
        Assert.Equal($"{Areas}/{id}", answer.Headers.Location?.ToString());
        var read = await admin.GetAsync<FeatureView>($"{Areas}/{id}");
        Assert.Equal("试验区", read.Properties.GetProperty("nameZh").GetString());
        Assert.Contains(shared.Server.Services.GetRequiredService<AirspaceBook>().Current.Areas, area => area.Id == id && area.Properties.HeightAboveHomeM == 60);
    }

    [Fact]
    public async Task A_clockwise_ring_is_turned_round()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        using var answer = await admin.PostAsJsonAsync(Areas, Area(NewId(), [.. Triangle.Reverse()]));
        var drawn = await answer.ReadAsync<FeatureView>(HttpStatusCode.Created);
        Assert.True(NetTopologySuite.Algorithm.Orientation.IsCCW(drawn.Geometry.Coordinates));
    }

    [Fact]
    public async Task A_self_crossing_area_is_refused_with_the_place()
    {
        var problem = await RefusedAsync([[117.60, 24.50], [117.61, 24.51], [117.61, 24.50], [117.60, 24.51], [117.60, 24.50]]);
        Assert.Contains("117.605000, 24.505000", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("#/geometry/coordinates/0/", problem.GetProperty("errors")[0].GetProperty("pointer").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(24.50, 117.61, "swapped")]
    [InlineData(117.61, 95.0, "out of range")]
    [InlineData(121.47, 31.23, "outside the city")]
    public async Task A_wrong_position_is_refused_with_its_index(double longitude, double latitude, string reason)
    {
        var problem = await RefusedAsync([[117.60, 24.50], [longitude, latitude], [117.61, 24.51], [117.60, 24.50]]);
        Assert.Equal("#/geometry/coordinates/0/1", problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
        Assert.Contains(reason, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0xFE })]
    [InlineData(new byte[] { (byte)'\\', (byte)'u', (byte)'d', (byte)'8', (byte)'0', (byte)'0' })]
    public async Task Text_that_is_not_Unicode_is_refused(byte[] broken)
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        using var body = new ByteArrayContent([.. "{\"type\":\"Feature\",\"id\":\""u8, .. broken, .. "\"}"u8]);
        body.Headers.ContentType = new("application/json");
        using var answer = await admin.PostAsync(new Uri(Areas, UriKind.Relative), body);
        await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task An_unclosed_ring_is_refused()
    {
        var problem = await RefusedAsync([[117.60, 24.50], [117.61, 24.50], [117.61, 24.51], [117.60, 24.51]]);
        Assert.Contains("ends where it began", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zone_whose_ceiling_is_below_its_floor_is_refused()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        var zone = new
        {
            type = "Feature",
            properties = new { nameZh = "区", nameEn = "Zone", effect = "KeepOut", floorM = 100, ceilingM = 20, heightDatum = "Agl" },
            geometry = new { type = "Polygon", coordinates = new[] { Triangle } },
        };
        using var answer = await admin.PostAsJsonAsync("/api/v1/zones", zone);
        var problem = await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal("#/properties/ceilingM", problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task A_change_under_a_stale_ETag_is_refused_and_nothing_is_saved()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        var id = NewId();
        using var created = await admin.PostAsJsonAsync(Areas, Area(id, Triangle));
        var tag = created.Headers.ETag!;
        using var first = await PutAsync(admin, Area(id, Triangle, name: "First"), tag.ToString());
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.NotEqual(tag, first.Headers.ETag);
        using var second = await PutAsync(admin, Area(id, Triangle, name: "Second"), tag.ToString());
        await second.ReadProblemAsync(HttpStatusCode.PreconditionFailed, "stale-etag");
        Assert.Equal("First", (await admin.GetAsync<FeatureView>($"{Areas}/{id}")).Properties.GetProperty("nameEn").GetString());

        Task<HttpResponseMessage> PutAsync(HttpClient client, object body, string etag)
        {
            var request = new HttpRequestMessage(HttpMethod.Put, $"{Areas}/{id}") { Content = JsonContent.Create(body) };
            request.Headers.TryAddWithoutValidation("If-Match", etag);
            return client.SendAsync(request);
        }
    }

    [Fact]
    public async Task A_deleted_area_is_gone_and_its_shape_is_in_the_audit_log()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        var id = NewId();
        using var created = await admin.PostAsJsonAsync(Areas, Area(id, Triangle));
        using var deleted = await admin.DeleteAsync(new Uri($"{Areas}/{id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var after = await admin.GetAsync(new Uri($"{Areas}/{id}", UriKind.Relative));
        await after.ReadProblemAsync(HttpStatusCode.NotFound, "not-found");
        var entries = await admin.GetAsync<Page<AuditRecord>>($"/api/v1/audit/entries?action=areas.deleted&subject=areas/{id}");
        Assert.StartsWith("POLYGON", Assert.Single(entries.Items).Details.GetProperty("shape").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pilot_reads_the_airspace_and_does_not_change_it()
    {
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        using var answer = await pilot.PostAsJsonAsync(Areas, Area(NewId(), Triangle));
        await answer.ReadProblemAsync(HttpStatusCode.Forbidden, "not-allowed");
    }

    [Fact]
    public async Task Watchers_get_the_snapshot_of_now_and_of_every_change()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        var id = NewId();
        await using var watch = shared.Server.Services.GetRequiredService<AirspaceBook>().WatchAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        Assert.DoesNotContain(watch.Current.Areas, area => area.Id == id);
        using var created = await admin.PostAsJsonAsync(Areas, Area(id, Triangle));
        Assert.True(await watch.MoveNextAsync());
        Assert.Contains(watch.Current.Areas, area => area.Id == id);
    }

    private static string NewId() => $"test-{Guid.NewGuid():N}";

    private static object Area(string id, double[][] ring, string name = "Test area") => new
    {
        type = "Feature",
        id,
        properties = new { nameZh = "试验区", nameEn = name, kind = "Area", tier = "City", heightAboveHomeM = 60 },
        geometry = new { type = "Polygon", coordinates = new[] { ring } },
    };

    private async Task<JsonElement> RefusedAsync(double[][] ring)
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        using var answer = await admin.PostAsJsonAsync(Areas, Area(NewId(), ring));
        return await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : FeatureTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : FeatureTests(server);
}
