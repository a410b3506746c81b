using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using DroneOps.Server.Airspace;
using DroneOps.Server.Tests.Harness;
using Microsoft.Data.Sqlite;

namespace DroneOps.Server.Tests.Airspace;

/// <summary>A map for a network without the internet: a file of tiles on the server's own disk.</summary>
public sealed class TileTests : IDisposable
{
    private static readonly byte[] Picture = [0x89, (byte)'P', (byte)'N', (byte)'G', 1, 2, 3];

    private readonly string _folder = Directory.CreateTempSubdirectory("droneops-tiles-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Tiles_of_an_MBTiles_file_are_served_with_rows_from_the_north()
    {
        var file = Database("png", zoom: 2, column: 3, rowFromSouth: 0);
        await using var server = await TestServer.StartAsync(Store.Sqlite, ("Map:TilesFile", file), ("Map:TilesDatum", "Gcj02"));
        using var pilot = await server.SignInAsync("pilot");
        var tiles = (await pilot.GetAsync<JsonElement>("/api/v1/map/config")).GetProperty("tiles");
        Assert.Equal(("mbtiles", "/library/tiles/{z}/{x}/{y}", "gcj02"), (tiles.GetProperty("kind").GetString(), tiles.GetProperty("url").GetString(), tiles.GetProperty("datum").GetString()));

        using var there = await pilot.GetAsync("/library/tiles/2/3/3", TestContext.Current.CancellationToken);
        Assert.Equal("image/png", there.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Picture, await there.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        foreach (var path in new[] { "/library/tiles/2/3/0", "/library/tiles/2/9/9", "/library/tiles/40/0/0", "/library/tiles/archive.pmtiles" })
        {
            using var nowhere = await pilot.GetAsync(path, TestContext.Current.CancellationToken);
            await nowhere.ReadProblemAsync(HttpStatusCode.NotFound, "not-found");
        }

        using var anonymous = server.Anonymous();
        using var refused = await anonymous.GetAsync("/library/tiles/2/3/3", TestContext.Current.CancellationToken);
        await refused.ReadProblemAsync(HttpStatusCode.Unauthorized, "not-signed-in");
    }

    [Fact]
    public async Task A_PMTiles_file_is_read_in_place_by_ranges()
    {
        var file = Archive(tileType: 2);
        await using var server = await TestServer.StartAsync(Store.Sqlite, ("Map:TilesFile", file));
        using var pilot = await server.SignInAsync("pilot");
        Assert.Equal("/library/tiles/archive.pmtiles", (await pilot.GetAsync<JsonElement>("/api/v1/map/config")).GetProperty("tiles").GetProperty("url").GetString());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/library/tiles/archive.pmtiles");
        request.Headers.Range = new RangeHeaderValue(0, 6);
        using var answer = await pilot.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.PartialContent, "PMTiles"), (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        Assert.NotNull(answer.Headers.ETag);
    }

    [Fact]
    public void A_file_that_the_console_cannot_draw_stops_the_start_with_the_reason()
    {
        var text = Path.Combine(_folder, "tiles.zip");
        var broken = Path.Combine(_folder, "broken.mbtiles");
        File.WriteAllText(text, "");
        File.WriteAllText(broken, "this is no database at all, not even nearly one");
        Assert.Contains("no file", Assert.Throws<StartupException>(() => TileFile.Open(Path.Combine(_folder, "nowhere.mbtiles"))).Message, StringComparison.Ordinal);
        Assert.Contains("neither", Assert.Throws<StartupException>(() => TileFile.Open(text)).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<StartupException>(() => TileFile.Open(broken)).Message, StringComparison.Ordinal);
        Assert.Contains("no pictures", Assert.Throws<StartupException>(() => TileFile.Open(Database("pbf", 0, 0, 0))).Message, StringComparison.Ordinal);
        Assert.Contains("no pictures", Assert.Throws<StartupException>(() => TileFile.Open(Archive(tileType: 1))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://t{0-7}.tianditu.gov.cn/vec_w/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=K", 8, "https://t7.tianditu.gov.cn")]
    [InlineData("https://{s}.tile.example:8443/{z}/{x}/{y}.png", 3, "https://c.tile.example:8443")]
    [InlineData("http://tiles.example/{TileMatrix}/{TileCol}/{TileRow}", 1, "http://tiles.example")]
    public void The_page_may_load_from_every_host_of_a_tile_service(string url, int count, string last)
    {
        var origins = TileAddress.Origins(url);
        Assert.Equal((count, last), (origins.Count, origins[^1]));
    }

    private string Database(string format, int zoom, int column, int rowFromSouth)
    {
        var path = Path.Combine(_folder, $"{Guid.NewGuid():N}.mbtiles");
        using var connection = new SqliteConnection($"Data Source={path}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            CREATE TABLE metadata (name text, value text);
            CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob);
            INSERT INTO metadata VALUES ('format', $format);
            INSERT INTO tiles VALUES ($zoom, $column, $row, $picture);
            """;
        command.Parameters.AddWithValue("$format", format);
        command.Parameters.AddWithValue("$zoom", zoom);
        command.Parameters.AddWithValue("$column", column);
        command.Parameters.AddWithValue("$row", rowFromSouth);
        command.Parameters.AddWithValue("$picture", Picture);
        command.ExecuteNonQuery();
        return path;
    }

    private string Archive(byte tileType)
    {
        var path = Path.Combine(_folder, $"{Guid.NewGuid():N}.pmtiles");
        var bytes = new byte[200];
        "PMTiles"u8.CopyTo(bytes);
        bytes[7] = 3;
        bytes[99] = tileType;
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
