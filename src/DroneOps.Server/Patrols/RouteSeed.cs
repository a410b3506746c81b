using System.Text.Json;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Patrols;

/// <summary>Plans the library's ready-made routes at the first start, each once: what people delete or change stays so.</summary>
internal sealed partial class RouteSeed(
    LibraryFolder library, IDbContextFactory<FleetDb> databases, RouteBook book, RoutePlanner planner, IOptions<PatrolsOptions> options, TimeProvider time, ILogger<RouteSeed> logger) : IHostedService
{
    private const string ImportKind = "routes";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(library.Path, "routes");
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (!Directory.Exists(folder) || await db.Set<LibraryImport>().AnyAsync(import => import.Kind == ImportKind, cancellationToken))
            return;
        string[] files = [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal)];
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            var bytes = await File.ReadAllBytesAsync(file, cancellationToken);
            hash.AppendData(bytes);
            await SeedAsync(file, bytes, cancellationToken);
        }

        if (options.Value.Demo)
        {
            AddPatrol(db, "古城巡逻", "old-city-lawnmower");
            AddPatrol(db, "江滨巡逻", "riverside-out-and-back");
        }

        db.Add(new LibraryImport { Kind = ImportKind, At = time.GetUtcNow(), Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset()) });
        await db.SaveChangesAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Every half hour round the clock, and once now: a newcomer sees drones fly at once.</summary>
    private void AddPatrol(FleetDb db, string name, string routeId)
    {
        var now = time.GetUtcNow();
        var patrol = new PatrolRecord
        {
            Id = Guid.CreateVersion7(now),
            Name = name,
            RouteId = routeId,
            VehicleIds = [],
            VehicleCount = 1,
            Schedule = new Schedule(30, TimeOnly.MinValue, TimeOnly.MinValue, [1, 2, 3, 4, 5, 6, 7]),
            Enabled = true,
            ChangedAt = now,
        };
        db.Add(patrol);
        db.Add(new OccurrenceRecord
        {
            Id = OccurrenceRecord.IdOf(patrol.Id, now),
            PatrolId = patrol.Id,
            PatrolName = name,
            PlannedAt = now,
            State = OccurrenceState.Planned,
            RequestedBy = Actors.System,
        });
    }

    private async Task SeedAsync(string path, byte[] bytes, CancellationToken cancellation)
    {
        var file = Path.GetFileName(path);
        LibraryRoute ready;
        try
        {
            ready = JsonSerializer.Deserialize<LibraryRoute>(bytes, Json) ?? throw new StartupException($"The library file {path} is empty.");
        }
        catch (JsonException problem)
        {
            throw new StartupException($"The library file {path} cannot be read: {problem.Message}", problem);
        }

        // A start that was cut short left some routes behind.
        if (await book.FindAsync(ready.Id, cancellation) is not null)
            return;
        var faults = new List<Fault>();
        if (planner.Plan(ready.NameZh, ready.ToRequest(), faults) is not { } planned)
        {
            LogNotPlanned(file, string.Join(" ", faults.Select(fault => fault.Detail)));
            return;
        }

        if (!planned.Report.IsFlyable)
        {
            LogNotPlanned(file, string.Join(" ", FindingView.Errors(planned.Report).Select(fault => fault.Detail)));
            return;
        }

        await book.AddAsync(ready.Id, ready.NameZh, planned, Actors.System, cancellation);
    }

    [LoggerMessage(LogLevel.Warning, "Library: the route {File} is left out: {Reason}")]
    private partial void LogNotPlanned(string file, string reason);

    /// <summary>A file of the library; see <c>missions/library/schema/routes.schema.json</c>.</summary>
    private sealed record LibraryRoute(
        string Id, string NameZh, string Kind, JsonElement Ref, double HeightAboveHomeM, double SpeedMps, AreaFigures? Area, CorridorFigures? Corridor)
    {
        public PatternRequest ToRequest()
        {
            var settings = new PatternSettings(
                HeightAboveHomeM, SpeedMps, Area?.LineSpacingM ?? Corridor?.PassSpacingM ?? 0, null, (Corridor?.Passes ?? 0) * (Corridor?.PassSpacingM ?? 0), 0);
            return Kind switch
            {
                "area" => new(Pattern.Lawnmower, Ref.GetString(), null, null, null, settings),
                "corridor" => new(Pattern.Corridor, Ref.GetString(), null, null, null, settings),
                _ => new(Pattern.Sites, null, null, null, [.. Ref.EnumerateArray().Select(site => site.GetString()!)], settings),
            };
        }
    }

    private sealed record AreaFigures(double LineSpacingM);

    private sealed record CorridorFigures(int Passes, double PassSpacingM);
}
