namespace DroneOps.Server.Fleet;

/// <summary>Who gets a vehicle. Pure: the grain keeps the assignment and asks here.</summary>
internal static class AssignmentDesk
{
    /// <summary>Decides about a wish.</summary>
    /// <param name="vehicle">The vehicle as the board shows it; null when it is not known.</param>
    /// <param name="present">The task that has it now.</param>
    /// <param name="wanted">The task that wants it.</param>
    public static TakeResult Take(FleetVehicle? vehicle, Assignment? present, Assignment wanted) => vehicle switch
    {
        null => new TakeResult.NotFit("There is no such vehicle."),
        { IsGrounded: true } => new TakeResult.NotFit("The vehicle is grounded."),
        _ when present?.Id == wanted.Id => new TakeResult.Held(),
        _ when present is not null && present.Priority >= wanted.Priority => new TakeResult.Busy(present),
        _ => new TakeResult.Taken(present),
    };
}
