using System.Collections.Concurrent;
using DroneOps.Vehicles;

namespace DroneOps.Server.Patrols;

/// <content>A drone that is not heard any more does not hold up its patrol for good. It is given up when it cannot be in the air any longer, because
/// another may be sent on its route then.</content>
internal sealed partial class PatrolRunner
{
    // Nobody knows where these lie or why: when they are heard again the rota leaves them alone until somebody has taken control.
    private readonly ConcurrentDictionary<string, byte> _givenUp = new(StringComparer.Ordinal);

    private async Task GiveUpSilentAsync()
    {
        var minutes = options.Value.SilentMinutes;
        var now = time.GetUtcNow();
        foreach (var (vehicleId, flight) in _flights.Where(entry => entry.Value.Owed is null))
        {
            var vehicle = board.Find(vehicleId);
            if (vehicle?.Snapshot.Link == VehicleLinkState.Up || now - HeardAt(vehicle?.Snapshot, flight) < TimeSpan.FromMinutes(minutes))
                continue;
            _givenUp[vehicleId] = 0;
            LogGivenUp(vehicleId, flight.OccurrenceId);
            await EndAsync(vehicleId, flight, OccurrenceState.Interrupted, $"{vehicle?.Name ?? vehicleId} was not heard for {minutes} minutes.");
        }
    }

    private static DateTimeOffset HeardAt(VehicleSnapshot? snapshot, Flight flight) => snapshot?.HeardAt is { } heard && heard > flight.Since ? heard : flight.Since;

    [LoggerMessage(LogLevel.Warning, "Nothing was heard of vehicle {VehicleId} for too long: its patrol {Occurrence} is given up")]
    private partial void LogGivenUp(string vehicleId, string occurrence);
}
