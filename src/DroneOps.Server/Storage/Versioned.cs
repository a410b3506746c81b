namespace DroneOps.Server.Storage;

/// <summary>A row that counts its changes. The number is the ETag and the optimistic lock: saving a row that someone
/// else has saved meanwhile throws <see cref="Microsoft.EntityFrameworkCore.DbUpdateConcurrencyException"/>.</summary>
internal abstract class Versioned
{
    /// <summary>1 for a new row; <see cref="FleetDb"/> counts, nobody else.</summary>
    public long Version { get; internal set; }
}
