using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles.Protocols;

namespace DroneOps.Vehicles;

/// <content>Status texts and what only they tell.</content>
public sealed partial class Vehicle
{
    private readonly StatusTextAssembler _texts = new();

    private void TakeTexts()
    {
        while (_texts.TryTake(out var text))
        {
            Tell(new VehicleFact.TextReceived(text.At, text.Severity, text.Text, text.ComponentId));
            if (text.ComponentId != _talk.Component)
                continue;
            _talk.Remember(text.At, text.Severity, text.Text);
            Interpret(text);
        }
    }

    private void Interpret(AssembledText text)
    {
        if (Says(text, "motor test"))
            _motorTestAt = text.At;
        if (Says(text, "fence breach cleared") && State.Fence is { Value.IsBreached: true } fence)
        {
            // FENCE_STATUS may have stopped by now, being sent only while the fence is in force.
            State.Fence = new(fence.Value with { IsBreached = false }, text.At);
            Tell(new VehicleFact.FenceCleared(text.At));
        }

        // The reasons for not arming speak of failsafes too ("Arm: Battery failsafe"); they are not one.
        if (text.Severity > MavSeverity.Warning || !Says(text, "failsafe") || IsArmingReason(text.Text))
            return;
        if (Says(text, "cleared"))
            Tell(new VehicleFact.FailsafeCleared(text.At, text.Text));
        else
            Tell(new VehicleFact.FailsafeEntered(text.At, text.Text));
    }

    private static bool IsArmingReason(string text) =>
        text.StartsWith("Arm:", StringComparison.OrdinalIgnoreCase) || text.StartsWith("PreArm:", StringComparison.OrdinalIgnoreCase);

    private static bool Says(AssembledText text, string words) => text.Text.Contains(words, StringComparison.OrdinalIgnoreCase);
}
