using System.Globalization;

namespace DroneOps.Server.Incidents;

/// <summary>Why two incidents are not merged, or one is not taken apart again.</summary>
internal sealed record MergeRefusal(string Slug, string Detail);

/// <summary>Two calls about one event become one incident, and two again when that was a mistake. Pure.</summary>
internal static class IncidentMerge
{
    /// <summary>What has happened to the drone of a merged call has happened for the incident that it becomes.</summary>
    private static readonly IncidentStage[] GoesWithTheDrone = [IncidentStage.DroneAssigned, IncidentStage.DroneAirborne];

    /// <summary>So has this, where the drone stays at the scene.</summary>
    private static readonly IncidentStage[] StaysWithTheDrone = [IncidentStage.DroneOnScene, IncidentStage.FirstFrame];

    /// <summary>Of one event the earlier of two of these is the one that counts: it was called in, entered and a drone asked for once.</summary>
    private static readonly IncidentStage[] EarlierCounts = [IncidentStage.CallReceived, IncidentStage.IncidentCreated, IncidentStage.DroneRequested];

    /// <summary>Why it must not be done, or null.</summary>
    public static MergeRefusal? Refuse(IncidentRecord from, IncidentRecord into) =>
        from.MergedInto is not null ? new("already-merged", "The incident is merged into another already.")
        : from.State == IncidentState.Closed ? new("incident-closed", "The incident is closed.")
        : into.MergedInto is not null ? new("merge-target-closed", "The other incident is itself merged into another: merge into that one.")
        : into.State == IncidentState.Closed ? new("merge-target-closed", "The other incident is closed.")
        : from.VehicleId is { } one && into.VehicleId is { } other ? new("both-have-drones", $"Vehicles {one} and {other} work them: recall one first, so that no drone is left without a task in the air.")
        : null;

    /// <summary>Closes one for the other. The survivor keeps its number, its words and its place; it takes the earlier call, the greater urgency, the wish
    /// for a drone, the drones with what they have reached, and what the crews told. Drones that are on their way home stay with the other.</summary>
    public static void Apply(IncidentRecord from, IncidentRecord into, string actor, string reason, DateTimeOffset now)
    {
        var drones = from.Working.ToList();
        var isWaiting = drones.Count == 0 && into is { VehicleId: null, State: IncidentState.Open };
        var call = new MergedCall(from.Id, from.ExternalNumber, now, actor, reason, null, null, [.. drones.Select(drone => drone.VehicleId)])
        {
            MadeAutomatic = isWaiting && from.IsAutomatic && !into.IsAutomatic,
        };
        call = Absorb(into, call, from);
        if (drones.Count > 0)
        {
            foreach (var drone in drones)
                into.Send((drone.Task.IsAboutPlace ? drone.OnTheWayAgain() : drone) with { Since = now });
            into.WaitsFor = null;
            if (drones.Exists(drone => drone.Task.IsAboutPlace))
                into.Warnings = [.. into.Warnings, IncidentWarning.NotYetRerouted];
            call = TakeSteps(into, call, from, drones.Exists(drone => IsThere(drone, from, into)) ? [.. GoesWithTheDrone, .. StaysWithTheDrone] : GoesWithTheDrone);
        }
        else if (isWaiting)
        {
            into.IsAutomatic |= from.IsAutomatic;
        }

        into.Merged = [.. into.Merged, call];
        CrewReport.GoOver(from, into);
        from.MergedInto = new MergeLink(into.Id, now, actor, reason, from.State, from.IsAutomatic);
        from.State = IncidentState.Closed;
        from.IsAutomatic = false;
        from.WaitsFor = null;
        foreach (var drone in drones)
            from.Stop(drone.VehicleId, DroneState.Gone, now, $"It went over to {into.ExternalNumber ?? into.Summary}.");
        TimeAxis.Reach(from, IncidentStage.Closed, now, "event", actor);
    }

    /// <summary>Why it cannot be undone, or null.</summary>
    public static MergeRefusal? RefuseUndo(IncidentRecord from, IncidentRecord? into, TimeSpan within, DateTimeOffset now) =>
        from.MergedInto is not { } link ? new("not-merged", "The incident is not merged into another.")
        : into is null or { State: IncidentState.Closed } ? new("merge-target-closed", "The other incident is closed.")
        : now - link.At > within ? new("unmerge-too-late", string.Create(CultureInfo.InvariantCulture, $"A merge can be undone for {within.TotalHours:0} hours."))
        : null;

    /// <summary>Takes them apart: the survivor has what its own call and those that are still in it give. A drone stays where it is, and
    /// was the survivor's from the merge on: somebody sends the other one.</summary>
    /// <param name="rest">The calls that were merged into the survivor besides this one.</param>
    public static void Undo(IncidentRecord from, IncidentRecord into, IReadOnlyList<IncidentRecord> rest)
    {
        if (into.Merged.Find(call => call.Id == from.Id) is { } undone)
            Release(into, undone, rest.ToDictionary(row => row.Id));
        var link = from.MergedInto!;
        CrewReport.GoBack(from, into, link.At);
        from.State = link.StateBefore == IncidentState.Recalled ? IncidentState.Recalled : IncidentState.Open;
        from.IsAutomatic = link.WasAutomatic;
        from.MergedInto = null;
        from.Stages = [.. from.Stages.Where(entry => entry.Stage != IncidentStage.Closed)];
    }

    private static void Release(IncidentRecord into, MergedCall undone, Dictionary<Guid, IncidentRecord> rest)
    {
        // Each call notes what stood before it where it changed that, so the first note is the survivor's own; the last one is of the call whose time
        // stands now. A time that somebody corrected stays corrected unless the call that it is of is the one that goes.
        var staying = EarlierCounts.Where(stage => into.Merged.FindLast(call => call.StepBefore(stage) is not null) != undone).Select(stage => Entry(into, stage)).OfType<StageEntry>().ToList();
        foreach (var first in EarlierCounts.Select(stage => into.Merged.Select(call => call.StepBefore(stage)).FirstOrDefault(step => step is not null)).OfType<GivenStep>())
            Put(into, first.Stage, first.Before);
        into.Priority = into.Merged.Find(call => call.PriorityBefore is not null)?.PriorityBefore ?? into.Priority;

        List<MergedCall> remaining = [];
        var isAutomatic = into.IsAutomatic && !into.Merged.Exists(call => call.MadeAutomatic);
        foreach (var call in into.Merged.Where(call => call.Id != undone.Id))
        {
            var row = rest.GetValueOrDefault(call.Id);
            var makesAutomatic = into.IsAutomatic && !isAutomatic && row?.MergedInto?.WasAutomatic == true;
            isAutomatic |= makesAutomatic;
            remaining.Add((row is null ? call : Absorb(into, call, row)) with { MadeAutomatic = makesAutomatic });
        }

        into.Merged = remaining;
        foreach (var entry in staying)
            Put(into, entry.Stage, entry);
        KeepSteps(into, undone);
        if (into.IsAutomatic && !isAutomatic && into is { VehicleId: null, State: IncidentState.Open })
            into.WaitsFor = null;
        into.IsAutomatic = isAutomatic;
    }

    /// <summary>Gives the survivor the earlier call and the greater urgency.</summary>
    /// <returns>The call with what stood there before it.</returns>
    private static MergedCall Absorb(IncidentRecord into, MergedCall call, IncidentRecord from)
    {
        call = call with { CallReceivedBefore = null, PriorityBefore = null, Gave = [.. call.Gave.Where(step => !EarlierCounts.Contains(step.Stage))] };
        foreach (var stage in EarlierCounts)
        {
            var own = Entry(into, stage);
            if (Entry(from, stage) is not { } earlier || own?.InForce <= earlier.InForce)
                continue;
            call = call.Giving(stage, own);
            Put(into, stage, earlier);
        }

        if (from.Priority < into.Priority)
        {
            call = call with { PriorityBefore = into.Priority };
            into.Priority = from.Priority;
        }

        return call;
    }

    /// <summary>Gives the survivor what the drones of the call have reached and it has not.</summary>
    /// <returns>The call with what it gave.</returns>
    private static MergedCall TakeSteps(IncidentRecord into, MergedCall call, IncidentRecord from, IncidentStage[] stages)
    {
        foreach (var entry in from.Stages.Where(entry => stages.Contains(entry.Stage) && into.ReachedAt(entry.Stage) is null))
        {
            call = call.Giving(entry.Stage, null);
            Put(into, entry.Stage, entry);
        }

        return call;
    }

    /// <summary>The drone of a call that goes stays, and came with the merge: that is when the survivor asked for it, had it, and had it there.</summary>
    private static void KeepSteps(IncidentRecord into, MergedCall undone)
    {
        foreach (var step in undone.Gave.Where(step => !EarlierCounts.Contains(step.Stage)))
            Put(into, step.Stage, new StageEntry(step.Stage, undone.At, "event", undone.By));
        if (undone.StepBefore(IncidentStage.DroneRequested) is not null && Entry(into, IncidentStage.DroneAssigned) is not null)
            TimeAxis.Reach(into, IncidentStage.DroneRequested, undone.At, "event", undone.By);
    }

    /// <summary>Whether a drone that is at the scene of one is at that of the other without flying on: its picture shows it from where it is, or it does
    /// not leave what it follows or watches.</summary>
    private static bool IsThere(IncidentDrone drone, IncidentRecord from, IncidentRecord into) =>
        drone.State == DroneState.OnScene && (!drone.Task.IsAboutPlace || drone.Task.FarthestM(from.Scene, into.Scene) <= SceneTask.ThereWithinM(drone.Task.RadiusM));

    /// <summary>Has a step say this; without an entry it is not reached.</summary>
    private static void Put(IncidentRecord incident, IncidentStage stage, StageEntry? entry) =>
        incident.Stages = [.. incident.Stages.Where(other => other.Stage != stage), .. entry is null ? [] : (StageEntry[])[entry]];

    private static StageEntry? Entry(IncidentRecord incident, IncidentStage stage) => incident.Stages.Find(entry => entry.Stage == stage);
}
