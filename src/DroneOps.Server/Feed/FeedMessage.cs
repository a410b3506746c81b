using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace DroneOps.Server.Feed;

/// <summary>One message of the feed, encoded once for each protocol however many clients get it. Safe to share.</summary>
internal sealed class FeedMessage
{
    private readonly Lazy<SerializedHubMessage> _hub;
    private readonly Lazy<ReadOnlyMemory<byte>> _stream;

    /// <param name="name">The event's name.</param>
    /// <param name="bodies">What it carries: a list for <c>vehicles</c>, one body for the others.</param>
    /// <param name="isList">Whether it is sent as a list, even of one.</param>
    /// <param name="eventId">Its place in the log of events; null for what has none.</param>
    public FeedMessage(string name, IReadOnlyList<Encoded> bodies, bool isList, long? eventId = null)
    {
        (Name, Bodies) = (name, bodies);
        _stream = new(() => StreamForm.Of(name, bodies, isList, eventId));
        _hub = new(() => new(new InvocationMessage(name, [isList ? bodies : bodies[0]])));
    }

    /// <summary>vehicles, incident, sortie, alert, patrol or unit.</summary>
    public string Name { get; }

    /// <summary>What it carries.</summary>
    public IReadOnlyList<Encoded> Bodies { get; }

    /// <summary>As a message of the hub.</summary>
    public SerializedHubMessage Hub => _hub.Value;

    /// <summary>As server-sent event.</summary>
    public ReadOnlyMemory<byte> Stream => _stream.Value;

    /// <summary>Snapshots of vehicles.</summary>
    public static FeedMessage OfVehicles(List<Encoded> bodies) => new("vehicles", bodies, isList: true);
}
