namespace DroneOps.Server.Audit;

/// <summary>What is about to be done: appended, and on the disk, before it is done.</summary>
/// <param name="Actor">Who: <c>user:NAME</c>, <c>token:NAME</c>, <c>system</c> (see <c>Actors</c>).</param>
/// <param name="Action">What, as <c>noun.verbed</c>: <c>session.opened</c>, <c>vehicle.commanded</c>, <c>zone.changed</c>.</param>
/// <param name="Subject">On what, as <c>kind/id</c>: <c>vehicle/3</c>, <c>account/pilot</c>.</param>
/// <param name="Details">Anything JSON can say, or null; never secrets, and of persons only what the entry is for.</param>
internal sealed record AuditEntry(string Actor, string Action, string Subject, object? Details);
