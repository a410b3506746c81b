using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Telemetry;

/// <summary>The points in the database. Writing goes by each store's fastest way, past the change tracker.</summary>
internal abstract class PointStore(IDbContextFactory<FleetDb> databases)
{
    protected const string Columns =
        "vehicle, at, lon_e7, lat_e7, altitude_amsl_mm, altitude_above_home_mm, heading_cdeg, ground_speed_cms, climb_cms, battery_percent, link_loss_permille, armed, in_air, mode";

    protected IDbContextFactory<FleetDb> Databases => databases;

    /// <summary>Writes the points of a batch. Of one that fails a part may be there; points that are there already stay as they are, so it is written again
    /// as a whole.</summary>
    public async Task WriteAsync(TelemetryPoint[] batch, CancellationToken cancellation)
    {
        // In the order of the key neighbours meet the same page of the tree: half the work of the order of arrival.
        var ordered = (TelemetryPoint[])batch.Clone();
        Array.Sort(ordered, static (one, other) => one.Vehicle != other.Vehicle ? one.Vehicle.CompareTo(other.Vehicle) : one.At.CompareTo(other.At));
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Database.OpenConnectionAsync(cancellation);
        try
        {
            await WriteOrderedAsync(db, ordered, cancellation);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    /// <summary>The points of a vehicle in a time, oldest first.</summary>
    /// <param name="vehicle">The fleet's own number.</param>
    /// <param name="from">The first moment.</param>
    /// <param name="to">The first moment after it.</param>
    /// <param name="every">How far apart they are at least; zero for every point. The work is that of the answer, not of the time.</param>
    /// <param name="most">How many at most.</param>
    public async Task<List<TelemetryPoint>> ReadAsync(int vehicle, DateTimeOffset from, DateTimeOffset to, TimeSpan every, int most, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var points = db.Set<TelemetryPoint>();
        var found = every > TimeSpan.Zero
            ? points.FromSql(Thinned(vehicle, from, to, every, most))
            : points.Where(point => point.Vehicle == vehicle && point.At >= from && point.At < to).OrderBy(point => point.At).Take(most);
        return await found.AsNoTracking().ToListAsync(cancellation);
    }

    protected abstract Task WriteOrderedAsync(FleetDb db, TelemetryPoint[] ordered, CancellationToken cancellation);

    /// <summary>Steps through the key: from each point to the first one that is far enough away.</summary>
    protected abstract FormattableString Thinned(int vehicle, DateTimeOffset from, DateTimeOffset to, TimeSpan every, int most);
}
