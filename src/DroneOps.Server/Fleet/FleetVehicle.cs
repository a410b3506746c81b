using DroneOps.Vehicles;

namespace DroneOps.Server.Fleet;

/// <summary>Who may command a vehicle, and until when unless renewed.</summary>
/// <param name="Holder">The actor.</param>
/// <param name="ExpiresAt">When it lapses; its end never changes the flight.</param>
/// <param name="OfferedTo">Whom the holder has offered the control to, until that one accepts.</param>
[GenerateSerializer]
[Immutable]
internal sealed record ControlLease(string Holder, DateTimeOffset ExpiresAt, string? OfferedTo);

/// <summary>One vehicle as the rest of the service sees it: immutable, as old as its last position, 0.2 s at most.</summary>
/// <param name="Id">The fleet's own id; stable over reboots, links and networks.</param>
/// <param name="Name">Call sign.</param>
/// <param name="Snapshot">What it last said, with ages and stale marks.</param>
/// <param name="LossPercent">Frames lost on its present link, recent average; null before it has one.</param>
/// <param name="DockId">The dock it belongs to.</param>
/// <param name="IsGrounded">Must not fly: nobody is offered it.</param>
/// <param name="Assignment">What it is flown for.</param>
/// <param name="Control">Who commands it.</param>
internal sealed record FleetVehicle(
    string Id, string Name, VehicleSnapshot Snapshot, double? LossPercent, string? DockId, bool IsGrounded, Assignment? Assignment, ControlLease? Control)
{
    /// <summary>Whether what it says must be signed, so that nobody else can say it.</summary>
    public bool IsSigned { get; init; }

    /// <summary>Why it must not fly; null when it may.</summary>
    public string? GroundedFor { get; init; }

    /// <summary>The police unit that it belongs to.</summary>
    public string? Unit { get; init; }

    /// <summary>The launch it flies by, where a person ordered one; null when it is disarmed.</summary>
    public Launch? Launch { get; init; }

    /// <summary>The autopilot's warnings of this flight, oldest first, six at most.</summary>
    public IReadOnlyList<string> AlertTexts { get; init; } = [];
}
