using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Patrols;

/// <summary>Keeps routes: audited before, written with the version that they make.</summary>
internal sealed class RouteBook(IDbContextFactory<FleetDb> databases, AuditLog audit, TimeProvider time)
{
    /// <summary>One route, or null.</summary>
    public async Task<RouteRecord?> FindAsync(string id, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<RouteRecord>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellation);
    }

    /// <summary>Adds a route; the caller has seen that its check found no error.</summary>
    public async Task<RouteRecord> AddAsync(string? id, string name, CheckedRoute planned, string actor, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var now = time.GetUtcNow();
        var row = new RouteRecord
        {
            Id = id ?? Guid.CreateVersion7(now).ToString(),
            Name = name,
            Body = RouteBody.Of(planned.Route),
            Line = RouteBody.Line(planned.Route, planned.Home),
            LengthM = planned.LengthM,
            DurationS = planned.DurationS,
            EnergyPercent = planned.EnergyPercent,
            UpdatedAt = now,
            UpdatedBy = actor,
        };
        db.Add(row);
        await SaveAsync(db, row, 1, "route.created", cancellation);
        return row;
    }

    /// <summary>Makes the next version of a route that <paramref name="db"/> tracks.</summary>
    public async Task ReplaceAsync(FleetDb db, RouteRecord row, string name, CheckedRoute planned, string actor, CancellationToken cancellation)
    {
        row.Name = name;
        row.Body = RouteBody.Of(planned.Route);
        row.Line = RouteBody.Line(planned.Route, planned.Home);
        (row.LengthM, row.DurationS, row.EnergyPercent) = (planned.LengthM, planned.DurationS, planned.EnergyPercent);
        (row.UpdatedAt, row.UpdatedBy) = (time.GetUtcNow(), actor);
        await SaveAsync(db, row, row.Version + 1, "route.changed", cancellation);
    }

    private async Task SaveAsync(FleetDb db, RouteRecord row, long number, string action, CancellationToken cancellation)
    {
        await audit.AppendAsync(new AuditEntry(row.UpdatedBy, action, $"route/{row.Id}", new { row.Name, version = number, row.LengthM, legs = row.Body.Legs!.Count }), cancellation);
        db.Add(new RouteVersionRecord { RouteId = row.Id, Number = number, Name = row.Name, Body = row.Body, CreatedAt = row.UpdatedAt, CreatedBy = row.UpdatedBy });
        await db.SaveChangesAsync(cancellation);
    }
}
