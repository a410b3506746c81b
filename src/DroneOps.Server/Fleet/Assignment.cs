namespace DroneOps.Server.Fleet;

/// <summary>What a vehicle is flown for.</summary>
internal enum AssignmentKind
{
    /// <summary>An occurrence of a patrol.</summary>
    Patrol,

    /// <summary>An incident.</summary>
    Incident,

    /// <summary>A pilot's own flight.</summary>
    Manual,
}

/// <summary>Who has a vehicle and for what. Patrols and incidents compete for vehicles without knowing each other: the
/// vehicle's owner here decides by priority.</summary>
/// <param name="Kind">For what kind of task.</param>
/// <param name="Id">The occurrence's or the incident's id.</param>
/// <param name="Label">What people call it, for lists and the map.</param>
/// <param name="Priority">Higher takes from lower; equal does not.</param>
/// <param name="Holder">The actor on whose behalf it is held.</param>
/// <param name="Purpose">Why the flight is made: no flight without one.</param>
[GenerateSerializer]
[Immutable]
internal sealed record Assignment(AssignmentKind Kind, string Id, string Label, int Priority, string Holder, string Purpose)
{
    /// <summary>By whose leave: the holder's, where nobody else has approved it.</summary>
    [Id(0)]
    public string AuthorisedBy { get; init; } = Holder;
}

/// <summary>What became of the wish for a vehicle.</summary>
[GenerateSerializer]
[Immutable]
internal abstract record TakeResult
{
    private TakeResult()
    {
    }

    /// <summary>The task has the vehicle.</summary>
    /// <param name="From">From whom it was taken, or null.</param>
    [GenerateSerializer]
    [Immutable]
    internal sealed record Taken(Assignment? From) : TakeResult;

    /// <summary>The task had it already, by another order: nothing was changed, and whoever wanted it now has nothing to give back.</summary>
    [GenerateSerializer]
    [Immutable]
    internal sealed record Held : TakeResult;

    /// <summary>Somebody at least as important has it.</summary>
    [GenerateSerializer]
    [Immutable]
    internal sealed record Busy(Assignment By) : TakeResult;

    /// <summary>It must not or cannot be used.</summary>
    [GenerateSerializer]
    [Immutable]
    internal sealed record NotFit(string Reason) : TakeResult;
}
