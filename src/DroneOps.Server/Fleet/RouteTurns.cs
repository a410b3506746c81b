using System.Collections.Concurrent;
using DroneOps.Server.Cluster;

namespace DroneOps.Server.Fleet;

/// <summary>Lets one route at a time be given to a vehicle. A more urgent order may come while another is on its way: without a turn it would write its
/// route beneath the other's start and be refused as the start's double, and the vehicle would fly it for nobody.</summary>
/// <remarks>Who waits takes no new order late: what he sends is judged and dated when his turn comes, and the turn before him ends with its vehicle's answers or their deadlines.</remarks>
internal sealed class RouteTurns(Quiescence quiescence)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new(StringComparer.Ordinal);

    /// <summary>Waits for the vehicle's turn; disposing it ends it.</summary>
    public async Task<Turn> TakeAsync(string vehicleId)
    {
        var gate = _gates.GetOrAdd(vehicleId, static _ => new SemaphoreSlim(1, 1));
        var taking = gate.WaitAsync();
        if (taking.IsCompleted)
            return new Turn(gate);

        // The one before waits for the vehicle, and so does this one.
        quiescence.BeginAnswer();
        try
        {
            await taking;
        }
        finally
        {
            quiescence.EndAnswer();
        }

        return new Turn(gate);
    }

    /// <summary>The turn of one order.</summary>
    internal readonly struct Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
