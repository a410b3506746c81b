namespace DroneOps.Simulator.Camera;

/// <summary>Writes into the picture: a clock for people and the same time as 32 bars for programs, so that whoever shows the picture can tell how
/// old it is.</summary>
/// <remarks>The bars fill a strip at the upper edge, an eighteenth of the height: the first, at the left, is the highest bit of the milliseconds
/// of the UTC day; white is 1. Light values are 235 and 16.</remarks>
internal static class Inscription
{
    /// <summary>Bars in the strip.</summary>
    public const int Bars = 32;

    private const int GlyphWidth = 5;
    private const int GlyphHeight = 7;
    private const string Known = "0123456789:-. ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly Tint White = new(235, 128, 128);
    private static readonly Tint Black = new(16, 128, 128);

    // Columns from the left, the lowest bit at the top.
    private static ReadOnlySpan<byte> Glyphs =>
    [
        0x3E, 0x51, 0x49, 0x45, 0x3E, 0x00, 0x42, 0x7F, 0x40, 0x00, 0x42, 0x61, 0x51, 0x49, 0x46, 0x21, 0x41, 0x45, 0x4B, 0x31, 0x18, 0x14, 0x12, 0x7F, 0x10,
        0x27, 0x45, 0x45, 0x45, 0x39, 0x3C, 0x4A, 0x49, 0x49, 0x30, 0x01, 0x71, 0x09, 0x05, 0x03, 0x36, 0x49, 0x49, 0x49, 0x36, 0x06, 0x49, 0x49, 0x29, 0x1E,
        0x00, 0x36, 0x36, 0x00, 0x00, 0x08, 0x08, 0x08, 0x08, 0x08, 0x00, 0x60, 0x60, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x7E, 0x11, 0x11, 0x11, 0x7E, 0x7F, 0x49, 0x49, 0x49, 0x36, 0x3E, 0x41, 0x41, 0x41, 0x22, 0x7F, 0x41, 0x41, 0x22, 0x1C, 0x7F, 0x49, 0x49, 0x49, 0x41,
        0x7F, 0x09, 0x09, 0x09, 0x01, 0x3E, 0x41, 0x49, 0x49, 0x7A, 0x7F, 0x08, 0x08, 0x08, 0x7F, 0x00, 0x41, 0x7F, 0x41, 0x00, 0x20, 0x40, 0x41, 0x3F, 0x01,
        0x7F, 0x08, 0x14, 0x22, 0x41, 0x7F, 0x40, 0x40, 0x40, 0x40, 0x7F, 0x02, 0x0C, 0x02, 0x7F, 0x7F, 0x04, 0x08, 0x10, 0x7F, 0x3E, 0x41, 0x41, 0x41, 0x3E,
        0x7F, 0x09, 0x09, 0x09, 0x06, 0x3E, 0x41, 0x51, 0x21, 0x5E, 0x7F, 0x09, 0x19, 0x29, 0x46, 0x46, 0x49, 0x49, 0x49, 0x31, 0x01, 0x01, 0x7F, 0x01, 0x01,
        0x3F, 0x40, 0x40, 0x40, 0x3F, 0x1F, 0x20, 0x40, 0x20, 0x1F, 0x3F, 0x40, 0x38, 0x40, 0x3F, 0x63, 0x14, 0x08, 0x14, 0x63, 0x07, 0x08, 0x70, 0x08, 0x07,
        0x61, 0x51, 0x49, 0x45, 0x43,
    ];

    /// <summary>Rows of the strip in a picture of a height.</summary>
    public static int StripHeight(int height) => height / 18 & ~1;

    public static uint MillisecondsOfDay(DateTimeOffset at) => (uint)at.UtcDateTime.TimeOfDay.TotalMilliseconds;

    /// <summary>Writes time and vehicle.</summary>
    public static void Write(YuvPicture picture, DateTimeOffset at, string name)
    {
        var height = StripHeight(picture.Height);
        var time = MillisecondsOfDay(at);
        for (var bar = 0; bar < Bars; bar++)
        {
            var (from, to) = (picture.Width * bar / Bars, picture.Width * (bar + 1) / Bars);
            picture.Fill(from, 0, to - from, height, (time >> (Bars - 1 - bar) & 1) != 0 ? White : Black);
        }

        var pixel = Math.Max(2, picture.Height / 240 & ~1);
        var text = FormattableString.Invariant($"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff} UTC  {name}");
        var (x, y) = (pixel * 4, picture.Height - (pixel * (GlyphHeight + 4)));
        picture.Fill(x - (pixel * 2), y - (pixel * 2), pixel * ((text.Length * (GlyphWidth + 1)) + 3), pixel * (GlyphHeight + 4), Black);
        foreach (var letter in text)
        {
            Write(picture, x, y, pixel, Known.IndexOf(letter, StringComparison.Ordinal));
            x += pixel * (GlyphWidth + 1);
        }
    }

    /// <summary>The time in the strip of a decoded picture; null where the bars are not black and white.</summary>
    /// <param name="luma">Brightness, row by row.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    public static uint? Read(ReadOnlySpan<byte> luma, int width, int height)
    {
        var time = 0u;
        for (var bar = 0; bar < Bars; bar++)
        {
            var light = luma[(StripHeight(height) / 2 * width) + (width * ((2 * bar) + 1) / (2 * Bars))];
            if (light is > 90 and < 160)
                return null;
            time = (time << 1) | (light >= 160 ? 1u : 0);
        }

        return time;
    }

    private static void Write(YuvPicture picture, int x, int y, int pixel, int glyph)
    {
        for (var column = 0; column < GlyphWidth && glyph >= 0; column++)
        {
            for (var row = 0; row < GlyphHeight; row++)
            {
                if ((Glyphs[(glyph * GlyphWidth) + column] >> row & 1) != 0)
                    picture.Fill(x + (column * pixel), y + (row * pixel), pixel, pixel, White);
            }
        }
    }
}
