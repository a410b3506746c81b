namespace DroneOps.Simulator.Camera;

/// <summary>What lies between the camera and what it sees: haze that grows with the distance, and the sky where there is nothing else.</summary>
internal static class Air
{
    private const double Sight = 9_000;
    private const int Steps = 64;
    private const double Clear = 250;

    /// <summary>A colour seen through so many metres of air.</summary>
    public static Tint Over(Palette palette, double metres, Tint tint)
    {
        var haze = (int)(Share(metres) * 256);
        var to = palette.Haze;
        return new(Mix(tint.Y, to.Y, haze), Mix(tint.U, to.U, haze), Mix(tint.V, to.V, haze));
    }

    /// <summary>A row of one plane, seen through so many metres of air.</summary>
    public static void Over(Palette palette, double metres, Span<byte> row, Func<Tint, byte> plane)
    {
        if (metres < Clear)
            return;
        var haze = (int)(Share(metres) * Steps) * (256 / Steps);
        var to = plane(palette.Haze) * haze;
        var rest = 256 - haze;
        for (var i = 0; i < row.Length; i++)
            row[i] = (byte)(((row[i] * rest) + to) >> 8);
    }

    /// <param name="palette">Colours.</param>
    /// <param name="rise">Sine of the angle above the horizon.</param>
    public static Tint Sky(Palette palette, double rise)
    {
        var blue = (int)(Math.Clamp(rise * 2.2, 0, 1) * 256);
        var (from, to) = (palette.Haze, palette.Sky);
        return new(Mix(from.Y, to.Y, blue), Mix(from.U, to.U, blue), Mix(from.V, to.V, blue));
    }

    private static double Share(double metres) => metres < Clear ? 0 : 1 - Math.Exp((Clear - metres) / Sight);

    private static byte Mix(byte from, byte to, int share) => (byte)(((from * (256 - share)) + (to * share)) >> 8);
}
