using DroneOps.Server.Audit;
using DroneOps.Server.Cli;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using DroneOps.Server.Tests.Harness;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Tests.Sorties;

/// <summary>A recording that is written into a data folder, on both stores.</summary>
public abstract class ReplayImportTests(Store store) : IDisposable
{
    private static readonly string Recording = Path.Combine(Repository(), "tests", "Golden", "tlogs", "copter-patrol.tlog");

    private readonly string _folder = Directory.CreateTempSubdirectory("droneops-import-").FullName;

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_recording_becomes_sorties_with_track_frames_and_audit_entries_once()
    {
        var settings = await SettingsAsync();
        var flown = Read();

        var first = await ReplayImport.RunAsync(Recording, flown, settings, TestContext.Current.CancellationToken);
        var again = await ReplayImport.RunAsync(Recording, Read(), settings, TestContext.Current.CancellationToken);

        Assert.Equal((flown.Count, 0), (first.Written, first.Known));
        Assert.Equal((0, flown.Count), (again.Written, again.Known));
        await using var db = StorageModule.Open(CommonOptions.Read<StorageOptions>("Storage", settings));
        var row = Assert.Single(await db.Set<SortieRecord>().ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(flown[0].Draft.AirborneS, row.AirborneS, 0.001);
        Assert.True(row.IsClosed);
        var track = await db.Set<TrackPiece>().Where(piece => piece.SortieId == row.Id).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(flown[0].Track.Count, track.Sum(piece => piece.Points.Count));
        Assert.Equal(row.Shape.NumPoints, flown[0].Track.Count);

        var log = Assert.Single(Directory.GetFiles(Path.Combine(_folder, "flightlog")));
        await using var stream = File.OpenRead(log);
        Assert.Equal(flown[0].Draft.AirborneS, ReplayCommand.Read(stream, out _).Single().Draft.AirborneS, 0.001);
        var scan = AuditScan.Read(Path.Combine(_folder, "audit"), null, null);
        Assert.Null(scan.Bad);
        Assert.Equal(2, scan.Count);
    }

    [Fact]
    public async Task A_folder_that_a_server_holds_is_left_alone()
    {
        var settings = await SettingsAsync();
        using var held = DataFolder.Take(_folder);
        var refused = await Assert.ThrowsAsync<StartupException>(() => ReplayImport.RunAsync(Recording, Read(), settings, TestContext.Current.CancellationToken));
        Assert.Contains("in use by another server", refused.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<FlownSortie> Read()
    {
        using var stream = File.OpenRead(Recording);
        return ReplayCommand.Read(stream, out _);
    }

    private async Task<Dictionary<string, string?>> SettingsAsync()
    {
        var settings = new Dictionary<string, string?> { ["DroneOps:Storage:DataFolder"] = _folder, ["DroneOps:Storage:Provider"] = store.ToString() };
        if (store == Store.Postgres)
            settings["DroneOps:Storage:ConnectionString"] = await PostgresCluster.NewDatabaseAsync();
        return settings;
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "DroneOps.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("DroneOps.sln is not above the tests.");
        return folder.FullName;
    }

    public sealed class OnSqlite() : ReplayImportTests(Store.Sqlite);

    public sealed class OnPostgres() : ReplayImportTests(Store.Postgres);
}
