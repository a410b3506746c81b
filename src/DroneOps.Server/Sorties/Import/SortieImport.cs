using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Sorties.Import;

/// <summary>A file that flights were taken from: what a sortie that this service did not record rests on.</summary>
internal sealed class SortieImport
{
    public required Guid Id { get; init; }

    /// <summary>What it was called where it came from.</summary>
    public required string FileName { get; init; }

    /// <summary>Of all its bytes, lower-case hex. The file is kept under this name.</summary>
    public required string Sha256 { get; init; }

    public required FlightFormat Format { get; init; }

    public required string Actor { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Where the file is kept, below the data folder.</summary>
    public string StoredAs => StoredName(Sha256, Format);

    /// <summary>The folder of the files below the data folder.</summary>
    public static string Folder => "imports";

    public static string StoredName(string sha256, FlightFormat format) => $"{sha256}.{format.ToString().ToLowerInvariant()}";

    internal sealed class Table : IEntityTypeConfiguration<SortieImport>
    {
        public void Configure(EntityTypeBuilder<SortieImport> builder)
        {
            builder.ToTable("sortie_imports");
            builder.HasIndex(import => import.Sha256);
            builder.Ignore(import => import.StoredAs);
            builder.Property(import => import.Format).HasConversion<string>();
        }
    }
}
