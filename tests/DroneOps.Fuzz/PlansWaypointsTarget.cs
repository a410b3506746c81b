using System.Text;
using DroneOps.Missions.Files;

namespace DroneOps.Fuzz;

/// <summary>Waypoints files: what is read can be written and is read again as the same rows.</summary>
internal sealed class PlansWaypointsTarget : IFuzzTarget
{
    public string Name => "waypoints";

    public void Run(ReadOnlySpan<byte> input)
    {
        if (WaypointsFile.Read(Encoding.UTF8.GetString(input)).TryGet(out var file) && WaypointsFile.Read(file.Write()).Value != file)
            throw new InvalidOperationException("The file did not survive being written and read again.");
    }
}
