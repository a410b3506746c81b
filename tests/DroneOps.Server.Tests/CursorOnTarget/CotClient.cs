using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Xml.Linq;

namespace DroneOps.Server.Tests.CursorOnTarget;

/// <summary>A TAK client as the server sees one: a socket, perhaps with TLS, from which events are read.</summary>
internal sealed class CotClient : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly StringBuilder _text = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    private CotClient(Socket socket, Stream stream) => (_socket, _stream) = (socket, stream);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Where the server sees it.</summary>
    public string Address => _socket.LocalEndPoint!.ToString()!;

    public static async Task<CotClient> ConnectAsync(IPEndPoint to, SslClientAuthenticationOptions? tls = null, int? receiveBuffer = null)
    {
        Socket socket = new(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (receiveBuffer is { } size)
            socket.ReceiveBufferSize = size;
        await socket.ConnectAsync(to, Cancellation);
        return await OpenAsync(socket, tls is null ? null : stream => stream.AuthenticateAsClientAsync(tls, Cancellation));
    }

    /// <summary>Takes what connects to a port, as a TAK server does.</summary>
    public static async Task<CotClient> AcceptAsync(TcpListener port, SslServerAuthenticationOptions? tls = null) =>
        await OpenAsync(await port.AcceptSocketAsync(Cancellation), tls is null ? null : stream => stream.AuthenticateAsServerAsync(tls, Cancellation));

    public Task SendAsync(string text) => _stream.WriteAsync(Encoding.UTF8.GetBytes(text), Cancellation).AsTask();

    /// <summary>The next event; each is held to the base schema.</summary>
    /// <returns>Null at the end of the stream.</returns>
    public async Task<XElement?> NextAsync()
    {
        var bytes = new byte[16384];
        var letters = new char[16384];
        while (true)
        {
            var text = _text.ToString();
            if (text.IndexOf("</event>", StringComparison.Ordinal) is >= 0 and var end)
            {
                _text.Remove(0, end + "</event>".Length);
                return CotSamples.Valid(Encoding.UTF8.GetBytes(text[..(end + "</event>".Length)]));
            }

            if (await _stream.ReadAsync(bytes, Cancellation) is not (> 0 and var count))
                return null;
            _text.Append(letters, 0, _decoder.GetChars(bytes, 0, count, letters, 0));
        }
    }

    /// <summary>The next event of a type; the others are passed over.</summary>
    public async Task<XElement> NextAsync(string type)
    {
        while (await NextAsync() is { } next)
        {
            if (next.Of("type") == type)
                return next;
        }

        throw new EndOfStreamException($"The stream has ended without {type}.");
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _socket.Dispose();
    }

    private static async Task<CotClient> OpenAsync(Socket socket, Func<SslStream, Task>? shakeHands)
    {
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (shakeHands is not null)
        {
            SslStream secured = new(stream);
            await shakeHands(secured);
            stream = secured;
        }

        return new(socket, stream);
    }
}
