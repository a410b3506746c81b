using System.ComponentModel.DataAnnotations;

namespace DroneOps.Server.Cluster;

/// <summary>How the nodes find each other.</summary>
internal sealed class ClusterOptions
{
    /// <summary>The port other nodes talk to; 0 takes a free one (one node needs no fixed port).</summary>
    [Range(0, 65535)]
    public int SiloPort { get; set; }
}
