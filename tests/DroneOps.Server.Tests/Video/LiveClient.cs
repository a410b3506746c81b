using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text.Json;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Video;

/// <summary>What came by the WebSocket: a text, or a picture.</summary>
internal sealed record LiveMessage(JsonElement? Text, byte[] Bytes)
{
    public string? Type => Text?.GetProperty("type").GetString();

    public string? State => Type == "state" ? Text?.GetProperty("state").GetString() : null;

    public bool IsPicture => Text is null;

    public bool IsKey => (Bytes[1] & 1) != 0;

    public uint Number => BinaryPrimitives.ReadUInt32LittleEndian(Bytes.AsSpan(4));

    public long PtsUs => BinaryPrimitives.ReadInt64LittleEndian(Bytes.AsSpan(8));

    public long ReceivedUs => BinaryPrimitives.ReadInt64LittleEndian(Bytes.AsSpan(24));

    public byte[] Units => Bytes[32..];
}

/// <summary>One who watches by the WebSocket, as the console does.</summary>
internal sealed class LiveClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ClientWebSocket _socket;
    private readonly CancellationTokenSource _limit = new(Patience, TimeProvider.System);
    private byte[] _buffer = new byte[1 << 20];

    private LiveClient(ClientWebSocket socket) => _socket = socket;

    public bool IsOpen => _socket.State == WebSocketState.Open;

    public static async Task<LiveClient> OpenAsync(TestServer server, string token, string stream, string query = "")
    {
        ClientWebSocket socket = new();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        await socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = $"/api/v1/video/streams/{stream}/live", Query = query }.Uri, TestContext.Current.CancellationToken);
        return new(socket);
    }

    /// <summary>The next message; null when the server has closed.</summary>
    public async Task<LiveMessage?> NextAsync()
    {
        var length = 0;
        ValueWebSocketReceiveResult part;
        do
        {
            if (length == _buffer.Length)
                Array.Resize(ref _buffer, 2 * length);
            try
            {
                part = await _socket.ReceiveAsync(_buffer.AsMemory(length), _limit.Token);
            }
            catch (WebSocketException)
            {
                return null;
            }

            length += part.Count;
        }
        while (!part.EndOfMessage);
        return part.MessageType switch
        {
            WebSocketMessageType.Close => null,
            WebSocketMessageType.Text => new(JsonElement.Parse(_buffer.AsSpan(0, length)), []),
            _ => new(null, _buffer[..length]),
        };
    }

    /// <summary>Reads until a message is the wanted one.</summary>
    public async Task<LiveMessage> UntilAsync(Func<LiveMessage, bool> isWanted)
    {
        while (true)
        {
            var next = await NextAsync();
            Assert.True(next is not null, "The server has closed.");
            if (isWanted(next))
                return next;
        }
    }

    public Task<LiveMessage> PictureAsync() => UntilAsync(message => message.IsPicture);

    /// <summary>Reads until the server closes: one who does not read does not answer its pings either.</summary>
    public async Task DrainAsync()
    {
        while (await NextAsync() is not null)
        {
        }
    }

    public Task CloseAsync() => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, _limit.Token);

    public void Dispose()
    {
        _socket.Dispose();
        _limit.Dispose();
    }
}
