using System.Collections.ObjectModel;

namespace DroneOps.Server.Audit;

/// <summary>The tamper-evident log.</summary>
internal sealed class AuditOptions
{
    /// <summary>Who cosigns the log's checkpoints.</summary>
    public Collection<WitnessOptions> Witnesses { get; } = [];
}

/// <summary>A process of another authority that signs what has only grown.</summary>
internal sealed class WitnessOptions
{
    /// <summary>Its name on the notes.</summary>
    public string Name { get; init; } = "";

    /// <summary>The file of its public key, PEM (ECDSA P-256).</summary>
    public string PublicKeyFile { get; init; } = "";
}
