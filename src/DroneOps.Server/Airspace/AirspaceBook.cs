using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Airspace;

/// <summary>What upper slices read: the newest <see cref="AirspaceSnapshot"/>, in memory, and word of every change.</summary>
/// <remarks>Owner of the snapshot: whoever holds the gate; readers take the reference. It follows the changes made on
/// this node.</remarks>
internal sealed class AirspaceBook(IDbContextFactory<FleetDb> databases, AuditLog audit, IOptions<AirspaceOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Lock _lock = new();
    private readonly List<Channel<AirspaceSnapshot>> _watchers = [];
    private volatile AirspaceSnapshot _current = AirspaceSnapshot.Empty;

    /// <summary>Where things may be drawn.</summary>
    public Envelope City { get; } = options.Value.City;

    /// <summary>Everything that is drawn now.</summary>
    public AirspaceSnapshot Current => _current;

    /// <summary>The snapshot now and after each change. Each watcher holds one snapshot: when it is slow, the newest replaces the waiting one.</summary>
    public async IAsyncEnumerable<AirspaceSnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var channel = Channel.CreateBounded<AirspaceSnapshot>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_lock)
        {
            _watchers.Add(channel);
            channel.Writer.TryWrite(_current);
        }

        try
        {
            await foreach (var snapshot in channel.Reader.ReadAllAsync(cancellation))
            {
                yield return snapshot;
            }
        }
        finally
        {
            lock (_lock)
            {
                _watchers.Remove(channel);
            }
        }
    }

    /// <summary>Writes the audit entry, then saves, then renews the snapshot.</summary>
    /// <param name="db">Holds the change.</param>
    /// <param name="feature">What is changed.</param>
    /// <param name="verb">created, changed, deleted.</param>
    public async Task SaveAsync(FleetDb db, Feature feature, string verb, string actor, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            var details = new { properties = JsonElement.Parse(feature.Properties), shape = feature.Shape.AsText().Length <= 20_000 ? feature.Shape.AsText() : null, vertices = feature.Shape.NumPoints };
            await audit.AppendAsync(new AuditEntry(actor, $"{feature.Kind}.{verb}", $"{feature.Kind}/{feature.Id}", details), cancellation);
            await db.SaveChangesAsync(cancellation);
            await ReloadHeldAsync(cancellation);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Reads everything again.</summary>
    public async Task ReloadAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await ReloadHeldAsync(cancellation);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task ReloadHeldAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var snapshot = AirspaceSnapshot.Of(await db.Set<Feature>().AsNoTracking().ToListAsync(cancellation));
        lock (_lock)
        {
            _current = snapshot;
            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(snapshot);
            }
        }
    }
}
