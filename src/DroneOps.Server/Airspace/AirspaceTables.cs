using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Airspace;

/// <summary>The tables of drawn things.</summary>
internal static class AirspaceTables
{
    private sealed class Features : IEntityTypeConfiguration<Feature>
    {
        public void Configure(EntityTypeBuilder<Feature> builder)
        {
            builder.ToTable("features");
            builder.HasKey(feature => new { feature.Kind, feature.Id });
        }
    }

    private sealed class Imports : IEntityTypeConfiguration<LibraryImport>
    {
        public void Configure(EntityTypeBuilder<LibraryImport> builder)
        {
            builder.ToTable("library_imports");
            builder.HasKey(import => import.Kind);
        }
    }
}
