using DroneOps.Mavlink;

namespace DroneOps.Vehicles;

/// <summary>Messages that wait for the vehicle's owner to send them. It is bounded and refuses when full; each protocol knows what a
/// refusal means for it.</summary>
internal sealed class Outbox(VehicleOptions options)
{
    private readonly Queue<Outgoing> _messages = new(32);

    public bool TryAdd<T>(in T message)
        where T : unmanaged, IMavlinkMessage<T> => TryAdd(message, notAfter: null, sendId: 0);

    public bool TryAdd<T>(in T message, DateTimeOffset? notAfter, int sendId)
        where T : unmanaged, IMavlinkMessage<T>
    {
        if (options.ListenOnly || _messages.Count >= options.OutboxCapacity)
            return false;
        _messages.Enqueue(new(OutgoingMessage.From(message), notAfter, sendId));
        return true;
    }

    public bool TryTake(out Outgoing outgoing) => _messages.TryDequeue(out outgoing);
}
