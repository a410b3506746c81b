using System.Net;
using System.Net.Sockets;

namespace DroneOps.Server.Tests.Harness;

/// <summary>Ports for servers and cameras that have to know theirs before they listen. They lie below those that the system hands to whoever connects (Linux begins at
/// 32,768), and none is given twice: between the choice and the listening nobody else takes it.</summary>
internal static class FreePorts
{
    private const int First = 20_000;
    private const int Count = 12_000;

    // Two test runs on one machine do not begin at the same place.
    private static int _taken = Environment.ProcessId * 37 % (Count / 2);

    /// <summary>A port that is free for TCP and UDP, and so is the next one, which RTP takes with it.</summary>
    /// <exception cref="InvalidOperationException">All are in use.</exception>
    public static int Take()
    {
        for (var tries = 0; tries < Count / 2; tries++)
        {
            var port = First + (Interlocked.Increment(ref _taken) * 2 % Count);
            if (IsFree(port) && IsFree(port + 1))
                return port;
        }

        throw new InvalidOperationException($"None of the ports from {First} to {First + Count} is free.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using Socket stream = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), datagrams = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            stream.Bind(new IPEndPoint(IPAddress.Loopback, port));
            datagrams.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
