using DroneOps.Mavlink.Messages;

namespace DroneOps.Simulator.Autopilot;

/// <summary>The three plans in the autopilot's storage. They survive a reboot, and an upload writes through to them item by item:
/// what a broken upload leaves is a mixture of new and old.</summary>
internal sealed class PlanStore
{
    /// <summary>What the storage holds of missions; fences and rally points have their own areas.</summary>
    public const int MaxItems = 650;

    private readonly List<PlanItem> _mission = [];
    private readonly List<PlanItem> _fence = [];
    private readonly List<PlanItem> _rally = [];

    /// <summary>Item 0 is home.</summary>
    public List<PlanItem> Mission => _mission;

    public List<PlanItem> Fence => _fence;

    public List<PlanItem> Rally => _rally;

    public List<PlanItem> Of(MavMissionType type) => type switch
    {
        MavMissionType.Fence => _fence,
        MavMissionType.Rally => _rally,
        _ => _mission,
    };

    /// <summary>The first navigation command at or after an index, -1 for none. Jumps are not followed.</summary>
    public int NextNavigation(int index)
    {
        for (var i = Math.Max(1, index); i < _mission.Count; i++)
        {
            if (_mission[i].IsNavigation)
                return i;
        }

        return -1;
    }
}
