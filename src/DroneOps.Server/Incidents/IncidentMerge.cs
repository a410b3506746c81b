using System.Globalization;

namespace DroneOps.Server.Incidents;

/// <summary>Why two incidents are not merged, or one is not taken apart again.</summary>
internal sealed record MergeRefusal(string Slug, string Detail);

/// <summary>Two calls about one event become one incident, and two again when that was a mistake. Pure.</summary>
internal static class IncidentMerge
{
    /// <summary>What has happened to the drone of a merged call has happened for the incident that it becomes.</summary>
    private static readonly IncidentStage[] GoesWithTheDrone = [IncidentStage.DroneRequested, IncidentStage.DroneAssigned, IncidentStage.DroneAirborne];

    /// <summary>Why it must not be done, or null.</summary>
    public static MergeRefusal? Refuse(IncidentRecord from, IncidentRecord into) =>
        from.MergedInto is not null ? new("already-merged", "The incident is merged into another already.")
        : from.State == IncidentState.Closed ? new("incident-closed", "The incident is closed.")
        : into.MergedInto is not null ? new("merge-target-closed", "The other incident is itself merged into another: merge into that one.")
        : into.State == IncidentState.Closed ? new("merge-target-closed", "The other incident is closed.")
        : from.VehicleId is { } one && into.VehicleId is { } other ? new("both-have-drones", $"Vehicles {one} and {other} work them: recall one first, so that no drone is left without a task in the air.")
        : null;

    /// <summary>Closes one for the other. The survivor keeps its number, its words and its place; it takes the earlier call, the greater urgency, the wish
    /// for a drone, and the drones. Those that are on their way home stay with the other.</summary>
    public static void Apply(IncidentRecord from, IncidentRecord into, string actor, string reason, DateTimeOffset now)
    {
        StageEntry? callBefore = null;
        if (Entry(from, IncidentStage.CallReceived) is { } earlier && Entry(into, IncidentStage.CallReceived) is { } own && earlier.InForce < own.InForce)
        {
            callBefore = own;
            into.Stages = [earlier, .. into.Stages.Where(entry => entry.Stage != IncidentStage.CallReceived)];
        }

        var isMoreUrgent = from.Priority < into.Priority;
        var drones = from.Working.ToList();
        into.Merged = [.. into.Merged, new MergedCall(from.Id, from.ExternalNumber, now, actor, reason, callBefore, isMoreUrgent ? into.Priority : null, [.. drones.Select(drone => drone.VehicleId)])];
        if (isMoreUrgent)
            into.Priority = from.Priority;
        if (drones.Count > 0)
        {
            foreach (var drone in drones)
                into.Send((drone.Task.IsAboutPlace ? drone.OnTheWayAgain() : drone) with { Since = now });
            into.WaitsFor = null;
            into.Stages = [.. into.Stages, .. from.Stages.Where(entry => GoesWithTheDrone.Contains(entry.Stage) && into.ReachedAt(entry.Stage) is null)];
        }
        else if (into is { VehicleId: null, State: IncidentState.Open })
        {
            into.IsAutomatic |= from.IsAutomatic;
        }

        from.MergedInto = new MergeLink(into.Id, now, actor, reason, from.State);
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

    /// <summary>Takes them apart. A drone stays where it is: somebody sends the other one.</summary>
    public static void Undo(IncidentRecord from, IncidentRecord into)
    {
        if (into.Merged.Find(call => call.Id == from.Id) is { } call)
        {
            into.Merged = [.. into.Merged.Where(other => other.Id != from.Id)];
            if (call.CallReceivedBefore is { } own)
                into.Stages = [own, .. into.Stages.Where(entry => entry.Stage != IncidentStage.CallReceived)];
            if (call.PriorityBefore is { } priority)
                into.Priority = priority;
        }

        from.State = from.MergedInto!.StateBefore == IncidentState.Recalled ? IncidentState.Recalled : IncidentState.Open;
        from.MergedInto = null;
        from.Stages = [.. from.Stages.Where(entry => entry.Stage != IncidentStage.Closed)];
    }

    private static StageEntry? Entry(IncidentRecord incident, IncidentStage stage) => incident.Stages.Find(entry => entry.Stage == stage);
}
