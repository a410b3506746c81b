using DroneOps.Tests.Links;

namespace DroneOps.Tests.Missions;

/// <summary>The golden plans.</summary>
internal static class PlanFiles
{
    public static byte[] Bytes(string name) => File.ReadAllBytes(GoldenFiles.PathOf("plans", name));

    public static string Text(string name) => File.ReadAllText(GoldenFiles.PathOf("plans", name));
}
