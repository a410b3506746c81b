using System.Collections.Concurrent;
using DroneOps.Server.Storage;
using DroneOps.Vehicles;

namespace DroneOps.Server.Fleet;

/// <content>Who a vehicle is, by the hardware id it tells, and at which of its addresses it is heard: the same hardware may have come under another system
/// id or by another network, and each address has a loop of its own.</content>
internal sealed partial class Gateway
{
    private static readonly TimeSpan ProveAgainAfter = TimeSpan.FromSeconds(30);

    // Two that are heard at once take no turns: a heartbeat comes each second.
    private static readonly TimeSpan HeardLater = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, GatewayVehicle> _speaking = new(StringComparer.Ordinal);

    /// <summary>Puts up what the address shows at which the vehicle is heard; another one's last word is not the vehicle's state.</summary>
    private void Show(GatewayVehicle vehicle, VehicleSnapshot snapshot)
    {
        vehicle.Shown = snapshot;
        var id = vehicle.Id;
        var speaking = _speaking.GetOrAdd(id, vehicle);
        if (!ReferenceEquals(speaking, vehicle))
        {
            if (speaking.Id == id && !vehicle.IsHeardAfter(speaking))
                return;
            _speaking[id] = vehicle;
        }

        _desk.Show(id, snapshot, Router.LossRatio(snapshot.Key.Network, snapshot.Key.SystemId) * 100);

        // Proven meanwhile to be another: what was just put up is not this one's.
        if (vehicle.Id != id)
            _desk.Lose(id);
    }

    private async Task ProveAsync(GatewayVehicle vehicle, string hardwareId, CancellationToken cancellation)
    {
        vehicle.Unproven = null;
        if (_registry.Find(vehicle.Id) is not { } entry || entry.HardwareId == hardwareId)
            return;
        try
        {
            var proven = await _registry.ProveAsync(entry, hardwareId, cancellation);
            if (proven.Id == vehicle.Id)
                return;
            LogProven(vehicle.Id, proven.Id, proven.Name);
            await TakeForAsync(vehicle, entry, proven.Id, cancellation);
        }
        catch (Exception error) when (Outage.Is(error))
        {
            // Who it is can wait for the store; what it is commanded cannot.
            vehicle.Unproven = new(hardwareId, _time.GetUtcNow() + ProveAgainAfter);
            LogNotProven(error, vehicle.Id);
        }
    }

    /// <summary>From now on the address is another vehicle's. The one it was taken for is not heard any more, and must not stand there as if it were.</summary>
    /// <param name="before">Whom it was taken for. Without a hardware id that was an address only, and nobody misses it.</param>
    private async Task TakeForAsync(GatewayVehicle vehicle, VehicleRegistry.Entry before, string id, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        vehicle.Id = id;
        if (_speaking.TryRemove(new(before.Id, vehicle)))
        {
            _desk.Lose(before.Id);
            if (before.HardwareId is not null)
                await _events.PublishAsync(new FleetEvent.Observed(before.Id, new VehicleFact.LinkLost(now, now)), cancellation);
        }

        if (vehicle.Identity is { } identity)
            await _events.PublishAsync(new FleetEvent.Observed(id, new VehicleFact.Discovered(now, identity, vehicle.IsArmed)), cancellation);
    }

    /// <summary>What of a vehicle's facts counts for who it is.</summary>
    private static void Note(GatewayVehicle vehicle, VehicleFact fact)
    {
        (vehicle.Identity, vehicle.IsArmed) = fact switch
        {
            VehicleFact.Discovered discovered => (discovered.Identity, discovered.IsArmed),
            VehicleFact.Identified identified => (identified.Identity, vehicle.IsArmed),
            VehicleFact.IdentityResolved resolved => (resolved.Identity, vehicle.IsArmed),
            VehicleFact.Armed => (vehicle.Identity, true),
            VehicleFact.Disarmed => (vehicle.Identity, false),
            _ => (vehicle.Identity, vehicle.IsArmed),
        };
        vehicle.IsFlying = fact is VehicleFact.TookOff || (vehicle.IsFlying && fact is not (VehicleFact.Landed or VehicleFact.FoundOnGround or VehicleFact.Disarmed));
    }

    /// <summary>Proves what the store did not take, and other hardware that has come to an address. Beside the vehicle's loop: a store that is slow to refuse would hold up
    /// its commands. Not while it flies or is about to: until it is disarmed it stays who it was taken for, since its sortie would be torn in two.</summary>
    private void ProveAgain(GatewayVehicle vehicle, DateTimeOffset now)
    {
        if (vehicle.Unproven is not { } waiting || now < waiting.NotBefore || !vehicle.Proving.IsCompleted || vehicle.IsArmed || vehicle.IsFlying)
            return;
        _quiescence.Begin();
        vehicle.Proving = Task.Run(async () =>
        {
            try
            {
                await ProveAsync(vehicle, waiting.HardwareId, _stopping.Token);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LogNotProven(error, vehicle.Id);
            }
            catch (OperationCanceledException)
            {
                // Closing.
            }
            finally
            {
                _quiescence.End();
            }
        });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The vehicle taken for {Id} proved by its hardware id to be {Proven} ({Name})")]
    private partial void LogProven(string id, string proven, string name);

    [LoggerMessage(Level = LogLevel.Error, Message = "Whether it is the vehicle {Id} by its hardware id could not be entered now")]
    private partial void LogNotProven(Exception error, string id);

    /// <summary>A hardware id that waits to be proven.</summary>
    private sealed record Unproven(string HardwareId, DateTimeOffset NotBefore);

    /// <summary>A vehicle on this node. Its id changes when its hardware id proves it to be another than its address said, as when a spare takes the address over.</summary>
    private sealed class GatewayVehicle(string id)
    {
        public volatile string Id = id;
        public volatile Unproven? Unproven;

        public volatile VehicleSnapshot? Shown;

        public volatile VehicleIdentity? Identity;

        public volatile bool IsArmed;

        public volatile bool IsFlying;

        public VehicleLoop Loop { get; set; } = null!;

        /// <summary>Whether this address is the one at which the vehicle is heard now, and no longer the other one.</summary>
        public bool IsHeardAfter(GatewayVehicle other) =>
            Shown is { Link: VehicleLinkState.Up } own && (other.Shown is not { Link: VehicleLinkState.Up } last || own.HeardAt - last.HeardAt > HeardLater);

        /// <summary>The proof that is tried again; a task that has ended where none is.</summary>
        public Task Proving { get; set; } = Task.CompletedTask;
    }
}
