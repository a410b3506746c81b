using System.Security.Cryptography;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Airspace;

/// <summary>Reads the library's files into an empty database, each file once.</summary>
internal sealed partial class LibrarySeed(
    LibraryFolder library, IDbContextFactory<FleetDb> databases, AirspaceBook book, AuditLog audit, TimeProvider time, ILogger<LibrarySeed> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(library.Path))
        {
            LogNoLibrary(library.Path);
        }

        foreach (var kind in FeatureKind.All)
        {
            await SeedAsync(kind, cancellationToken);
        }

        await book.ReloadAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task SeedAsync(FeatureKind kind, CancellationToken cancellation)
    {
        var file = Path.Combine(library.Path, kind.LibraryFile);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (!File.Exists(file) || await db.Set<LibraryImport>().AnyAsync(import => import.Kind == kind.Name, cancellation))
        {
            return;
        }

        var bytes = await File.ReadAllBytesAsync(file, cancellation);
        var features = LibraryFiles.Read(file, bytes, kind, book.City, time.GetUtcNow());
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        await audit.AppendAsync(new AuditEntry(Actors.System, "library.imported", kind.Name, new { file = kind.LibraryFile, sha256, count = features.Count }), cancellation);
        db.AddRange(features);
        db.Add(new LibraryImport { Kind = kind.Name, At = time.GetUtcNow(), Sha256 = sha256 });
        await db.SaveChangesAsync(cancellation);
        LogSeeded(features.Count, kind.LibraryFile);
    }

    [LoggerMessage(LogLevel.Information, "Library: {Count} features read from {File}")]
    private partial void LogSeeded(int count, string file);

    [LoggerMessage(LogLevel.Warning, "Library: there is no folder {Folder}; the map starts empty")]
    private partial void LogNoLibrary(string folder);
}
