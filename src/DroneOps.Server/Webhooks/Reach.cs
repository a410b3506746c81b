using System.Net;
using System.Net.Sockets;

namespace DroneOps.Server.Webhooks;

/// <summary>Which addresses may be called: those of the public Internet, and the networks that the options name. Judged on the resolved address,
/// and that address is the one connected to, so a name that changes its mind between the look and the call changes nothing.</summary>
internal sealed class Reach(IEnumerable<IPNetwork> allowed)
{
    // IANA's special-purpose registries (RFC 6890 and later): this host, private, shared, loopback, link-local with the clouds' metadata,
    // documentation, benchmarks, multicast, reserved; of IPv6 all but global unicast, and of that the parts that embed or document.
    private static readonly IPNetwork[] SpecialV4 = [.. new[]
    {
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    }.Select(IPNetwork.Parse)];

    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] SpecialV6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    private readonly IPNetwork[] _allowed = [.. allowed];

    /// <summary>Whether an address may be called.</summary>
    public bool Permits(IPAddress address)
    {
        // ::ffff:10.0.0.1 is 10.0.0.1 by another name.
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _allowed.Any(network => network.Contains(plain)) || IsPublic(plain);
    }

    private static bool IsPublic(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork
        ? !SpecialV4.Any(network => network.Contains(address))
        : GlobalV6.Contains(address) && !SpecialV6.Any(network => network.Contains(address));
}

/// <summary>A name leads to an address that must not be called.</summary>
internal sealed class ForbiddenAddressException(string host, IPAddress address)
    : IOException($"{host} resolves to {address}, which is not of the public Internet and not in DroneOps:Webhooks:AllowedNetworks.");
