using System.Collections.Concurrent;
using System.Collections.Immutable;
using DroneOps.Vehicles;

namespace DroneOps.Server.Fleet;

/// <summary>Puts together what the board shows of a vehicle: what it says itself, what the registry knows of it, who has it and who commands
/// it. Written from the vehicles' loops and from the desks of control and assignment.</summary>
internal sealed class VehicleDesk(VehicleRegistry registry, VehicleBoard board, SigningKeys keys, TimeProvider time)
{
    private const int KeptTexts = 6;

    private readonly ConcurrentDictionary<string, (VehicleSnapshot Snapshot, double? LossPercent)> _heard = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Assignment> _assignments = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ControlLease> _leases = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, Launch> _launches = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ImmutableArray<string>> _texts = new(StringComparer.Ordinal);

    /// <summary>What a vehicle is flown for, or null.</summary>
    public Assignment? AssignmentOf(string id) => _assignments.GetValueOrDefault(id);

    /// <summary>Who commands a vehicle, or null; a lapsed lease is nobody's.</summary>
    public ControlLease? LeaseOf(string id) => _leases.TryGetValue(id, out var lease) && lease.ExpiresAt > time.GetUtcNow() ? lease : null;

    /// <summary>Puts up the vehicles that are registered and have not been heard since the start.</summary>
    public void ShowRegistered()
    {
        foreach (var entry in registry.All)
            Show(entry.Id);
    }

    /// <summary>A vehicle's state changed.</summary>
    public void Show(string id, VehicleSnapshot snapshot, double? lossPercent)
    {
        _heard[id] = (snapshot, lossPercent);
        Show(id);
    }

    /// <summary>Another vehicle has the address at which this one was heard: its last state is not one that holds.</summary>
    public void Lose(string id)
    {
        _heard.TryRemove(id, out _);
        Show(id);
    }

    /// <summary>A vehicle is flown for something else, or for nothing.</summary>
    public void Assign(string id, Assignment? assignment)
    {
        if (assignment is null)
            _assignments.TryRemove(id, out _);
        else
            _assignments[id] = assignment;
        Show(id);
    }

    /// <summary>Somebody else commands a vehicle, or nobody.</summary>
    public void Lease(string id, ControlLease? lease)
    {
        if (lease is null)
            _leases.TryRemove(id, out _);
        else
            _leases[id] = lease;
        Show(id);
    }

    /// <summary>What a vehicle last showed, or null.</summary>
    public VehicleSnapshot? SnapshotOf(string id) => _heard.TryGetValue(id, out var heard) ? heard.Snapshot : null;

    /// <summary>The launch a vehicle was armed for, or null.</summary>
    public Launch? LaunchOf(string id) => _launches.GetValueOrDefault(id);

    /// <summary>Somebody launches a vehicle.</summary>
    public void Launch(string id, Launch launch)
    {
        _launches[id] = launch;
        Show(id);
    }

    /// <summary>A launch came to nothing. One that was ordered since stays.</summary>
    public void Forget(string id, Launch launch)
    {
        if (_launches.TryRemove(new(id, launch)))
            Show(id);
    }

    /// <summary>A flight begins: what was said before is over, and so is an older launch.</summary>
    public void Armed(string id, DateTimeOffset at)
    {
        _texts.TryRemove(id, out _);
        if (_launches.TryGetValue(id, out var launch) && !launch.Covers(at))
            Forget(id, launch);
    }

    /// <summary>The flight is over.</summary>
    public void Disarmed(string id)
    {
        if (_launches.TryRemove(id, out _))
            Show(id);
    }

    /// <summary>A vehicle said something that a person should read; kept until it arms again.</summary>
    public void Warn(string id, string text) =>
        _texts.AddOrUpdate(id, [text], (_, texts) => texts.Contains(text) ? texts : [.. texts.TakeLast(KeptTexts - 1), text]);

    /// <summary>What the registry knows of a vehicle changed.</summary>
    public void Refresh(string id) => Show(id);

    private void Show(string id)
    {
        if (registry.Find(id) is not { } entry)
            return;
        var (snapshot, loss) = _heard.TryGetValue(id, out var heard) ? heard : (new VehicleSnapshot { Key = entry.Key, At = time.GetUtcNow(), Readiness = Readiness.NotHeard }, null);
        board.Show(new FleetVehicle(id, entry.Name, snapshot, loss, entry.DockId, entry.GroundedFor is not null, AssignmentOf(id), LeaseOf(id))
        {
            Launch = LaunchOf(id),
            GroundedFor = entry.GroundedFor,
            Unit = entry.Unit,
            IsSigned = keys.IsSigned(snapshot.Key.Network),
            AlertTexts = _texts.GetValueOrDefault(id, []),
        });
    }
}
