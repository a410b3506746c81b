using DroneOps.Mavlink;
using DroneOps.Vehicles.Protocols;

namespace DroneOps.Vehicles;

/// <summary>Messages that wait for the vehicle's owner to send them. It is bounded and refuses when full; each protocol knows what a
/// refusal means for it.</summary>
internal sealed class Outbox(VehicleOptions options)
{
    private readonly Queue<Outgoing> _messages = new(32);

    public bool TryAdd<T>(in T message)
        where T : unmanaged, IMavlinkMessage<T> => TryAdd(message, notAfter: null, sendId: 0, byAllWays: false);

    private bool TryAdd<T>(in T message, DateTimeOffset? notAfter, int sendId, bool byAllWays)
        where T : unmanaged, IMavlinkMessage<T>
    {
        if (options.ListenOnly || _messages.Count >= options.OutboxCapacity)
            return false;
        _messages.Enqueue(new(OutgoingMessage.From(message), notAfter, sendId, byAllWays));
        return true;
    }

    /// <summary>Adds the step that a command has come to; a copy of one sent before counts up (COMMAND_LONG.confirmation).</summary>
    public bool TryAdd(RunningCommand running, Conversation talk)
    {
        if (running.Step.Int is { } message)
        {
            message.TargetSystem = talk.Key.SystemId;
            message.TargetComponent = talk.Component;
            return TryAdd(message, running.Deadline, running.SendId, running.IsRepeatedStop);
        }

        var command = running.Step.Long;
        command.TargetSystem = talk.Key.SystemId;
        command.TargetComponent = talk.Component;
        command.Confirmation = (byte)(running.Tries - 1);
        return TryAdd(command, running.Deadline, running.SendId, running.IsRepeatedStop);
    }

    public bool TryTake(out Outgoing outgoing) => _messages.TryDequeue(out outgoing);
}
