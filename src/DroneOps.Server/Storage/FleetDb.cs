using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace DroneOps.Server.Storage;

/// <summary>The database of the service: one model, two stores. It knows no slice: it finds their
/// <see cref="IEntityTypeConfiguration{TEntity}"/>s (<c>XTables.cs</c>) by scan. Read with <c>db.Set&lt;T&gt;()</c>.</summary>
/// <remarks>There is no repository on top: the context is one already. Conventions: snake_case names; times are UTC
/// with microseconds on both stores; geometry is WGS-84 (<see cref="Located"/>); <see cref="Versioned"/> rows carry
/// the number behind their ETag.</remarks>
internal abstract class FleetDb : DbContext
{
    /// <summary>SRID of every stored geometry: WGS-84, longitude first.</summary>
    public const int Wgs84 = 4326;

    protected FleetDb(DbContextOptions options)
        : base(options)
    {
    }

    /// <summary>Whether the store itself can finish a spatial predicate.</summary>
    public abstract bool HasSpatialSql { get; }

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        CountVersions();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        CountVersions();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(FleetDb).Assembly);
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            if (typeof(Versioned).IsAssignableFrom(entity.ClrType))
            {
                modelBuilder.Entity(entity.ClrType).Property(nameof(Versioned.Version)).IsConcurrencyToken();
            }

            if (typeof(Located).IsAssignableFrom(entity.ClrType))
            {
                modelBuilder.Entity(entity.ClrType).Property(nameof(Located.Shape)).Metadata.SetValueComparer(new Columns.SameCorners());
                IndexLocated(modelBuilder, entity.ClrType);
            }
        }
    }

    /// <summary>Adds what the store needs to find located rows quickly.</summary>
    protected abstract void IndexLocated(ModelBuilder modelBuilder, Type entity);

    private void CountVersions()
    {
        foreach (EntityEntry<Versioned> row in ChangeTracker.Entries<Versioned>())
        {
            if (row.State is EntityState.Added or EntityState.Modified)
            {
                row.Entity.Version++;
            }
        }
    }
}
