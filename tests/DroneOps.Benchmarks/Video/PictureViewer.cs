using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DroneOps.Benchmarks.Video;

/// <summary>Somebody who watches a stream and costs the machine next to nothing: a socket, the WebSocket handshake, and a look at the header of each
/// picture, which has its number (docs/api.md).</summary>
internal sealed class PictureViewer : IAsyncDisposable
{
    private const int Header = 32;
    private const int Picture = 2; // a binary message
    private const int Ping = 9;
    private const int LongestPing = 16;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource _leaving = new();
    private readonly byte[] _head = new byte[10 + Header];
    private Task _reading = Task.CompletedTask;
    private int _held; // of the frame's header and the picture's
    private long _rest; // of the frame
    private long _expected = -1;
    private long _pictures;
    private long _missed;

    private PictureViewer()
    {
    }

    /// <summary>Pictures that came.</summary>
    public long Pictures => Interlocked.Read(ref _pictures);

    /// <summary>Pictures that were left out for it, by the holes in their numbers.</summary>
    public long Missed => Interlocked.Read(ref _missed);

    /// <summary>Why it stopped reading before it was told to; null while all is well.</summary>
    public Exception? Broken { get; private set; }

    public static async Task<PictureViewer> StartAsync(Uri server, string token, string stream, CancellationToken cancellationToken)
    {
        PictureViewer viewer = new();
        await viewer._socket.ConnectAsync(IPAddress.Loopback, server.Port, cancellationToken);
        var request = $"GET /api/v1/video/streams/{stream}/live?format=pictures HTTP/1.1\r\nHost: {server.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer {token}\r\n\r\n";
        await viewer._socket.SendAsync(Encoding.ASCII.GetBytes(request), cancellationToken);
        StringBuilder head = new();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await viewer._socket.ReceiveAsync(one, cancellationToken) == 1)
            head.Append((char)one[0]);
        if (!head.ToString().StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
            throw new InvalidOperationException($"{stream} does not open: {head}");
        viewer._reading = Task.Run(viewer.ReadAsync, CancellationToken.None);
        return viewer;
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        _socket.Dispose();
        await _reading;
        _leaving.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[256 * 1024];
        try
        {
            while (true)
            {
                var count = await _socket.ReceiveAsync(buffer, _leaving.Token);
                if (count == 0)
                    throw new IOException("The server closed the connection.");
                Take(buffer.AsSpan(0, count));
            }
        }
        catch (Exception end)
        {
            Broken = _leaving.IsCancellationRequested ? null : end;
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_rest > 0 && _held == 0)
            {
                var passed = (int)Math.Min(_rest, bytes.Length);
                _rest -= passed;
                bytes = bytes[passed..];
                continue;
            }

            _head[_held++] = bytes[0];
            bytes = bytes[1..];
            if (_held < 2)
                continue;

            // RFC 6455, 5.2: what a server sends is not masked.
            var (opcode, length) = (_head[0] & 0x0f, _head[1] & 0x7f);
            var header = length switch { 126 => 4, 127 => 10, _ => 2 };
            if (_held < header)
                continue;
            var payload = length switch { 126 => BinaryPrimitives.ReadUInt16BigEndian(_head.AsSpan(2)), 127 => (long)BinaryPrimitives.ReadUInt64BigEndian(_head.AsSpan(2)), _ => length };
            var isPicture = opcode == Picture && payload > Header;
            var isPing = opcode == Ping && payload <= LongestPing;
            if (_held < header + (isPicture ? Header : isPing ? (int)payload : 0))
                continue;
            if (isPicture)
                Count(BinaryPrimitives.ReadUInt32LittleEndian(_head.AsSpan(header + 4)));
            else if (isPing)
                Answer(_head.AsSpan(header, (int)payload));
            _rest = payload - (_held - header);
            _held = 0;
        }
    }

    // Who does not answer is gone, for the server. What a client sends is masked; with a mask of zeros it stays as it is.
    private void Answer(ReadOnlySpan<byte> ping) => _socket.Send([0x8A, (byte)(0x80 | ping.Length), 0, 0, 0, 0, .. ping]);

    private void Count(uint number)
    {
        if (_expected >= 0)
            Interlocked.Add(ref _missed, number - _expected);
        _expected = number + 1L;
        Interlocked.Increment(ref _pictures);
    }
}
