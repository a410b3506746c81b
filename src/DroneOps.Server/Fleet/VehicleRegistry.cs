using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using DroneOps.Vehicles;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Fleet;

/// <summary>Knows which vehicle of the fleet stands behind an address. A vehicle is (network, system id), proven by its hardware id: the
/// same hardware under another address is the same vehicle, other hardware under the same address is another one.</summary>
/// <remarks>Owner of the table <c>vehicles</c>; changes go through one gate, readers see immutable copies.</remarks>
internal sealed class VehicleRegistry(IDbContextFactory<FleetDb> databases, AuditLog audit, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile ImmutableList<Entry> _entries = [];

    // Looked up with every state that a vehicle puts up, thousands of times a second.
    private volatile FrozenDictionary<string, Entry> _byId = FrozenDictionary<string, Entry>.Empty;

    /// <summary>A registered vehicle.</summary>
    internal sealed record Entry(string Id, string Name, VehicleKey Key, string? HardwareId, string? DockId, string? Unit, IReadOnlyList<Grounding> Groundings, long Version)
    {
        /// <summary>Why it must not fly; null when it may.</summary>
        public string? GroundedFor => Groundings.Count == 0 ? null : string.Join("; ", Groundings.Select(grounding => grounding.Reason));
    }


    /// <summary>All registered vehicles.</summary>
    public IReadOnlyList<Entry> All => _entries;

    /// <summary>One vehicle by its id, or null.</summary>
    public Entry? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Reads the table; called once before frames may arrive.</summary>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rows = await db.Set<VehicleRecord>().AsNoTracking().OrderBy(row => row.Number).ToListAsync(cancellation);
        Keep([.. rows.Select(ToEntry)]);
    }

    /// <summary>The vehicle that was last heard under an address; registered when it is new.</summary>
    /// <returns>The entry, and whether it was made now.</returns>
    public async Task<(Entry Entry, bool IsNew)> AtAsync(VehicleKey key, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            return _entries.FindLast(entry => entry.Key == key) is { } known ? (known, false) : (await AddAsync(key, null, cancellation), true);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The vehicle told its hardware id.</summary>
    /// <param name="entry">Who we thought it was.</param>
    /// <param name="hardwareId">What it says.</param>
    /// <returns>Who it is.</returns>
    public async Task<Entry> ProveAsync(Entry entry, string hardwareId, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            if (_entries.Find(other => other.HardwareId == hardwareId) is { } known)
                return known.Key == entry.Key ? known : await ChangeAsync(known.Id, row => (row.Network, row.SystemId) = (entry.Key.Network, entry.Key.SystemId), cancellation);
            return entry.HardwareId is null
                ? await ChangeAsync(entry.Id, row => row.HardwareId = hardwareId, cancellation)
                : await AddAsync(entry.Key, hardwareId, cancellation);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Changes what people decide about a vehicle.</summary>
    /// <param name="version">The version that the decision was made on; another is a stale read.</param>
    /// <exception cref="DbUpdateConcurrencyException">It has changed since.</exception>
    public async Task<Entry> EditAsync(string id, long version, Action<VehicleRecord> edit, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            return Find(id)?.Version == version ? await ChangeAsync(id, edit, cancellation) : throw new DbUpdateConcurrencyException();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Sets the reasons for which one who watches over vehicles grounds this one; without any, he does not.</summary>
    public async Task GroundAsync(string id, string by, IReadOnlyList<string> reasons, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await ChangeAsync(id, row => row.Ground(by, reasons), cancellation);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<Entry> AddAsync(VehicleKey key, string? hardwareId, CancellationToken cancellation)
    {
        var number = _entries.Select(entry => int.Parse(entry.Id, CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max() + 1;
        var row = new VehicleRecord
        {
            Number = number,
            Name = string.Create(CultureInfo.InvariantCulture, $"UAV-{number:00}"),
            HardwareId = hardwareId,
            Network = key.Network,
            SystemId = key.SystemId,
            RegisteredAt = time.GetUtcNow(),
        };
        await audit.AppendAsync(new AuditEntry(Actors.System, "vehicle.registered", $"vehicle/{number}", new { row.Name, row.Network, row.SystemId, row.HardwareId }), cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Add(row);
        await db.SaveChangesAsync(cancellation);
        var entry = ToEntry(row);
        Keep(_entries.Add(entry));
        return entry;
    }

    private async Task<Entry> ChangeAsync(string id, Action<VehicleRecord> change, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var number = int.Parse(id, CultureInfo.InvariantCulture);
        var row = await db.Set<VehicleRecord>().SingleAsync(vehicle => vehicle.Number == number, cancellation);
        change(row);
        await db.SaveChangesAsync(cancellation);
        var entry = ToEntry(row);
        Keep(_entries.Replace(Find(id)!, entry));
        return entry;
    }

    private void Keep(ImmutableList<Entry> entries)
    {
        _entries = entries;
        _byId = entries.ToFrozenDictionary(entry => entry.Id, StringComparer.Ordinal);
    }

    private static Entry ToEntry(VehicleRecord row) =>
        new(row.Number.ToString(CultureInfo.InvariantCulture), row.Name, new(row.Network, row.SystemId), row.HardwareId, row.DockId, row.Unit, row.Groundings, row.Version);
}
