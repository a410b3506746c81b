using DroneOps.Server.Storage;

namespace DroneOps.Server.Airspace;

/// <summary>A drawn thing of the city: one row for every kind, because all kinds are listed, drawn, checked and audited
/// alike. What differs is in <see cref="Properties"/>, typed by <see cref="FeatureKind"/>.</summary>
internal sealed class Feature : Located
{
    /// <summary>The kind's name in the API, such as <c>zones</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Stable and unique within its kind: lower-case words joined by hyphens.</summary>
    public required string Id { get; init; }

    /// <summary>The GeoJSON properties as JSON text, checked by the kind.</summary>
    public required string Properties { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }

    /// <summary>Who changed it last, as the audit log writes it.</summary>
    public required string ChangedBy { get; set; }
}

/// <summary>A library file that has been read into the database, so that what people delete stays deleted.</summary>
internal sealed class LibraryImport
{
    /// <summary>The kind's name.</summary>
    public required string Kind { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>SHA-256 of the file, hex.</summary>
    public required string Sha256 { get; init; }
}
