using System.ComponentModel.DataAnnotations;

namespace DroneOps.Server.Storage;

/// <summary>Where the service keeps things.</summary>
internal sealed class StorageOptions : IValidatableObject
{
    /// <summary>The folder of everything that is a file: the embedded database, the audit log, logs, keys.</summary>
    [Required]
    public string DataFolder { get; set; } = "data";

    /// <summary>The database: the embedded one, or PostgreSQL with PostGIS.</summary>
    public StorageProvider Provider { get; set; } = StorageProvider.Sqlite;

    /// <summary>For PostgreSQL, Npgsql's connection string; for SQLite unused (the file is <c>droneops.db</c> in the data folder).</summary>
    public string? ConnectionString { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Provider == StorageProvider.Postgres && string.IsNullOrWhiteSpace(ConnectionString))
        {
            yield return new ValidationResult("DroneOps:Storage:ConnectionString is needed with Provider=Postgres.", [nameof(ConnectionString)]);
        }
    }
}

/// <summary>The stores the model maps to.</summary>
internal enum StorageProvider
{
    Sqlite,
    Postgres,
}
