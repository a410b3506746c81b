using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Fleet;

/// <summary>The one owner in the cluster of a vehicle's lease and assignment; the key is the fleet's id.</summary>
internal interface IVehicleGrain : IGrainWithStringKey
{
    /// <summary>Takes or renews the lease; null while somebody else holds it.</summary>
    Task<ControlLease?> TakeControl(string actor);

    /// <summary>Gives the lease up; false when the actor did not hold it.</summary>
    Task<bool> ReleaseControl(string actor);

    /// <summary>Offers the lease; null when the actor does not hold it.</summary>
    Task<ControlLease?> OfferControl(string actor, string to);

    /// <summary>Accepts an offer; null when there is none.</summary>
    Task<ControlLease?> AcceptControl(string actor);

    /// <summary>Gives the vehicle to a task, from a less important one if need be.</summary>
    Task<TakeResult> Take(Assignment assignment);

    /// <summary>Gives the vehicle back; false when that task did not have it.</summary>
    /// <param name="mayGoOn">Whether it may go on with what it left for the task.</param>
    Task<bool> Release(string assignmentId, bool mayGoOn);
}

/// <summary>Thin: the rules are in <see cref="ControlDesk"/> and <see cref="AssignmentDesk"/>.</summary>
internal sealed class VehicleGrain(
    IDbContextFactory<FleetDb> databases, VehicleDesk desk, VehicleBoard board, FleetEvents events, AuditLog audit, TimeProvider time, IOptions<FleetOptions> options)
    : Grain, IVehicleGrain
{
    private TimeSpan LeaseLength => TimeSpan.FromMinutes(options.Value.ControlLeaseMinutes);

    private string Id => this.GetPrimaryKeyString();

    public async Task<ControlLease?> TakeControl(string actor) =>
        await LeaseAsync(actor, "vehicle.controlTaken", ControlDesk.Take(desk.LeaseOf(Id), actor, time.GetUtcNow(), LeaseLength));

    public async Task<ControlLease?> AcceptControl(string actor) =>
        await LeaseAsync(actor, "vehicle.controlAccepted", ControlDesk.Accept(desk.LeaseOf(Id), actor, time.GetUtcNow(), LeaseLength));

    public async Task<ControlLease?> OfferControl(string actor, string to) =>
        await LeaseAsync(actor, "vehicle.controlOffered", ControlDesk.Offer(desk.LeaseOf(Id), actor, to, time.GetUtcNow()));

    public async Task<bool> ReleaseControl(string actor)
    {
        if (desk.LeaseOf(Id)?.Holder != actor)
            return false;
        await audit.AppendAsync(new AuditEntry(actor, "vehicle.controlReleased", $"vehicle/{Id}", null), CancellationToken.None);
        desk.Lease(Id, null);
        await events.PublishAsync(new FleetEvent.ControlChanged(Id, time.GetUtcNow(), null), CancellationToken.None);
        return true;
    }

    public async Task<TakeResult> Take(Assignment assignment)
    {
        var present = desk.AssignmentOf(Id);
        var result = AssignmentDesk.Take(board.Find(Id), present, assignment);
        if (result is not TakeResult.Taken)
            return result;
        await audit.AppendAsync(new AuditEntry(assignment.Holder, "vehicle.assigned", $"vehicle/{Id}", new { assignment.Kind, assignment.Id, assignment.Purpose, From = present?.Id }), CancellationToken.None);
        await using (var db = await databases.CreateDbContextAsync())
        {
            await db.Set<AssignmentRecord>().Where(row => row.VehicleId == Id).ExecuteDeleteAsync();
            db.Add(new AssignmentRecord { VehicleId = Id, Assignment = assignment, TakenAt = time.GetUtcNow() });
            await db.SaveChangesAsync();
        }

        desk.Assign(Id, assignment);
        if (present is not null)
            await events.PublishAsync(new FleetEvent.AssignmentLost(Id, time.GetUtcNow(), present, assignment), CancellationToken.None);
        await events.PublishAsync(new FleetEvent.AssignmentTaken(Id, time.GetUtcNow(), assignment), CancellationToken.None);
        return result;
    }

    public async Task<bool> Release(string assignmentId, bool mayGoOn)
    {
        if (desk.AssignmentOf(Id) is not { } present || present.Id != assignmentId)
            return false;
        await audit.AppendAsync(new AuditEntry(Actors.System, "vehicle.released", $"vehicle/{Id}", new { present.Kind, present.Id }), CancellationToken.None);
        await using (var db = await databases.CreateDbContextAsync())
            await db.Set<AssignmentRecord>().Where(row => row.VehicleId == Id).ExecuteDeleteAsync();
        desk.Assign(Id, null);
        await events.PublishAsync(new FleetEvent.AssignmentReleased(Id, time.GetUtcNow(), present, mayGoOn), CancellationToken.None);
        return true;
    }

    private async Task<ControlLease?> LeaseAsync(string actor, string action, ControlLease? lease)
    {
        if (lease is null)
            return null;
        await audit.AppendAsync(new AuditEntry(actor, action, $"vehicle/{Id}", new { lease.Holder, lease.OfferedTo }), CancellationToken.None);
        var before = desk.LeaseOf(Id)?.Holder;
        desk.Lease(Id, lease);
        if (before != lease.Holder)
            await events.PublishAsync(new FleetEvent.ControlChanged(Id, time.GetUtcNow(), lease.Holder), CancellationToken.None);
        return lease;
    }
}
