namespace DroneOps.Simulator.Airframe;

/// <summary>A small random source of our own (SplitMix64), so that a seed gives the same flight on every runtime version.</summary>
internal struct SeededNoise(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A seed for a part of something that was seeded, so that parts do not share a sequence.</summary>
    public static ulong Derive(ulong seed, ulong part) => new SeededNoise(seed ^ (part * 0xD1B54A32D192ED03)).NextBits();

    public ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextUnit() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Mean 0, variance 1: four uniforms are close enough to a normal distribution for gusts and jitter.</summary>
    public double NextNormal() => (NextUnit() + NextUnit() + NextUnit() + NextUnit() - 2) * 1.7320508075688772;
}
