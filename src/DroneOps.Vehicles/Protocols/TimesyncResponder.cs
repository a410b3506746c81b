using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles.Protocols;

/// <summary>Answers the vehicle's clock question (TIMESYNC with tc1 = 0): its ts1 back, our time in tc1. An ArduPilot asks every
/// 10 s and measures the round trip by it.</summary>
internal static class TimesyncResponder
{
    private const long NanosecondsPerTick = 100;

    public static bool TryAnswer(in Timesync question, byte systemId, byte componentId, MavlinkAddress self, DateTimeOffset at, out Timesync answer)
    {
        answer = default;
        var forUs = question.TargetSystem == 0
            || (question.TargetSystem == self.SystemId && (question.TargetComponent == 0 || question.TargetComponent == self.ComponentId));
        if (question.Tc1 != 0 || !forUs)
            return false;
        answer = new Timesync
        {
            Tc1 = (at - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick,
            Ts1 = question.Ts1,
            TargetSystem = systemId,
            TargetComponent = componentId,
        };
        return true;
    }
}
