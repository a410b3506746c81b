namespace DroneOps.Simulator.Camera;

/// <summary>Chance that hangs on a place and not on the order of asking: the same tree stands in the same garden for every camera in every run.</summary>
internal static class Scatter
{
    /// <summary>The side of <see cref="Noise"/>.</summary>
    public const int Side = 256;

    private const int Wave = 16;

    /// <summary>A square of smooth unevenness, 0..255, whose edges fit each other.</summary>
    public static byte[] Noise { get; } = Weave();

    public static uint Hash(uint a, uint b)
    {
        var h = (a * 0x9E3779B1) ^ (b * 0x85EBCA77);
        h = (h ^ (h >> 15)) * 0x2C1B3C6D;
        h = (h ^ (h >> 12)) * 0x297A2D39;
        return h ^ (h >> 15);
    }

    public static uint Hash(int a, int b, uint c) => Hash(Hash((uint)a, (uint)b), c);

    /// <summary>0..1 from a hash.</summary>
    public static float Unit(uint hash) => (hash >> 8) * (1f / (1 << 24));

    private static byte[] Weave()
    {
        var noise = new byte[Side * Side];
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var value = (0.6f * Smooth(x, y, Wave, 1)) + (0.25f * Smooth(x, y, Wave / 4, 2)) + (0.15f * Unit(Hash(x, y, 3)));
                noise[(y * Side) + x] = (byte)(value * 255);
            }
        }

        return noise;
    }

    private static float Smooth(int x, int y, int wave, uint layer)
    {
        const int Mask = Side - 1;
        var (gx, gy) = (x / wave, y / wave);
        var (fx, fy) = (Ease((x % wave) / (float)wave), Ease((y % wave) / (float)wave));
        float At(int cx, int cy) => Unit(Hash(cx * wave & Mask, cy * wave & Mask, layer));
        var low = At(gx, gy) + ((At(gx + 1, gy) - At(gx, gy)) * fx);
        var high = At(gx, gy + 1) + ((At(gx + 1, gy + 1) - At(gx, gy + 1)) * fx);
        return low + ((high - low) * fy);
    }

    private static float Ease(float t) => t * t * (3 - (2 * t));
}
