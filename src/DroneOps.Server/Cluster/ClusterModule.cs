using System.Net;
using System.Net.Sockets;
using Orleans.Configuration;

namespace DroneOps.Server.Cluster;

/// <summary>Orleans, inside this process: the address book and the lock, not the data bus. Grains carry decisions and
/// snapshots, never frames; their state is rebuilt from the database, so nothing is stored by Orleans.</summary>
internal static class ClusterModule
{
    public static void AddCluster(this WebApplicationBuilder builder)
    {
        var options = builder.AddArea<ClusterOptions>("Cluster");
        builder.Host.UseOrleans(silo =>
        {
            var port = options.SiloPort == 0 ? FreePort() : options.SiloPort;
            silo.UseLocalhostClustering(siloPort: port, gatewayPort: 0, primarySiloEndpoint: new IPEndPoint(IPAddress.Loopback, port), serviceId: "droneops", clusterId: "droneops");

            // The client is co-hosted: a gateway would only be a second open port.
            silo.Configure<EndpointOptions>(endpoints => endpoints.GatewayPort = 0);
        });
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
