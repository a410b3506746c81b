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
        var speaking = _speaking.GetOrAdd(vehicle.Id, vehicle);
        if (!ReferenceEquals(speaking, vehicle))
        {
            if (speaking.Id == vehicle.Id && !vehicle.IsHeardAfter(speaking))
                return;
            _speaking[vehicle.Id] = vehicle;
        }

        _desk.Show(vehicle.Id, snapshot, Router.LossRatio(snapshot.Key.Network, snapshot.Key.SystemId) * 100);
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
            vehicle.Id = proven.Id;
        }
        catch (Exception error) when (Outage.Is(error))
        {
            // Who it is can wait for the store; what it is commanded cannot.
            vehicle.Unproven = new(hardwareId, _time.GetUtcNow() + ProveAgainAfter);
            LogNotProven(error, vehicle.Id);
        }
    }

    /// <summary>Proves what the store did not take. Beside the vehicle's loop: a store that is slow to refuse would hold up its commands.</summary>
    private void ProveAgain(GatewayVehicle vehicle, DateTimeOffset now)
    {
        if (vehicle.Unproven is not { } waiting || now < waiting.NotBefore || !vehicle.Proving.IsCompleted)
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

    /// <summary>A hardware id that the store did not take.</summary>
    private sealed record Unproven(string HardwareId, DateTimeOffset NotBefore);

    /// <summary>A vehicle on this node. Its id changes once at most, when its hardware id proves it to be another than its address said.</summary>
    private sealed class GatewayVehicle(string id)
    {
        public volatile string Id = id;
        public volatile Unproven? Unproven;

        public volatile VehicleSnapshot? Shown;

        public VehicleLoop Loop { get; set; } = null!;

        /// <summary>Whether this address is the one at which the vehicle is heard now, and no longer the other one.</summary>
        public bool IsHeardAfter(GatewayVehicle other) =>
            Shown is { Link: VehicleLinkState.Up } own && (other.Shown is not { Link: VehicleLinkState.Up } last || own.HeardAt - last.HeardAt > HeardLater);

        /// <summary>The proof that is tried again; a task that has ended where none is.</summary>
        public Task Proving { get; set; } = Task.CompletedTask;
    }
}
