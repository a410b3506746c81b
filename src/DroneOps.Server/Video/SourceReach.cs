using System.Net;
using System.Net.Sockets;

namespace DroneOps.Server.Video;

/// <summary>Which addresses pictures may be fetched from. Cameras lie in private networks, so those are open; this machine, the link and what
/// clouds keep at fixed addresses are not, unless the options name them. Judged on the resolved address, which is the one connected to.</summary>
internal sealed class SourceReach(IEnumerable<IPNetwork> allowed)
{
    // This host, loopback, link-local (with the metadata of the clouds), multicast, reserved and broadcast (RFC 6890); the metadata address that
    // lies in shared address space.
    private static readonly IPNetwork[] ClosedV4 = [.. new[] { "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "100.100.100.200/32", "224.0.0.0/4", "240.0.0.0/4" }.Select(IPNetwork.Parse)];
    private static readonly IPNetwork[] ClosedV6 = [.. new[] { "::/127", "fe80::/10", "ff00::/8", "fd00:ec2::/32" }.Select(IPNetwork.Parse)];

    private readonly IPNetwork[] _allowed = [.. allowed];

    public bool Permits(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _allowed.Any(network => network.Contains(plain))
            || !(plain.AddressFamily == AddressFamily.InterNetwork ? ClosedV4 : ClosedV6).Any(network => network.Contains(plain));
    }

    /// <summary>The address of a host, judged.</summary>
    /// <exception cref="IOException">It has none, or one that must not be fetched from.</exception>
    public async Task<IPAddress> ResolveAsync(string host, CancellationToken cancellation)
    {
        IPAddress[] found;
        try
        {
            found = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellation);
        }
        catch (SocketException unknown)
        {
            throw new IOException($"{host} has no address: {unknown.Message}", unknown);
        }

        return Array.Find(found, Permits)
            ?? throw new IOException($"{host} is {string.Join(", ", found.Select(address => address.ToString()))}, which is of this machine, of the link or of the cloud's own and not in DroneOps:Video:AllowedNetworks.");
    }
}
