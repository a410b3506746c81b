using System.ComponentModel.DataAnnotations;
using System.Net;

namespace DroneOps.Server.Video.Rtsp;

/// <summary>Live pictures for walls and players that speak RTSP.</summary>
internal sealed class RtspOptions : IValidatableObject
{
    /// <summary>The TCP port; 0 is none.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; }

    /// <summary>The address of this machine; <c>0.0.0.0</c> is every one.</summary>
    public string Address { get; set; } = "0.0.0.0";

    /// <summary>The even UDP port from which pictures are sent to who wants datagrams, the next one for reports; 0 takes any two.</summary>
    [Range(0, 65_534)]
    public int UdpPort { get; set; }

    /// <summary>Connections at a time.</summary>
    [Range(1, 10_000)]
    public int MostConnections { get; set; } = 100;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IPAddress.TryParse(Address, out _))
            yield return new($"DroneOps:Rtsp:Address '{Address}' is no address.");
        if (UdpPort % 2 != 0)
            yield return new("DroneOps:Rtsp:UdpPort is even; the reports take the next one.");
    }
}
