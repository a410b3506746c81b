using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Fleet;

/// <summary>Takes vehicles for tasks and gives them back; the decision is made by the vehicle's grain.</summary>
internal sealed class Assignments(IGrainFactory grains, IDbContextFactory<FleetDb> databases, VehicleRegistry registry, VehicleDesk desk)
{
    /// <summary>Wants a vehicle for a task.</summary>
    public async Task<TakeResult> TakeAsync(string vehicleId, Assignment assignment, CancellationToken cancellation) =>
        registry.Find(vehicleId) is null
            ? new TakeResult.NotFit("There is no such vehicle.")
            : await grains.GetGrain<IVehicleGrain>(vehicleId).Take(assignment).WaitAsync(cancellation);

    /// <summary>Gives a vehicle back.</summary>
    /// <returns>False when that task did not have it.</returns>
    public Task<bool> ReleaseAsync(string vehicleId, string assignmentId, CancellationToken cancellation) => ReleaseAsync(vehicleId, assignmentId, mayGoOn: false, cancellation);

    /// <summary>Gives a vehicle back.</summary>
    /// <param name="mayGoOn">Whether it may go on with what it left for the task.</param>
    /// <returns>False when that task did not have it.</returns>
    public async Task<bool> ReleaseAsync(string vehicleId, string assignmentId, bool mayGoOn, CancellationToken cancellation) =>
        registry.Find(vehicleId) is not null && await grains.GetGrain<IVehicleGrain>(vehicleId).Release(assignmentId, mayGoOn).WaitAsync(cancellation);

    /// <summary>Puts up what the last run of the service had assigned.</summary>
    public async Task RestoreAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        foreach (var row in await db.Set<AssignmentRecord>().AsNoTracking().ToListAsync(cancellation))
            desk.Assign(row.VehicleId, row.Assignment);
    }
}
