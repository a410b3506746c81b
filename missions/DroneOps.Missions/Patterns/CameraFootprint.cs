namespace DroneOps.Missions.Patterns;

/// <summary>What a camera sees of the ground when it points straight down.</summary>
/// <param name="HorizontalFovDeg">Its horizontal field of view, degrees, across the direction of flight.</param>
/// <param name="HorizontalPixels">Its picture's width in pixels.</param>
public readonly record struct CameraFootprint(double HorizontalFovDeg, int HorizontalPixels)
{
    /// <summary>The width of the picture on the ground: 2 h tan(HFOV/2), metres.</summary>
    /// <param name="heightM">h, metres above the ground.</param>
    public double WidthM(double heightM) => 2 * heightM * Math.Tan(HorizontalFovDeg * Math.PI / 360);

    /// <summary>The distance between neighbouring passes: the width less the overlap, metres.</summary>
    /// <param name="heightM">Metres above the ground.</param>
    /// <param name="overlap">The share of the width that neighbouring passes both see, 0 to less than 1.</param>
    public double SwathM(double heightM, double overlap) => WidthM(heightM) * (1 - overlap);

    /// <summary>Pixels for each metre of ground: 25 detects a person, 62.5 observes, 125 recognises, 250 identifies
    /// (EN 62676-4).</summary>
    /// <param name="heightM">Metres above the ground.</param>
    public double PixelsPerMetre(double heightM) => HorizontalPixels / WidthM(heightM);

    /// <summary>The greatest height at which a pixel density is still reached, metres above the ground.</summary>
    public double HeightForM(double pixelsPerMetre) => HorizontalPixels / pixelsPerMetre / WidthM(1);
}
