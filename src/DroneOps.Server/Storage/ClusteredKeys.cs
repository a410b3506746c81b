using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Storage;

/// <summary>Tables that lie in the order of their key, for rows that are many, small and read in that order.</summary>
internal static class ClusteredKeys
{
    /// <summary>Marks the entities whose table is clustered.</summary>
    public const string Annotation = "DroneOps:ClusteredKey";

    /// <summary>Keeps the rows in the key's own tree on SQLite (<c>WITHOUT ROWID</c>), instead of in a second one beside it. PostgreSQL has
    /// no such table; there the key is an index like any other.</summary>
    public static EntityTypeBuilder<T> HasClusteredKey<T>(this EntityTypeBuilder<T> builder)
        where T : class => builder.HasAnnotation(Annotation, true);
}
