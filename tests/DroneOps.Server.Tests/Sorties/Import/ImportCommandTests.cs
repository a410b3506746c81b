using DroneOps.Server.Audit;
using DroneOps.Server.Cli;
using DroneOps.Server.Sorties;
using DroneOps.Server.Sorties.Import;
using DroneOps.Server.Storage;
using DroneOps.Server.Tests.Harness;
using DroneOps.Tests;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Tests.Sorties.Import;

/// <summary>A recording that is written into a data folder, on both stores.</summary>
public abstract class ImportCommandTests(Store store) : IDisposable
{
    private static readonly string Recording = Checkout.Golden("tlogs", "copter-patrol.tlog");

    private readonly string _folder = Directory.CreateTempSubdirectory("droneops-import-").FullName;

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_recording_becomes_sorties_with_track_original_and_audit_entries_once()
    {
        var settings = await SettingsAsync();
        var flown = Read();

        var dry = await RunAsync(settings, isDryRun: true);
        var first = await RunAsync(settings, isDryRun: false);
        var again = await RunAsync(settings, isDryRun: false);

        Assert.Equal((flown.Count, 0, 0), (dry.Taken, dry.Known, dry.Before.Sorties));
        Assert.Equal((flown.Count, 0, 0), (first.Taken, first.Known, first.Before.Sorties));
        Assert.Equal((0, flown.Count, flown.Count), (again.Taken, again.Known, again.After.Sorties));
        await using var db = StorageModule.Open(CommonOptions.Read<StorageOptions>("Storage", settings));
        var row = Assert.Single(await db.Set<SortieRecord>().ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(flown[0].Draft.AirborneS, row.AirborneS, 0.001);
        Assert.True(row.IsClosed);
        var track = await db.Set<TrackPiece>().Where(piece => piece.SortieId == row.Id).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(flown[0].Track.Count, track.Sum(piece => piece.Points.Count));
        Assert.Equal(row.Shape.NumPoints, flown[0].Track.Count);

        Assert.Equal(await File.ReadAllBytesAsync(Recording, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(Path.Combine(_folder, "imports"))), TestContext.Current.CancellationToken));
        var scan = AuditScan.Read(Path.Combine(_folder, "audit"), null, null);
        Assert.Null(scan.Bad);
        Assert.Equal(5, scan.Count);
    }

    [Fact]
    public async Task A_folder_that_a_server_holds_is_left_alone()
    {
        var settings = await SettingsAsync();
        using var held = DataFolder.Take(_folder);
        var refused = await Assert.ThrowsAsync<StartupException>(() => RunAsync(settings, isDryRun: false));
        Assert.Contains("in use by another server", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<ImportReport> RunAsync(Dictionary<string, string?> settings, bool isDryRun) =>
        Assert.Single(await ImportCommand.RunAsync([Recording], new FileTerms(false, null, null, TimeProvider.System.GetUtcNow()), isDryRun, settings, TestContext.Current.CancellationToken));

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

    public sealed class OnSqlite() : ImportCommandTests(Store.Sqlite);

    public sealed class OnPostgres() : ImportCommandTests(Store.Postgres);
}
