using System.Net;
using System.Net.Sockets;

namespace DroneOps.Links.Transports;

internal static class HostAddress
{
    /// <summary>The address of a host, IPv4 first because drones' modems rarely have anything else.</summary>
    /// <exception cref="SocketException">The name has no address.</exception>
    public static async Task<IPAddress> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal))
            return literal;
        var found = await Dns.GetHostAddressesAsync(host, cancellationToken);
        return found.FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork)
            ?? found.FirstOrDefault() ?? throw new SocketException((int)SocketError.HostNotFound);
    }
}
