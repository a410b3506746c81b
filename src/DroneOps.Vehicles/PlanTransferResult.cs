using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles;

/// <summary>The three plans that a vehicle carries (MAV_MISSION_TYPE).</summary>
public enum PlanKind
{
    /// <summary>The mission.</summary>
    Mission,

    /// <summary>The geofence.</summary>
    Fence,

    /// <summary>Rally points.</summary>
    Rally,
}

/// <summary>How a plan transfer ended. A closed family. Item lists are in the caller's numbering: home, which an ArduPilot
/// keeps as item 0, is added and taken off here.</summary>
public abstract record PlanTransferResult
{
    private PlanTransferResult()
    {
    }

    /// <summary>Uploaded, read back and equal (up to the rounding that the autopilot is known for).</summary>
    public sealed record Verified(int Items) : PlanTransferResult;

    /// <summary>Uploaded and acknowledged, not read back.</summary>
    public sealed record Accepted(int Items) : PlanTransferResult;

    /// <summary>Downloaded.</summary>
    /// <param name="Items">The plan.</param>
    /// <param name="Home">Item 0 of an ArduPilot's mission; null elsewhere.</param>
    public sealed record Downloaded(IReadOnlyList<MissionItemInt> Items, MissionItemInt? Home) : PlanTransferResult;

    /// <summary>The vehicle refused.</summary>
    /// <param name="Type">Its answer.</param>
    /// <param name="Text">Its status texts around the refusal; null where it said nothing.</param>
    /// <param name="OnBoard">What it carries now, read back after the refusal (a refused upload can leave a mixture of new and old); null
    /// where that could not be read.</param>
    public sealed record Rejected(MavMissionResult Type, string? Text, IReadOnlyList<MissionItemInt>? OnBoard) : PlanTransferResult;

    /// <summary>The transfer broke off.</summary>
    /// <param name="Reason">What happened.</param>
    /// <param name="OnBoard">What the vehicle carries now, read back after the failure and different from what was to be uploaded; null
    /// where that could not be read.</param>
    public sealed record Failed(string Reason, IReadOnlyList<MissionItemInt>? OnBoard) : PlanTransferResult;

    /// <summary>Ended by <see cref="Vehicle.CancelTransfer"/>. An upload that had begun can leave a mixture on board.</summary>
    /// <param name="HadBegun">Whether anything had been sent.</param>
    public sealed record Cancelled(bool HadBegun) : PlanTransferResult;

    /// <summary>Nothing was sent.</summary>
    /// <param name="Reason">Why, from a closed set.</param>
    /// <param name="Note">Why, in words.</param>
    public sealed record NotStarted(NotSentReason Reason, string Note) : PlanTransferResult;
}
