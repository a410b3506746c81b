using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace DroneOps.Benchmarks.Feed;

/// <summary>A client of the feed that comes back after a break as docs/api.md asks: later each time, by lot, with the last event it has seen. It
/// keeps the ids of the alerts it was told.</summary>
internal sealed class ReturningClient : IAsyncDisposable
{
    private const byte EndOfMessage = 0x1e; // SignalR's JSON protocol
    private const double FirstPauseMs = 250;
    private const double LongestPauseMs = 5000;

    private readonly Uri _feed;
    private readonly string _token;
    private readonly CancellationTokenSource _leaving = new();
    private readonly HashSet<string> _alerts = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly Task _running;
    private long? _lastEventId;
    private long _backAt;

    public ReturningClient(Uri server, string token)
    {
        _feed = new UriBuilder(server) { Scheme = "ws", Path = "/feed" }.Uri;
        _token = token;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Whether it has had something since it (last) connected.</summary>
    public bool IsBack => Volatile.Read(ref _backAt) != 0;

    /// <summary>Timestamp of the first message since it (last) connected.</summary>
    public long BackAt => Volatile.Read(ref _backAt);

    /// <summary>Whether it was told all of these alerts.</summary>
    public bool Has(IEnumerable<string> alerts)
    {
        lock (_gate)
            return alerts.All(_alerts.Contains);
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _running;
        _leaving.Dispose();
    }

    private async Task RunAsync()
    {
        for (var attempt = 0; !_leaving.IsCancellationRequested; attempt++)
        {
            try
            {
                await ListenAsync();
            }
            catch (Exception broken) when (broken is WebSocketException or IOException or OperationCanceledException)
            {
                if (IsBack)
                    attempt = 0;
            }

            Volatile.Write(ref _backAt, 0);
            var pause = Math.Min(LongestPauseMs, FirstPauseMs * Math.Pow(2, attempt)) * (0.5 + Random.Shared.NextDouble());
            using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(pause), TimeProvider.System);
            try
            {
                await timer.WaitForNextTickAsync(_leaving.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ListenAsync()
    {
        using ClientWebSocket socket = new();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {_token}");
        await socket.ConnectAsync(_feed, _leaving.Token);
        await SayAsync(socket, """{"protocol":"json","version":1}""");
        var last = _lastEventId is { } id ? FormattableString.Invariant($",\"lastEventId\":{id}") : "";
        await SayAsync(socket, $$"""{"type":1,"target":"Subscribe","arguments":[{"rateHz":10,"changesOnly":true{{last}}}]}""");
        var buffer = new byte[512 * 1024];
        var held = 0;
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(held), _leaving.Token);
            if (received.MessageType == WebSocketMessageType.Close)
                return;
            var end = held + received.Count;
            var begin = 0;
            for (int length; (length = buffer.AsSpan(begin, end - begin).IndexOf(EndOfMessage)) >= 0; begin += length + 1)
                Take(buffer.AsSpan(begin, length));
            buffer.AsSpan(begin, end - begin).CopyTo(buffer);
            held = end - begin;
            if (held == buffer.Length)
                Array.Resize(ref buffer, 2 * buffer.Length);
        }
    }

    private void Take(ReadOnlySpan<byte> message)
    {
        if (message.StartsWith("""{"type":1,"target":"vehicles"""u8) && !IsBack)
            Volatile.Write(ref _backAt, TimeProvider.System.GetTimestamp());
        else if (message.StartsWith("""{"type":1,"target":"alert"""u8))
        {
            var body = JsonElement.Parse(message).GetProperty("arguments")[0];
            _lastEventId = body.GetProperty("eventId").GetInt64();
            lock (_gate)
                _alerts.Add(body.GetProperty("item").GetProperty("id").GetString()!);
        }
    }

    private Task SayAsync(ClientWebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message + (char)EndOfMessage), WebSocketMessageType.Text, endOfMessage: true, _leaving.Token);
}
