using DroneOps.Server.Telemetry;

namespace DroneOps.Server.Tests.Telemetry;

/// <summary>Points as a vehicle could have sent them.</summary>
internal static class Points
{
    private static int _vehicle = 1000;

    /// <summary>A vehicle that no other test has.</summary>
    public static int NewVehicle() => Interlocked.Increment(ref _vehicle);

    /// <summary>A point of a vehicle; its height above home says which one of several it is.</summary>
    public static TelemetryPoint At(int vehicle, DateTimeOffset at, int aboveHomeMm) => new()
    {
        At = at,
        Vehicle = vehicle,
        LonE7 = 1_176_550_000,
        LatE7 = 245_130_000,
        AltitudeAmslMm = 28_000 + aboveHomeMm,
        AltitudeAboveHomeMm = aboveHomeMm,
        HeadingCdeg = null,
        GroundSpeedCms = 810,
        ClimbCms = -120,
        BatteryPercent = 77,
        LinkLossPermille = 4,
        Armed = true,
        InAir = true,
        Mode = "AUTO",
    };
}
