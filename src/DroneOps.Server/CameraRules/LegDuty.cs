using DroneOps.Mavlink.Messages;
using DroneOps.Missions.Items;

namespace DroneOps.Server.CameraRules;

/// <summary>What the camera is to do while a vehicle flies to an item of its mission.</summary>
/// <param name="Records">At the scene: it records. Else it is on its way: it does not, and it is level.</param>
internal readonly record struct LegDuty(bool Records)
{
    /// <summary>The duty for each item, read from the mission itself, as the vehicle has it; null when the mission says nothing about cameras.</summary>
    /// <remarks>Camera commands are done when the waypoint before them is reached, so they hold for the way to the next one. A leg that must not record is
    /// written as one on the way; the zone that it is in is looked at beside.</remarks>
    public static IReadOnlyList<LegDuty>? Of(IReadOnlyList<PlanItem> mission)
    {
        if (!mission.Any(item => item.Command is MavCmd.VideoStartCapture or MavCmd.VideoStopCapture))
            return null;
        var records = false;
        return [.. mission.Select(item => new LegDuty(records = item.Command switch
        {
            MavCmd.VideoStartCapture => true,
            MavCmd.VideoStopCapture => false,
            _ => records,
        }))];
    }
}
