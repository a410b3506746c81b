using System.Net;
using System.Net.Sockets;

namespace DroneOps.Server.Video;

/// <summary>A port that a camera sends MPEG-TS to, in plain datagrams or in RTP. One sender is listened to: the one that the address names, else
/// the first that sends a transport stream, until it has been silent for a while. Two drones on one port would make one picture of both.</summary>
internal sealed class UdpInput(SourceAddress address, TimeSpan senderHeld, TimeProvider time) : StreamInput
{
    // A key picture comes as a burst of a hundred datagrams; Linux gives what net.core.rmem_max allows.
    private const int ReceiveBuffer = 4 * 1024 * 1024;
    private const int LargestDatagram = 64 * 1024;

    private readonly byte[]? _from = address.From?.MapToIPv6().GetAddressBytes();
    private Socket? _socket;
    private volatile bool _isDisposed;
    private SocketAddress? _sender;
    private long _heardAt;

    /// <summary>The port that it listens on; 0 before it does.</summary>
    public int LocalPort => (_socket?.LocalEndPoint as IPEndPoint)?.Port ?? 0;

    public override Task ReadAsync(StreamIntake intake, CancellationToken cancellation)
    {
        _socket = Bind();
        return OnThread($"video {address.Port}", () => Receive(_socket, intake));
    }

    public override ValueTask DisposeAsync()
    {
        _isDisposed = true;
        _socket?.Dispose();
        return ValueTask.CompletedTask;
    }

    private Socket Bind()
    {
        var local = IPAddress.Parse(address.Host);
        var isMulticast = local.AddressFamily == AddressFamily.InterNetwork && local.GetAddressBytes()[0] is >= 224 and < 240;
        Socket? socket = null;
        try
        {
            socket = new(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.ReceiveBufferSize = ReceiveBuffer;
            if (isMulticast)
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(local, address.Port));
            if (isMulticast)
                socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(local));
            return socket;
        }
        catch (SocketException taken)
        {
            socket?.Dispose();
            throw new IOException($"{address} cannot be listened on: {taken.Message}", taken);
        }
    }

    private void Receive(Socket socket, StreamIntake intake)
    {
        var buffer = new byte[LargestDatagram];
        var from = new SocketAddress(socket.AddressFamily);
        try
        {
            while (!_isDisposed)
            {
                int count;
                try
                {
                    count = socket.ReceiveFrom(buffer, SocketFlags.None, from);
                }
                catch (SocketException error) when (!_isDisposed && error.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionRefused or SocketError.MessageSize)
                {
                    continue;
                }

                var payload = TransportDatagram.Payload(buffer.AsSpan(0, count));
                if (Admits(from, payload, intake.Figures))
                    intake.Take(payload);
            }
        }
        catch (Exception closed) when (_isDisposed && closed is SocketException or ObjectDisposedException)
        {
            // That is how it ends.
        }
        catch (SocketException broken)
        {
            throw new IOException($"{address} broke: {broken.Message}", broken);
        }
    }

    private bool Admits(SocketAddress from, ReadOnlySpan<byte> payload, StreamFigures figures)
    {
        var now = time.GetTimestamp();
        if (_sender is not null && _sender.Equals(from))
        {
            _heardAt = now;
            return true;
        }

        if (!IsNamed(from) || (_sender is not null && time.GetElapsedTime(_heardAt, now) < senderHeld))
        {
            figures.AddStranger();
            return false;
        }

        // Whoever sends rubbish first must not lock the camera out.
        if (!TransportDatagram.IsTransportStream(payload))
        {
            figures.AddGarbage(1);
            return false;
        }

        _sender = new SocketAddress(from.Family, from.Size);
        from.Buffer.Span[..from.Size].CopyTo(_sender.Buffer.Span);
        _heardAt = now;
        return true;
    }

    private bool IsNamed(SocketAddress from) =>
        _from is null || ((IPEndPoint)new IPEndPoint(from.Family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0).Create(from)).Address.MapToIPv6().GetAddressBytes().AsSpan().SequenceEqual(_from);
}
