using System.Globalization;
using System.Net;
using DroneOps.Simulator.Camera;

namespace DroneOps.Simulator;

/// <summary>The options of the cameras.</summary>
internal sealed partial record SimulatorArguments
{
    private static readonly CameraOptions NoCameras = new(0, new IPEndPoint(IPAddress.Loopback, 5600), null, 1280, 720, 25, 3_000_000, null);

    private static CameraOptions With(CameraOptions cameras, string name, string value)
    {
        int Number(int least, int most) =>
            int.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? number
                : throw Wrong(name, $"{least}..{most}");
        return name switch
        {
            "--cameras" => cameras with { Count = value == "all" ? CameraOptions.All : Number(0, Scenarios.Scenario.MaxVehicles) },
            // Whoever says where pictures go wants pictures; "--cameras N" after it, or before it, still says how many.
            "--video" => cameras with { Visible = ParseVideo(name, value), Count = cameras.Count == 0 ? CameraOptions.All : cameras.Count },
            "--thermal" => cameras with { Thermal = ParseVideo(name, value), Count = cameras.Count == 0 ? CameraOptions.All : cameras.Count },
            "--video-size" => WithSize(cameras, value),
            "--video-rate" => cameras with { Rate = Number(1, 60) },
            "--video-kbps" => cameras with { BitRate = Number(100, 20_000) * 1000 },
            _ => cameras with { Map = value },
        };
    }

    private static IPEndPoint ParseVideo(string option, string value)
    {
        var target = ParseUdp(option, value);
        return target.Port + Scenarios.Scenario.MaxVehicles <= IPEndPoint.MaxPort
            ? target
            : throw Wrong(option, $"a port up to {IPEndPoint.MaxPort - Scenarios.Scenario.MaxVehicles}, to which system ids are added");
    }

    private static CameraOptions WithSize(CameraOptions cameras, string value)
    {
        var sides = value.Split('x');
        if (sides.Length != 2 || !int.TryParse(sides[0], CultureInfo.InvariantCulture, out var width)
            || !int.TryParse(sides[1], CultureInfo.InvariantCulture, out var height)
            || width is < 320 or > 1920 || height is < 180 or > 1080 || (width | height) % 2 != 0)
            throw Wrong("--video-size", "WIDTHxHEIGHT in even numbers, 320x180..1920x1080");
        return cameras with { Width = width, Height = height };
    }
}
