using System.Globalization;
using DroneOps.Server.Audit;
using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using DroneOps.Server.Tests.Harness.Flights;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Tests.Harness.Ledger;

/// <summary>The process that <see cref="LedgerKills"/> kills: the service's own audit log, sortie log, corrections and database, and load on all of
/// them at once. It says each thing that is acknowledged on its standard output, after it is.</summary>
internal static class LedgerWriter
{
    private const int Vehicles = 6;
    private const int Commanders = 8;

    /// <summary>Writes until it is killed.</summary>
    /// <param name="arguments">The data folder, the store, how to connect to it, and a seed.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var (storage, seed) = (Storage(arguments), int.Parse(arguments[3], CultureInfo.InvariantCulture));
        using var folder = DataFolder.Take(storage.DataFolder);
        var stores = new Stores(storage);
        await using var audit = AuditModule.Open(folder, TimeProvider.System, problem => Environment.FailFast("The audit log cannot be written.", problem), NullLogger<AuditLog>.Instance);
        var (quiescence, changes) = (new Quiescence(), new SortieChanges());
        var events = new FleetEvents(quiescence);
        changes.Changed += sortie => Say($"S {sortie.Id} {sortie.State}");
        using var log = new SortieLog(stores, events, new VehicleBoard(), changes, audit, Options.Create(new SortiesOptions()), quiescence, TimeProvider.System, NullLogger<SortieLog>.Instance);
        await log.StartAsync(cancellationToken);
        Say($"UP {audit.Count}");
        await Task.WhenAll(
        [
            .. Enumerable.Range(1, Vehicles).Select(vehicle => Task.Run(() => FlyAsync(vehicle, seed, events, cancellationToken), cancellationToken)),
            .. Enumerable.Range(1, Commanders).Select(number => Task.Run(() => CommandAsync(number, seed, audit, cancellationToken), cancellationToken)),
            Task.Run(() => CorrectAsync(seed, stores, audit, changes, cancellationToken), cancellationToken),
        ]);
        return 0;
    }

    /// <summary>What the first three arguments say.</summary>
    public static StorageOptions Storage(IReadOnlyList<string> arguments) => new()
    {
        DataFolder = arguments[0],
        Provider = Enum.Parse<StorageProvider>(arguments[1]),
        ConnectionString = arguments[2].Length == 0 ? null : arguments[2],
    };

    /// <summary>One made-up flight after the other, as fast as the log takes them.</summary>
    private static async Task FlyAsync(int vehicle, int seed, FleetEvents events, CancellationToken cancellation)
    {
        for (var flight = 0; ; flight++)
        {
            var story = FlightStory.Of((seed * 1000) + (vehicle * 100) + flight, StoryOptions.Everything with { Turns = 1, MayRestart = false });
            List<FleetEvent> told = [];
            new StoryTeller(story, 1).Tell(new StoryStation(story, 1, StoryStation.Begin.AddHours((seed * 100) + flight))
            {
                OnFact = fact => told.Add(new FleetEvent.Observed(vehicle.ToString(CultureInfo.InvariantCulture), fact)),
            });
            foreach (var happened in told)
                await events.PublishAsync(happened, cancellation);
        }
    }

    private static async Task CommandAsync(int number, int seed, AuditLog audit, CancellationToken cancellation)
    {
        for (var count = 0; ; count++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{seed}-{number}-{count}");
            Say($"A {await audit.AppendAsync(new AuditEntry("user:pilot", "vehicle.commanded", $"vehicle/{number}", new { id, command = "goTo" }), cancellation)} {id}");
        }
    }

    private static async Task CorrectAsync(int seed, Stores stores, AuditLog audit, SortieChanges changes, CancellationToken cancellation)
    {
        var count = 0;
        while (true)
        {
            await using var db = stores.CreateDbContext();
            var row = await db.Set<SortieRecord>().Where(sortie => sortie.IsClosed).OrderByDescending(sortie => sortie.TakeoffAt).FirstOrDefaultAsync(cancellation);
            if (row is null)
            {
                await Task.Yield();
                continue;
            }

            var value = string.Create(CultureInfo.InvariantCulture, $"user:{seed}-{count++}");
            var change = SortieChange.Read("pilot", value, row, TimeProvider.System.GetUtcNow(), null, [])!;
            await CorrectSortie.WriteAsync(row, "pilot", change, "a kill", "user:admin", 10, db, audit, TimeProvider.System, cancellation);
            Say($"C {row.Id} {value}");
        }
    }

    private static void Say(FormattableString line)
    {
        var text = line.ToString(CultureInfo.InvariantCulture);
        lock (Console.Out)
        {
            Console.Out.WriteLine(text);
            Console.Out.Flush();
        }
    }

    /// <summary>The database of a folder.</summary>
    internal sealed class Stores(StorageOptions options) : IDbContextFactory<FleetDb>
    {
        public FleetDb CreateDbContext() => StorageModule.Open(options);
    }
}
