using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MessagePack;

namespace DroneOps.Benchmarks.Feed;

/// <summary>A client of the feed that costs the machine next to nothing, so that hundreds of them leave it to the server: a socket, the
/// WebSocket and SignalR handshakes, and a look at a few of the snapshots that come by. It subscribes as the console does: to changes only.</summary>
internal sealed class PlainClient : IAsyncDisposable
{
    private const int BufferLength = 64 * 1024;
    private const int LooksOncePer = 16; // reads
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(5);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource _leaving = new();
    private readonly bool _messagePack;
    private readonly int? _bytesPerSecond;
    private readonly StampBook _stamps;
    private readonly FeedScores? _scores;
    private readonly int[] _position;
    private readonly byte[] _height;
    private readonly ITimer _pings;
    private Task _reading = Task.CompletedTask;

    private PlainClient(bool messagePack, int? bytesPerSecond, StampBook stamps, FeedScores? scores)
    {
        _messagePack = messagePack;
        _bytesPerSecond = bytesPerSecond;
        _stamps = stamps;
        _scores = scores;
        _position = new int[stamps.Vehicles];
        _height = messagePack ? [0xA0 | 18, .. "altitudeAboveHomeM"u8] : [.. "\"altitudeAboveHomeM\":"u8];
        _pings = TimeProvider.System.CreateTimer(_ => Ping(), null, PingEvery, PingEvery);
        if (bytesPerSecond is not null)
            _socket.ReceiveBufferSize = 4096;
    }

    /// <summary>Why it stopped reading before it was told to; null while all is well.</summary>
    public Exception? Broken { get; private set; }

    /// <summary>Connects and subscribes to everything.</summary>
    /// <param name="bytesPerSecond">How fast it reads; null is as fast as it can.</param>
    /// <param name="scores">Where it puts what it sees; null looks at nothing.</param>
    public static async Task<PlainClient> StartAsync(
        Uri server, string token, bool messagePack, double rateHz, int? bytesPerSecond, StampBook stamps, FeedScores? scores, CancellationToken cancellationToken)
    {
        PlainClient client = new(messagePack, bytesPerSecond, stamps, scores);
        await client._socket.ConnectAsync(IPAddress.Loopback, server.Port, cancellationToken);
        await client.UpgradeAsync(server, token, cancellationToken);
        await client.SayAsync(text: true, Encoding.ASCII.GetBytes($"{{\"protocol\":\"{(messagePack ? "messagepack" : "json")}\",\"version\":1}}\u001e"), cancellationToken);
        await client.SayAsync(text: !messagePack, client.Subscription(rateHz), cancellationToken);
        client._reading = Task.Run(client.ReadAsync, CancellationToken.None);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _pings.DisposeAsync();
        _socket.Dispose();
        await _reading;
        _leaving.Dispose();
    }

    private async Task UpgradeAsync(Uri server, string token, CancellationToken cancellationToken)
    {
        var request = $"GET /feed HTTP/1.1\r\nHost: {server.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + $"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer {token}\r\n\r\n";
        await _socket.SendAsync(Encoding.ASCII.GetBytes(request), cancellationToken);
        // The answer's head is read byte by byte: what follows belongs to the hub.
        StringBuilder head = new();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await _socket.ReceiveAsync(one, cancellationToken) == 1)
            head.Append((char)one[0]);
        if (!head.ToString().StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
            throw new InvalidOperationException($"The feed does not open: {head}");
    }

    private byte[] Subscription(double rateHz)
    {
        if (!_messagePack)
            return Encoding.ASCII.GetBytes(FormattableString.Invariant($"{{\"type\":1,\"target\":\"Subscribe\",\"arguments\":[{{\"bounds\":null,\"vehicles\":null,\"rateHz\":{rateHz},\"changesOnly\":true}}]}}\u001e"));
        System.Buffers.ArrayBufferWriter<byte> body = new();
        MessagePackWriter writer = new(body);
        // Invocation: type, headers, invocation id, target, arguments, streams (SignalR's hub protocol, "MessagePack encoding").
        writer.WriteArrayHeader(6);
        writer.Write(1);
        writer.WriteMapHeader(0);
        writer.WriteNil();
        writer.Write("Subscribe");
        writer.WriteArrayHeader(1);
        writer.WriteMapHeader(2);
        writer.Write("rateHz");
        writer.Write(rateHz);
        writer.Write("changesOnly");
        writer.Write(true);
        writer.WriteArrayHeader(0);
        writer.Flush();
        return [(byte)body.WrittenCount, .. body.WrittenSpan]; // shorter than 128 bytes, so one byte of length
    }

    private async void Ping()
    {
        try
        {
            await SayAsync(!_messagePack, _messagePack ? [2, 0x91, 0x06] : "{\"type\":6}\u001e"u8.ToArray(), _leaving.Token);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The reader sees it, too.
        }
    }

    private async Task SayAsync(bool text, byte[] message, CancellationToken cancellationToken)
    {
        // One final frame, masked with zeros as a client must mask (RFC 6455, 5.3).
        const byte masked = 0x80;
        byte[] frame = message.Length < 126
            ? [text ? (byte)0x81 : (byte)0x82, (byte)(masked | message.Length), 0, 0, 0, 0, .. message]
            : [text ? (byte)0x81 : (byte)0x82, masked | 126, (byte)(message.Length >> 8), (byte)message.Length, 0, 0, 0, 0, .. message];
        await _socket.SendAsync(frame, cancellationToken);
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[_bytesPerSecond is null ? BufferLength : 1024];
        try
        {
            for (var reads = 0; ; reads++)
            {
                var count = await _socket.ReceiveAsync(buffer, _leaving.Token);
                if (count == 0)
                    throw new IOException("The server closed the connection.");
                _scores?.Now.AddBytes(count);
                if (_bytesPerSecond is { } rate)
                {
                    using var pace = new PeriodicTimer(TimeSpan.FromSeconds(count / (double)rate), TimeProvider.System);
                    await pace.WaitForNextTickAsync(_leaving.Token);
                }
                else if (reads % LooksOncePer == 0)
                    Look(buffer.AsSpan(0, count));
            }
        }
        catch (Exception end)
        {
            Broken = _leaving.IsCancellationRequested ? null : end;
        }
    }

    /// <summary>Heights that lie whole in this piece; a frame's header may cut one in two, which then is not seen.</summary>
    private void Look(ReadOnlySpan<byte> bytes)
    {
        var score = _scores!.Now;
        while (bytes.IndexOf(_height) is var at and >= 0)
        {
            bytes = bytes[(at + _height.Length)..];
            if (!TryReadNumber(bytes, out var metres))
                continue;
            var number = (int)Math.Round(metres * 1000);
            var sender = _stamps.VehicleOf(number);
            if (sender < 0 || _position[sender] == number)
                continue;
            _position[sender] = number;
            score.Position.Add(_stamps.AgeOfPosition(number));
        }
    }

    private bool TryReadNumber(ReadOnlySpan<byte> bytes, out double value)
    {
        if (!_messagePack)
        {
            // A number cut by the end of the piece would be read short: it must be followed by something.
            return Utf8Parser.TryParse(bytes, out value, out var used) && used < bytes.Length;
        }

        value = 0;
        switch (bytes)
        {
            case [0xCB, ..] when bytes.Length > 8:
                value = BinaryPrimitives.ReadDoubleBigEndian(bytes[1..]);
                return true;
            case [<= 0x7F, ..]:
                value = bytes[0];
                return true;
            default:
                return false;
        }
    }
}
