namespace DroneOps.Simulator.Autopilot;

/// <summary>When things come alive after power-on, in vehicle seconds.</summary>
/// <param name="FirstHeartbeat">The first frame; only console text comes before.</param>
/// <param name="Ready">"ArduPilot Ready": commands to arm are judged from here.</param>
/// <param name="EkfInitialised">The estimator runs, without a position.</param>
/// <param name="EkfAligned">Attitude and heading are known.</param>
/// <param name="GpsLock">First fix.</param>
/// <param name="HomeSet">Estimator origin and home.</param>
/// <param name="SensorsSettled">Arming without GPS modes is possible.</param>
/// <param name="EkfUsesGps">Position modes can be armed.</param>
internal sealed record BootTimeline(
    double FirstHeartbeat,
    double Ready,
    double EkfInitialised,
    double EkfAligned,
    double GpsLock,
    double HomeSet,
    double SensorsSettled,
    double EkfUsesGps)
{
    /// <summary>As measured on ArduCopter 4.7 in its own software-in-the-loop.</summary>
    public static readonly BootTimeline Measured = new(1.0, 2.45, 4.45, 5.9, 9.8, 20.0, 24.0, 41.4);

    /// <summary>The same order within three seconds, for demonstrations.</summary>
    public static readonly BootTimeline Fast = new(0.2, 0.5, 0.8, 1.0, 1.4, 1.8, 2.2, 2.6);
}
