using Microsoft.Data.Sqlite;

namespace DroneOps.Server.Airspace;

/// <summary>A file of map tiles on the server's disk, for consoles without a network: PMTiles, which the console reads in place by ranges, or
/// MBTiles, whose tiles are served one by one. Pictures only: the console draws no vector tiles.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Kind">Pmtiles or Mbtiles.</param>
/// <param name="MediaType">Of the tiles.</param>
internal sealed record TileFile(string Path, TileKind Kind, string MediaType)
{
    private const int HighestZoom = 30;

    private static ReadOnlySpan<byte> Magic => "PMTiles"u8;

    /// <summary>Looks at a file.</summary>
    /// <exception cref="StartupException">It is not one that can be served; the message says why.</exception>
    public static TileFile Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        if (!File.Exists(full))
            throw new StartupException($"DroneOps:Map:TilesFile: there is no file {full}.");
        try
        {
            return System.IO.Path.GetExtension(full).ToLowerInvariant() switch
            {
                ".pmtiles" => OpenArchive(full),
                ".mbtiles" => OpenDatabase(full),
                _ => throw new StartupException($"DroneOps:Map:TilesFile: {full} is neither a .pmtiles nor an .mbtiles file."),
            };
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new StartupException($"DroneOps:Map:TilesFile: {full} cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>One tile of an MBTiles file, or null where it has none. Rows count from the north, as in web maps.</summary>
    public byte[]? Read(int zoom, int column, int row)
    {
        if (zoom is < 0 or > HighestZoom || column < 0 || row < 0 || column >= 1L << zoom || row >= 1L << zoom)
            return null;
        using var connection = Connect(Path);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT tile_data FROM tiles WHERE zoom_level = $zoom AND tile_column = $column AND tile_row = $row";
        command.Parameters.AddWithValue("$zoom", zoom);
        command.Parameters.AddWithValue("$column", column);

        // The file counts rows from the south (MBTiles 1.3, TMS).
        command.Parameters.AddWithValue("$row", (1L << zoom) - 1 - row);
        return command.ExecuteScalar() as byte[];
    }

    /// <summary>PMTiles 3: seven letters, the version, and at byte 99 the kind of tile.</summary>
    private static TileFile OpenArchive(string path)
    {
        const int HeaderBytes = 127;
        const int VersionAt = 7;
        const int TypeAt = 99;
        Span<byte> header = stackalloc byte[HeaderBytes];
        using var file = File.OpenRead(path);
        if (file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || !header.StartsWith(Magic) || header[VersionAt] != 3)
            throw new StartupException($"DroneOps:Map:TilesFile: {path} is not a PMTiles file of version 3.");
        return new TileFile(path, TileKind.Pmtiles, header[TypeAt] switch
        {
            2 => "image/png",
            3 => "image/jpeg",
            4 => "image/webp",
            5 => "image/avif",
            _ => throw NoPictures(path),
        });
    }

    private static TileFile OpenDatabase(string path)
    {
        using var connection = Connect(path);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT (SELECT value FROM metadata WHERE name = 'format'), (SELECT count(*) FROM (SELECT 1 FROM tiles LIMIT 1))";
        using var row = command.ExecuteReader();
        row.Read();
        return new TileFile(path, TileKind.Mbtiles, (row.IsDBNull(0) ? "" : row.GetString(0)) switch
        {
            "png" => "image/png",
            "jpg" or "jpeg" => "image/jpeg",
            "webp" => "image/webp",
            _ => throw NoPictures(path),
        });
    }

    private static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly }.ToString());
        connection.Open();
        return connection;
    }

    private static StartupException NoPictures(string path) => new($"DroneOps:Map:TilesFile: {path} holds no pictures (png, jpeg, webp); the console draws no vector tiles.");
}
