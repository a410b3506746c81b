namespace DroneOps.Simulator.Faults;

/// <summary>What a bad line does to datagrams, each way for itself.</summary>
/// <param name="Loss">Share that vanishes, 0..1.</param>
/// <param name="Duplicate">Share that arrives twice, 0..1.</param>
/// <param name="Reorder">Share that is overtaken by what follows within 50 ms, 0..1.</param>
/// <param name="DelaySeconds">Time on the way.</param>
/// <param name="JitterSeconds">Up to this much more, uniformly.</param>
/// <param name="Silent">Nothing passes at all.</param>
internal sealed record LineFaults(
    double Loss = 0, double Duplicate = 0, double Reorder = 0, double DelaySeconds = 0, double JitterSeconds = 0, bool Silent = false)
{
    /// <summary>A perfect line.</summary>
    public static LineFaults None { get; } = new();
}
