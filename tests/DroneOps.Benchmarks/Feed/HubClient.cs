using MessagePack;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Benchmarks.Feed;

/// <summary>A client of the feed made of Microsoft's own SignalR client, in either protocol: what a program of a customer would be. Looks
/// at every snapshot it is called with.</summary>
internal sealed class HubClient : IAsyncDisposable
{
    private readonly HubConnection _hub;
    private readonly StampBook _stamps;
    private readonly FeedScores _scores;
    private readonly int[] _position;
    private readonly Dictionary<string, string?> _modes = new(StringComparer.Ordinal);

    private HubClient(HubConnection hub, StampBook stamps, FeedScores scores)
    {
        _hub = hub;
        _stamps = stamps;
        _scores = scores;
        _position = new int[stamps.Vehicles];
        Array.Fill(_position, -1);
        _hub.On<SeenVehicle[]>("vehicles", See);
        _hub.Closed += end =>
        {
            Broken ??= end ?? new IOException("The server closed the connection.");
            return Task.CompletedTask;
        };
    }

    /// <summary>Connects and subscribes to everything.</summary>
    public static async Task<HubClient> StartAsync(Uri server, string token, bool messagePack, double rateHz, StampBook stamps, FeedScores scores, CancellationToken cancellationToken)
    {
        var builder = new HubConnectionBuilder().WithUrl(new Uri(server, "/feed"), http =>
        {
            http.Transports = HttpTransportType.WebSockets;
            http.Headers["Authorization"] = $"Bearer {token}";
        });
        HubClient client = new((messagePack ? builder.AddMessagePackProtocol() : builder).Build(), stamps, scores);
        await client._hub.StartAsync(cancellationToken);
        await client._hub.InvokeAsync("Subscribe", new Dictionary<string, object?> { ["bounds"] = null, ["vehicles"] = null, ["rateHz"] = rateHz }, cancellationToken);
        return client;
    }

    /// <summary>Why its connection ended; null while all is well.</summary>
    public Exception? Broken { get; private set; }

    /// <summary>Vehicles whose position it has seen.</summary>
    public int Vehicles => _position.Count(number => number >= 0);

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    private void See(SeenVehicle[] batch)
    {
        var score = _scores.Now;
        score.AddSnapshots(batch.Length);
        foreach (var vehicle in batch)
        {
            if (vehicle.Position is { } position)
            {
                var number = (int)Math.Round(position.AltitudeAboveHomeM * 1000);
                var sender = _stamps.VehicleOf(number);
                if (sender >= 0 && _position[sender] != number)
                {
                    _position[sender] = number;
                    score.Position.Add(_stamps.AgeOfPosition(number));
                }

                if (_modes.TryGetValue(vehicle.Id, out var mode) && mode != vehicle.Mode)
                    score.Mode.Add(_stamps.AgeOfMode(sender));
            }

            _modes[vehicle.Id] = vehicle.Mode;
        }
    }
}

/// <summary>As much of a snapshot as the measurement needs.</summary>
[MessagePackObject]
public sealed class SeenVehicle
{
    [Key("id")]
    public string Id { get; set; } = "";

    [Key("mode")]
    public string? Mode { get; set; }

    [Key("position")]
    public SeenPosition? Position { get; set; }
}

/// <summary>As much of a position as the measurement needs.</summary>
[MessagePackObject]
public sealed class SeenPosition
{
    [Key("altitudeAboveHomeM")]
    public double AltitudeAboveHomeM { get; set; }
}
