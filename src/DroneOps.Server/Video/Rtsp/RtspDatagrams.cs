using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace DroneOps.Server.Video.Rtsp;

/// <summary>The two UDP ports from which all viewers get their datagrams, pictures from the first and reports from the second. What viewers report is
/// taken as a sign of life and not looked at.</summary>
/// <remarks>Owner: <see cref="RtspListening"/>.</remarks>
internal sealed class RtspDatagrams : IDisposable
{
    private const int Attempts = 50;
    private const int SendBuffer = 4 * 1024 * 1024;

    private readonly Socket _pictures;
    private readonly Socket _reports;
    private readonly ConcurrentDictionary<IPEndPoint, Action> _viewers = new();

    /// <param name="port">The even port, or 0 for any two.</param>
    /// <exception cref="SocketException">They are taken.</exception>
    public RtspDatagrams(IPAddress address, int port)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (first, second) = (Make(address), Make(address));
            try
            {
                first.Bind(new IPEndPoint(address, port));
                Port = ((IPEndPoint)first.LocalEndPoint!).Port;
                if (Port % 2 != 0)
                    throw new SocketException((int)SocketError.AddressNotAvailable);
                second.Bind(new IPEndPoint(address, Port + 1));
                (_pictures, _reports) = (first, second);
                return;
            }
            catch (SocketException)
            {
                first.Dispose();
                second.Dispose();
                if (port != 0 || attempt == Attempts)
                    throw;
            }
        }
    }

    /// <summary>The port of pictures; the next one is that of reports.</summary>
    public int Port { get; }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> packet, SocketAddress viewer, CancellationToken cancellation) => await _pictures.SendToAsync(packet, SocketFlags.None, viewer, cancellation);

    public async ValueTask ReportAsync(ReadOnlyMemory<byte> packet, SocketAddress viewer, CancellationToken cancellation) => await _reports.SendToAsync(packet, SocketFlags.None, viewer, cancellation);

    /// <summary>Tells of each report that comes from a viewer, until the scope is disposed of.</summary>
    public IDisposable Hear(IPEndPoint viewer, Action heard)
    {
        _viewers[viewer] = heard;
        return new Hearing(this, viewer);
    }

    /// <summary>Takes in reports until it is cancelled.</summary>
    public async Task ReceiveAsync(CancellationToken cancellation)
    {
        var buffer = new byte[2048];
        EndPoint any = new IPEndPoint(_reports.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var received = await _reports.ReceiveFromAsync(buffer, SocketFlags.None, any, cancellation);
                if (_viewers.TryGetValue((IPEndPoint)received.RemoteEndPoint, out var heard))
                    heard();
            }
            catch (SocketException)
            {
                // A datagram too long to be a report.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    public void Dispose()
    {
        _pictures.Dispose();
        _reports.Dispose();
    }

    private static Socket Make(IPAddress address)
    {
        Socket socket = new(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { SendBufferSize = SendBuffer };
        if (address.Equals(IPAddress.IPv6Any))
            socket.DualMode = true;
        return socket;
    }

    private sealed class Hearing(RtspDatagrams datagrams, IPEndPoint viewer) : IDisposable
    {
        public void Dispose() => datagrams._viewers.TryRemove(viewer, out _);
    }
}
