using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DroneOps.Benchmarks.Feed;

/// <summary>Clients that all come in the same moment: each connects, subscribes, and leaves when it has the picture; one that is told to come again
/// later does. Bare sockets, so that ten thousand of them leave the machine to the server.</summary>
internal sealed class ReconnectFlood(Uri server, string token)
{
    private const double LongestPauseMs = 5000;

    private readonly byte[] _request = Encoding.ASCII.GetBytes(
        $"GET /feed HTTP/1.1\r\nHost: {server.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        + $"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer {token}\r\n\r\n");

    private readonly byte[] _words =
    [
        .. Frame("{\"protocol\":\"json\",\"version\":1}\u001e"),
        .. Frame("{\"type\":1,\"target\":\"Subscribe\",\"arguments\":[{\"rateHz\":1,\"changesOnly\":true}]}\u001e"),
    ];

    private long _back;
    private long _refused;
    private long _broken;

    /// <summary>Clients that have had the picture.</summary>
    public long Back => Interlocked.Read(ref _back);

    /// <summary>Answers that said: come again later.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Connections that were not made or ended without an answer.</summary>
    public long Broken => Interlocked.Read(ref _broken);

    /// <summary>Completes when all have had the picture.</summary>
    public Task RunAsync(int clients, CancellationToken cancellationToken) => Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(() => ComeAsync(cancellationToken), cancellationToken)));

    private static byte[] Frame(string text)
    {
        // Masked with zeros (RFC 6455, 5.3); shorter than 126 bytes.
        var bytes = Encoding.ASCII.GetBytes(text);
        return [0x81, (byte)(0x80 | bytes.Length), 0, 0, 0, 0, .. bytes];
    }

    private async Task ComeAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var pause = Math.Min(LongestPauseMs, 250 * Math.Pow(2, attempt)) * (0.5 + Random.Shared.NextDouble());
            try
            {
                if (await TryAsync(cancellationToken) is not { } later)
                    return;
                pause = later.TotalMilliseconds * (1 + Random.Shared.NextDouble());
                Interlocked.Increment(ref _refused);
            }
            catch (Exception broken) when (broken is SocketException or IOException)
            {
                Interlocked.Increment(ref _broken);
            }

            using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(pause), TimeProvider.System);
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <returns>Null when it had the picture, else when to come again.</returns>
    private async Task<TimeSpan?> TryAsync(CancellationToken cancellationToken)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, server.Port, cancellationToken);
        await socket.SendAsync(_request, cancellationToken);
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(8192);
        try
        {
            var held = await socket.ReceiveAsync(buffer.AsMemory(0, 2048), cancellationToken);
            var head = Encoding.ASCII.GetString(buffer, 0, held);
            if (head.StartsWith("HTTP/1.1 503", StringComparison.Ordinal))
                return TimeSpan.FromSeconds(After(head));
            if (!head.StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
                throw new IOException($"The feed does not open: {head.Split('\r')[0]}");
            await socket.SendAsync(_words, cancellationToken);
            var isPicture = false;
            for (var kept = 0; ;)
            {
                var count = await socket.ReceiveAsync(buffer.AsMemory(kept), cancellationToken);
                if (count == 0)
                    throw new IOException("The server closed the connection.");
                var seen = buffer.AsSpan(0, kept + count);
                if (!isPicture && seen.IndexOf("\"vehicles\""u8) is >= 0 and var at)
                {
                    isPicture = true;
                    seen = seen[at..];
                }

                // SignalR ends each message with this byte.
                if (isPicture && seen.IndexOf((byte)0x1e) >= 0)
                    break;
                // The word may be cut in two.
                var keep = Math.Min(16, kept + count);
                buffer.AsSpan(kept + count - keep, keep).CopyTo(buffer);
                kept = keep;
            }

            Interlocked.Increment(ref _back);
            return null;
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int After(string head)
    {
        const string name = "Retry-After: ";
        var at = head.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? 1 : int.Parse(head[(at + name.Length)..].Split('\r')[0], CultureInfo.InvariantCulture);
    }
}
