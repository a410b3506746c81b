using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Feed;

/// <summary>One server-sent event.</summary>
internal sealed record SentEvent(string Name, string? Id, string Data)
{
    public JsonElement Json => JsonElement.Parse(Data);
}

/// <summary>Reads server-sent events as the HTML standard says, from a real answer.</summary>
internal sealed class EventReader : IDisposable
{
    private readonly HttpClient _client;
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _lines;

    private EventReader(HttpClient client, HttpResponseMessage answer, StreamReader lines) => (_client, _answer, _lines) = (client, answer, lines);

    /// <summary>Comments that came by.</summary>
    public int Comments { get; private set; }

    /// <summary>The id to resume after.</summary>
    public string? LastId { get; private set; }

    /// <summary>Opens a stream with a token.</summary>
    /// <param name="receiveBytes">How much the kernel may take in for it; null is as it likes.</param>
    public static async Task<EventReader> OpenAsync(TestServer server, string token, string query = "", string? lastId = null, int? receiveBytes = null)
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                if (receiveBytes is { } bytes)
                    socket.ReceiveBufferSize = bytes;
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return await OpenAsync(client, query, lastId);
    }

    /// <summary>Opens a stream as somebody who is signed in; the reader owns the client from now on.</summary>
    public static async Task<EventReader> OpenAsync(HttpClient client, string query = "", string? lastId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/feed/events" + query);
        if (lastId is not null)
            request.Headers.Add("Last-Event-ID", lastId);
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return new(client, answer, new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken))) { LastId = lastId };
    }

    /// <summary>The next event; null at the end of the stream.</summary>
    public async Task<SentEvent?> ReadAsync()
    {
        string name = "message", data = "";
        while (await LineAsync() is { } line)
        {
            if (line.Length == 0 && data.Length > 0)
                return new(name, LastId, data);
            if (line.Length == 0)
                continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var value = line[(colon + 1)..].TrimStart(' ');
            switch (line[..colon])
            {
                case "event":
                    name = value;
                    break;
                case "data":
                    data += value;
                    break;
                case "id":
                    LastId = value;
                    break;
                case "":
                    Comments++;
                    break;
            }
        }

        return null;
    }

    /// <summary>Reads until an event is the wanted one.</summary>
    public async Task<SentEvent> UntilAsync(Func<SentEvent, bool> isWanted)
    {
        while (true)
        {
            var next = await ReadAsync();
            Assert.NotNull(next);
            if (isWanted(next))
                return next;
        }
    }

    /// <summary>Reads until the stream ends.</summary>
    public async Task EndAsync()
    {
        while (await ReadAsync() is not null)
        {
        }
    }

    /// <summary>Reads until a comment comes.</summary>
    public async Task CommentAsync()
    {
        while (await LineAsync() is { } line)
        {
            if (line.StartsWith(':'))
                return;
        }

        Assert.Fail("The stream has ended.");
    }

    public void Dispose()
    {
        _lines.Dispose();
        _answer.Dispose();
        _client.Dispose();
    }

    private async Task<string?> LineAsync()
    {
        try
        {
            return await _lines.ReadLineAsync(TestContext.Current.CancellationToken);
        }
        catch (Exception end) when (end is IOException or HttpIOException)
        {
            return null;
        }
    }
}
