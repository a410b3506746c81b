namespace DroneOps.Tests.Missions;

/// <summary>The golden plans.</summary>
internal static class PlanFiles
{
    public static byte[] Bytes(string name) => File.ReadAllBytes(Checkout.Golden("plans", name));

    public static string Text(string name) => File.ReadAllText(Checkout.Golden("plans", name));
}
