using System.Net;
using DroneOps.Mavlink;
using DroneOps.Simulator.Airframe;

namespace DroneOps.Simulator.Camera;

/// <summary>What a vehicle's camera sends, and where.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Rate">Pictures a second.</param>
/// <param name="BitRate">Bits a second.</param>
/// <param name="Visible">Where the daylight stream goes.</param>
/// <param name="Thermal">Where the thermal stream goes; null for none.</param>
internal sealed record CameraSetup(int Width, int Height, double Rate, int BitRate, IPEndPoint Visible, IPEndPoint? Thermal);

/// <summary>What goes wrong with a camera.</summary>
/// <param name="IsFrozen">The picture stands still; the stream goes on.</param>
/// <param name="IsBlack">Nothing but black.</param>
/// <param name="Loss">Share of datagrams that vanish, 0..1.</param>
/// <param name="IsSilent">It sends nothing, and begins anew afterwards.</param>
/// <param name="Height">Rows of the picture instead of those that were set; 0 for those.</param>
/// <param name="HasSecondSender">A stranger sends another stream to the same port.</param>
internal sealed record CameraFaults(
    bool IsFrozen = false, bool IsBlack = false, double Loss = 0, bool IsSilent = false, int Height = 0, bool HasSecondSender = false)
{
    public static CameraFaults None { get; } = new();
}

/// <summary>Where a camera is and looks at one moment. Angles in degrees.</summary>
/// <param name="At">The moment, by the clock that the vehicle is stepped with.</param>
/// <param name="Place">Where the lens is.</param>
/// <param name="AltitudeAmsl">Of the lens, metres above mean sea level.</param>
/// <param name="Height">Of the lens above the ground, metres, more than 0.</param>
/// <param name="Heading">Of the vehicle, true.</param>
/// <param name="Pitch">Of the vehicle, nose up positive.</param>
/// <param name="Roll">Of the vehicle, right side down positive.</param>
/// <param name="GimbalYaw">Of the line of sight, true.</param>
/// <param name="GimbalPitch">Of the line of sight, negative below the horizon.</param>
/// <param name="FieldOfView">Horizontal.</param>
/// <param name="Faults">What is wrong with it.</param>
internal sealed record CameraShot(
    DateTimeOffset At,
    GeoPoint Place,
    double AltitudeAmsl,
    double Height,
    double Heading,
    double Pitch,
    double Roll,
    double GimbalYaw,
    double GimbalPitch,
    double FieldOfView,
    CameraFaults Faults)
{
    private const double DegreesToRadians = Math.PI / 180;

    /// <summary>Where the middle of the picture lies on the ground; null above the horizon.</summary>
    public GeoPoint? Target => Seen(0.5, 0.5, 16, 9);

    /// <summary>Metres from the lens to <see cref="Target"/>.</summary>
    public double? SlantRange => GimbalPitch < 0 ? Height / Math.Sin(-GimbalPitch * DegreesToRadians) : null;

    /// <summary>Where a spot of the picture lies on the ground; null above the horizon.</summary>
    /// <param name="x">Share of the width from the left.</param>
    /// <param name="y">Share of the height from the top.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    public GeoPoint? Seen(double x, double y, int width, int height)
    {
        var frame = new LocalFrame(Place, 0);
        return View(default, width, height).ToGround(x * width, y * height) is { } ground
            ? frame.ToGeo(new(ground.North, ground.East, 0))
            : null;
    }

    /// <summary>Degrees, for a picture of a size.</summary>
    public double VerticalFieldOfView(int width, int height) => View(default, width, height).VerticalFieldOfView / DegreesToRadians;

    /// <summary>The same over a map, for a picture of a size.</summary>
    public GroundView Over(CityMap map, int width, int height) => View(map.Frame.ToLocal(Place, 0), width, height);

    private GroundView View(Ned place, int width, int height) => new(
        place.East,
        place.North,
        Height,
        GimbalYaw * DegreesToRadians,
        GimbalPitch * DegreesToRadians,
        FieldOfView * DegreesToRadians,
        width,
        height);
}

/// <summary>A camera on its gimbal below a vehicle. The vehicle's loop writes, the camera's loop reads <see cref="Latest"/>.</summary>
internal sealed class CameraMount(CameraSetup setup)
{
    /// <summary>The lens is above the ground while the vehicle stands: on its legs, on its dock's lift.</summary>
    public static Ned Lens { get; } = new(0, 0, 1.8);

    private CameraShot? _latest;

    public CameraSetup Setup => setup;

    public Gimbal Gimbal { get; } = new();

    public CameraFaults Faults { get; set; } = CameraFaults.None;

    /// <summary>The newest view; null until the vehicle has been stepped.</summary>
    public CameraShot? Latest
    {
        get => Volatile.Read(ref _latest);
        set => Volatile.Write(ref _latest, value);
    }
}
