namespace DroneOps.Simulator.Camera;

/// <summary>A square of ground as seen from straight above, <see cref="Side"/> texels wide: brightness for each texel, colour for each four.
/// Rows run to the north.</summary>
/// <param name="Level">Texels of <see cref="FinestTexel"/>, doubled with each level.</param>
/// <param name="X">Tiles east of the map's origin.</param>
/// <param name="Y">Tiles north of it.</param>
internal sealed record GroundTile(int Level, int X, int Y)
{
    public const int Side = 256;
    public const int Levels = 9;

    /// <summary>Metres.</summary>
    public const double FinestTexel = 0.0625;

    public byte[] Luma { get; } = new byte[Side * Side];

    public byte[] BlueDifference { get; } = new byte[Side * Side / 4];

    public byte[] RedDifference { get; } = new byte[Side * Side / 4];

    /// <summary>When it was last looked at, by the count of the store's pictures.</summary>
    public long LastUsed { get; set; }

    /// <summary>Metres of a texel.</summary>
    public static double TexelOf(int level) => FinestTexel * (1 << level);
}
