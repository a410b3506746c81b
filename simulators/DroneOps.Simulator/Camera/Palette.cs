namespace DroneOps.Simulator.Camera;

/// <summary>A colour of the picture: BT.709, limited range.</summary>
internal readonly record struct Tint(byte Y, byte U, byte V)
{
    /// <summary>From gamma-coded red, green and blue, 0..255.</summary>
    public static Tint FromRgb(double red, double green, double blue) => new(
        (byte)Math.Round(16 + (((0.2126 * red) + (0.7152 * green) + (0.0722 * blue)) * 219 / 255)),
        (byte)Math.Round(128 + (((-0.1146 * red) - (0.3854 * green) + (0.5 * blue)) * 224 / 255)),
        (byte)Math.Round(128 + (((0.5 * red) - (0.4542 * green) - (0.0458 * blue)) * 224 / 255)));
}

/// <summary>How the camera sees the surfaces: by daylight, or by their warmth.</summary>
internal sealed class Palette
{
    private const int Shaded = 128;

    private readonly Tint[] _tints = new Tint[256];
    private readonly byte[] _grain = new byte[256];
    private readonly byte[] _patches = new byte[256];

    private Palette(bool isThermal)
    {
        IsThermal = isThermal;
        foreach (var (surface, rgb, warmth, grain) in Table)
        {
            var tint = isThermal ? new Tint(warmth, 128, 128) : Tint.FromRgb(rgb >> 16, (rgb >> 8) & 255, rgb & 255);
            _tints[(int)surface] = tint;
            // A shadow is blueish and, by its warmth, a little cooler.
            _tints[(int)surface + Shaded] = isThermal
                ? new Tint((byte)Math.Max(16, warmth - 8), 128, 128)
                : Tint.FromRgb((rgb >> 16) * 0.55, ((rgb >> 8) & 255) * 0.58, (rgb & 255) * 0.66);
            _grain[(int)surface] = _grain[(int)surface + Shaded] = (byte)(isThermal ? grain / 2 : grain);
        }

        for (var i = 0; i < 256; i++)
            _patches[i] = (byte)i;
        // Courtyards are half paved and half green, fields are of several crops: the second face of a surface shows where the ground is uneven.
        Patch(Surface.ResidentialBlock, Surface.Lawn);
        Patch(Surface.CivicBlock, Surface.Lawn);
        Patch(Surface.Park, Surface.Meadow);
        Patch(Surface.Farmland, Surface.Furrow);
        Patch(Surface.Ground, Surface.Meadow);
        Patch(Surface.Island, Surface.Meadow);
        Patch(Surface.Hill, Surface.TreeDark);
    }

    public static Palette Day { get; } = new(isThermal: false);

    public static Palette Thermal { get; } = new(isThermal: true);

    public bool IsThermal { get; }

    public Tint Sky => IsThermal ? new(24, 128, 128) : Tint.FromRgb(104, 150, 205);

    public Tint Haze => IsThermal ? new(52, 128, 128) : Tint.FromRgb(190, 203, 214);

    public Tint this[Surface surface] => _tints[(int)surface];

    /// <summary>By texel: the surface, and whether it lies in shadow.</summary>
    public ReadOnlySpan<Tint> Tints => _tints;

    /// <summary>By texel: how uneven its brightness is.</summary>
    public ReadOnlySpan<byte> Grain => _grain;

    /// <summary>By texel: what is there instead in every other patch.</summary>
    public ReadOnlySpan<byte> Patches => _patches;

    private static (Surface Surface, int Rgb, byte Warmth, byte Grain)[] Table =>
    [
        (Surface.Ground, 0xA79F87, 96, 10), (Surface.Farmland, 0x8FA05A, 84, 12), (Surface.Furrow, 0xA8A066, 92, 12), (Surface.Hill, 0x4E6B3C, 74, 22),
        (Surface.Park, 0x6E8F4E, 80, 14), (Surface.Meadow, 0x83A05C, 84, 14), (Surface.Lawn, 0x7B9657, 82, 14), (Surface.Square, 0xC4BCAB, 112, 5),
        (Surface.Island, 0x7C9460, 82, 14), (Surface.OldBlock, 0xA99C8A, 106, 8), (Surface.ResidentialBlock, 0xB3AFA5, 104, 7),
        (Surface.CommercialBlock, 0xB9B6B0, 110, 6), (Surface.CivicBlock, 0xB7B2A4, 106, 7), (Surface.IndustrialBlock, 0xAAA8A2, 112, 8),
        (Surface.Water, 0x4F6F6B, 52, 5), (Surface.Pavement, 0xC2BCB1, 114, 4), (Surface.Asphalt, 0x6C6E71, 126, 5), (Surface.Lane, 0x8F8B84, 116, 5),
        (Surface.Marking, 0xE6E6E1, 130, 2), (Surface.MarkingYellow, 0xD9B44A, 130, 2), (Surface.Ballast, 0x857C72, 104, 10),
        (Surface.Rail, 0x59504A, 122, 3), (Surface.Deck, 0x9B9A96, 116, 4), (Surface.Tree, 0x4F7038, 70, 20), (Surface.TreeDark, 0x41602F, 66, 20),
        (Surface.RoofGrey, 0x9A9894, 128, 5), (Surface.RoofLight, 0xC9C5BC, 134, 5), (Surface.RoofTile, 0x9C5B45, 138, 9),
        (Surface.RoofBlue, 0x5B83B0, 132, 5), (Surface.RoofBrown, 0x86705E, 130, 7), (Surface.Wall, 0xB5ADA0, 118, 3), (Surface.WallBright, 0xDAD3C6, 122, 3),
        (Surface.Window, 0x6A7884, 136, 3), (Surface.CarWhite, 0xEDEDEA, 158, 1), (Surface.CarBlack, 0x2B2C30, 166, 1), (Surface.CarSilver, 0xA9ADB3, 160, 1),
        (Surface.CarRed, 0xA8322B, 162, 1), (Surface.CarBlue, 0x2F5590, 162, 1), (Surface.Glass, 0x39434C, 150, 1), (Surface.Engine, 0x505050, 226, 1),
        (Surface.Person, 0xC7543F, 214, 1), (Surface.PersonDark, 0x303A55, 210, 1), (Surface.FlashRed, 0xFF3028, 150, 1),
        (Surface.FlashBlue, 0x3060FF, 150, 1), (Surface.Tape, 0xF2B21C, 120, 1), (Surface.Smoke, 0x55524F, 220, 12), (Surface.Paint, 0xFFFFFF, 235, 0),
        (Surface.Ink, 0x101010, 16, 0),
    ];

    private void Patch(Surface surface, Surface second)
    {
        _patches[(int)surface] = (byte)second;
        _patches[(int)surface + Shaded] = (byte)((int)second + Shaded);
    }
}
