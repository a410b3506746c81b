using DroneOps.Vehicles;

namespace DroneOps.Server.Fleet;

/// <summary>Something that happened to a vehicle of the fleet. A closed family: find all references of a case finds every reader.</summary>
/// <param name="VehicleId">The fleet's own id of the vehicle.</param>
/// <param name="At">When, by the clock that stamped the frames or took the decision.</param>
internal abstract record FleetEvent(string VehicleId, DateTimeOffset At)
{
    /// <summary>The vehicle showed something: armed, took off, moved, lost its link.</summary>
    internal sealed record Observed(string VehicleId, VehicleFact Fact) : FleetEvent(VehicleId, Fact.At);

    /// <summary>A vehicle got its place in the registry.</summary>
    internal sealed record Registered(string VehicleId, DateTimeOffset At, string Name) : FleetEvent(VehicleId, At);

    /// <summary>The control lease changed hands; null is nobody.</summary>
    internal sealed record ControlChanged(string VehicleId, DateTimeOffset At, string? Holder) : FleetEvent(VehicleId, At);

    /// <summary>A vehicle was given to a task.</summary>
    internal sealed record AssignmentTaken(string VehicleId, DateTimeOffset At, Assignment Assignment) : FleetEvent(VehicleId, At);

    /// <summary>A more important task took the vehicle away.</summary>
    internal sealed record AssignmentLost(string VehicleId, DateTimeOffset At, Assignment Lost, Assignment By) : FleetEvent(VehicleId, At);

    /// <summary>A task gave its vehicle back.</summary>
    /// <param name="MayGoOn">Whether it may go on with what it left for the task; otherwise it is to come home.</param>
    internal sealed record AssignmentReleased(string VehicleId, DateTimeOffset At, Assignment Released, bool MayGoOn) : FleetEvent(VehicleId, At);

    /// <summary>Frames that claim to be of a vehicle are not listened to; told once a minute at most.</summary>
    /// <param name="VehicleId">The vehicle that has this system id; empty where none has.</param>
    /// <param name="SystemId">The system id that was claimed.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="From">The endpoint they come from.</param>
    internal sealed record FramesRefused(string VehicleId, DateTimeOffset At, byte SystemId, FrameRefusal Reason, string From) : FleetEvent(VehicleId, At);

    /// <summary>A command came to its end.</summary>
    internal sealed record CommandDone(
        string VehicleId, DateTimeOffset At, string CommandId, string Actor, VehicleCommand Command, CommandOutcome Outcome) : FleetEvent(VehicleId, At);
}

/// <summary>Why frames are not listened to.</summary>
internal enum FrameRefusal
{
    /// <summary>Unsigned, signed with another key, or a replay.</summary>
    Signature,

    /// <summary>Another endpoint holds the system id.</summary>
    OtherEndpoint,
}
