using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.CameraRules;

/// <summary>Which breaches go on, and the entry of each in the audit log and the store when it has outlasted the grace, and when it ends. Owner: the loop
/// of the watch.</summary>
internal sealed class BreachBook(IDbContextFactory<FleetDb> databases, AuditLog audit, IOptions<CameraRulesOptions> options, TimeProvider time)
{
    private readonly Dictionary<(string Stream, BreachKind Kind), Going> _going = [];
    private readonly TimeSpan _grace = TimeSpan.FromSeconds(options.Value.GraceS);
    private IReadOnlyList<StandingBreach> _standing = [];

    /// <summary>The breaches that go on and have outlasted the grace; to be read by anybody.</summary>
    public IReadOnlyList<StandingBreach> Standing => Volatile.Read(ref _standing);

    /// <summary>What the end of the last run left open has ended with it: nobody has looked since.</summary>
    public async Task RestoreAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        foreach (var row in await db.Set<BreachRecord>().Where(row => row.EndedAt == null).ToListAsync(cancellation))
            await EndAsync(row.Id, row.VehicleId, row.StreamId, row.Kind, row.At, cancellation);
    }

    /// <summary>Takes in what is wrong with a stream now.</summary>
    public async Task TakeAsync(CameraAt camera, IReadOnlyCollection<BreachKind> kinds, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        foreach (var kind in kinds)
        {
            if (!_going.TryGetValue((camera.StreamId, kind), out var going))
                _going[(camera.StreamId, kind)] = going = new(now);
            if (going.Id is null && now - going.Since >= _grace)
            {
                going.Id = await BeginAsync(camera, kind, going.Since, cancellation);
                Volatile.Write(ref _standing, [.. _standing, new(camera, kind, going.Since)]);
            }
        }

        foreach (var (key, going) in _going.Where(one => one.Key.Stream == camera.StreamId && !kinds.Contains(one.Key.Kind)).ToList())
        {
            if (going.Id is { } id)
                await EndAsync(id, camera.VehicleId, camera.StreamId, key.Kind, going.Since, cancellation);
            _going.Remove(key);
            Volatile.Write(ref _standing, [.. _standing.Where(breach => (breach.Camera.StreamId, breach.Kind) != key)]);
        }
    }

    private async Task<Guid> BeginAsync(CameraAt camera, BreachKind kind, DateTimeOffset since, CancellationToken cancellation)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        await audit.AppendAsync(
            new AuditEntry(Actors.System, "camera.breached", $"vehicle/{camera.VehicleId}", new { id, stream = camera.StreamId, kind = Word(kind), since, camera.Item, zone = camera.Zone, camera.Task }), cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Add(new BreachRecord { Id = id, VehicleId = camera.VehicleId, StreamId = camera.StreamId, Kind = kind, At = since, Item = camera.Item, Zone = camera.Zone, Task = camera.Task });
        await db.SaveChangesAsync(cancellation);
        return id;
    }

    private async Task EndAsync(Guid id, string vehicleId, string streamId, BreachKind kind, DateTimeOffset since, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await audit.AppendAsync(
            new AuditEntry(Actors.System, "camera.breachEnded", $"vehicle/{vehicleId}", new { id, stream = streamId, kind = Word(kind), seconds = Math.Round((now - since).TotalSeconds, 1) }), cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Set<BreachRecord>().Where(row => row.Id == id).ExecuteUpdateAsync(row => row.SetProperty(one => one.EndedAt, now), cancellation);
    }

    private static string Word(BreachKind kind) => char.ToLowerInvariant(kind.ToString()[0]) + kind.ToString()[1..];

    private sealed class Going(DateTimeOffset since)
    {
        public DateTimeOffset Since => since;

        public Guid? Id { get; set; }
    }
}

/// <summary>A breach that goes on.</summary>
/// <param name="Camera">The camera, and where it was when the breach was entered.</param>
/// <param name="Since">When it began.</param>
internal sealed record StandingBreach(CameraAt Camera, BreachKind Kind, DateTimeOffset Since);

/// <summary>A camera and where it is on its way.</summary>
/// <param name="Item">The item of the mission that is flown to.</param>
/// <param name="Zone">The no-record zone that it is in.</param>
/// <param name="Task">What the vehicle is flown for, as people call it.</param>
internal sealed record CameraAt(string VehicleId, string StreamId, int? Item, string? Zone, string? Task);
