using DroneOps.Missions.Files;

namespace DroneOps.Fuzz;

/// <summary>Plan files: what is read can be written and is read again as the same mission, fence and rally points.</summary>
internal sealed class PlansTarget : IFuzzTarget
{
    public string Name => "plan";

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!PlanFile.Read(input).TryGet(out var plan))
            return;
        var again = PlanFile.Read(plan.Write()).Value;
        if (!again.Items.SequenceEqual(plan.Items) || !again.Fences.SequenceEqual(plan.Fences) || !again.RallyPoints.SequenceEqual(plan.RallyPoints))
            throw new InvalidOperationException("The plan did not survive being written and read again.");

        _ = RouteImport.FromItems("fuzz", plan.Items);
    }
}
