using System.Net;
using System.Net.Sockets;

namespace DroneOps.Simulator;

/// <summary>One vehicle's own UDP port. As the real vehicle's connected socket does, it hears only the address it sends to, and a
/// restart takes it to a new port. The socket is not connected in fact, because a connected one turns an absent listener into errors.</summary>
internal sealed class CopterPort : IDisposable
{
    private const int BufferBytes = 1 << 18;

    private readonly SocketAddress _ground;
    private readonly SocketAddress _from;
    private readonly AddressFamily _family;
    private Socket _socket;

    public CopterPort(IPEndPoint ground)
    {
        _ground = ground.Serialize();
        _from = new SocketAddress(ground.AddressFamily);
        _family = ground.AddressFamily;
        _socket = Open();
    }

    public int LocalPort => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Datagrams the network stack refused.</summary>
    public long Refused { get; private set; }

    public void Send(ReadOnlySpan<byte> datagram)
    {
        try
        {
            _ = _socket.SendTo(datagram, SocketFlags.None, _ground);
        }
        catch (SocketException)
        {
            Refused++;
        }
    }

    /// <summary>Takes what waits in the socket. Asking costs less than a pending receive per vehicle, and the vehicle looks at its
    /// port once a loop anyway.</summary>
    public void Receive(Span<byte> buffer, SimulatedCopter copter)
    {
        while (_socket.Available > 0)
        {
            int length;
            try
            {
                length = _socket.ReceiveFrom(buffer, SocketFlags.None, _from);
            }
            catch (SocketException)
            {
                Refused++;
                return;
            }

            if (_from.Equals(_ground))
                copter.OnDatagram(buffer[..length]);
        }
    }

    /// <summary>The vehicle restarted.</summary>
    public void Reopen()
    {
        // Opened before the old one closes, so that the system cannot hand out the same port again.
        var next = Open();
        _socket.Dispose();
        _socket = next;
    }

    public void Dispose() => _socket.Dispose();

    private Socket Open()
    {
        var socket = new Socket(_family, SocketType.Dgram, ProtocolType.Udp)
        {
            SendBufferSize = BufferBytes,
            ReceiveBufferSize = BufferBytes,
            Blocking = false,
        };
        socket.Bind(new IPEndPoint(_family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0));
        return socket;
    }
}
