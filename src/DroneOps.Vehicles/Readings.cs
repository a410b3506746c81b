using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles;

/// <summary>A value with the time at which the frame that showed it was received.</summary>
/// <typeparam name="T">The value.</typeparam>
public readonly record struct Sampled<T>(T Value, DateTimeOffset At)
    where T : struct;

/// <summary>A value with its age at the moment of the snapshot. A stale value is still the last one known, and must be shown as such.</summary>
/// <typeparam name="T">The value.</typeparam>
/// <param name="Value">The last value.</param>
/// <param name="At">When it was received.</param>
/// <param name="Age">How old it was at the snapshot.</param>
/// <param name="IsStale">Whether it is older than its group allows.</param>
public readonly record struct Reading<T>(T Value, DateTimeOffset At, TimeSpan Age, bool IsStale)
    where T : struct;

/// <summary>Velocity over ground in metres per second (GLOBAL_POSITION_INT vx, vy, vz).</summary>
/// <param name="North">Towards north.</param>
/// <param name="East">Towards east.</param>
/// <param name="Down">Downwards, so a climb is negative.</param>
public readonly record struct VelocityNed(double North, double East, double Down)
{
    /// <summary>Horizontal speed, m/s.</summary>
    public double GroundSpeedMps => Math.Sqrt((North * North) + (East * East));

    /// <summary>Vertical speed, up positive, m/s.</summary>
    public double ClimbMps => -Down;
}

/// <summary>GLOBAL_POSITION_INT with a position in it.</summary>
/// <param name="Point">WGS-84.</param>
/// <param name="Amsl">Altitude above mean sea level.</param>
/// <param name="AboveHome">Altitude above home.</param>
/// <param name="Velocity">Velocity over ground.</param>
/// <param name="HeadingDeg">Where the nose points, 0..360 clockwise from true north; null where the vehicle does not know.</param>
/// <param name="TimeBootMs">The vehicle's own clock, milliseconds since its start, wraps at 2^32.</param>
public readonly record struct PositionReading(
    GeoPoint Point, Altitude Amsl, Altitude AboveHome, VelocityNed Velocity, double? HeadingDeg, uint TimeBootMs);

/// <summary>ATTITUDE in degrees.</summary>
/// <param name="RollDeg">Right wing down positive, -180..180.</param>
/// <param name="PitchDeg">Nose up positive, -90..90.</param>
/// <param name="YawDeg">Clockwise from north, 0..360.</param>
/// <param name="TimeBootMs">The vehicle's own clock.</param>
public readonly record struct AttitudeReading(double RollDeg, double PitchDeg, double YawDeg, uint TimeBootMs);

/// <summary>VFR_HUD.</summary>
/// <param name="AirSpeedMps">Air speed, m/s; null where it is not measured.</param>
/// <param name="GroundSpeedMps">Ground speed, m/s.</param>
/// <param name="ClimbMps">Climb, up positive, m/s.</param>
/// <param name="HeadingDeg">0..360.</param>
/// <param name="ThrottlePercent">0..100.</param>
public readonly record struct AirReading(double? AirSpeedMps, double GroundSpeedMps, double ClimbMps, int HeadingDeg, int ThrottlePercent);

/// <summary>The horizontal motion of the air, from WIND (which says where it comes from) or WIND_COV (which says where it goes).</summary>
/// <param name="NorthMps">Towards north, m/s.</param>
/// <param name="EastMps">Towards east, m/s.</param>
public readonly record struct WindReading(double NorthMps, double EastMps);

/// <summary>How much is left in the battery: the worse of what the autopilot judges (BATTERY_STATUS.charge_state) and what the percentage says.</summary>
public enum BatteryLevel
{
    /// <summary>Not reported.</summary>
    Unknown,

    /// <summary>No need to act.</summary>
    Ok,

    /// <summary>Return soon.</summary>
    Low,

    /// <summary>Land at once.</summary>
    Critical,

    /// <summary>About to fail, or failed.</summary>
    Emergency,
}

/// <summary>The battery. MAVLink marks what a vehicle does not measure; such values are null here, never zero.</summary>
/// <param name="RemainingPercent">0..100.</param>
/// <param name="VoltageV">Pack voltage, volts.</param>
/// <param name="CurrentA">Current drawn, amperes.</param>
/// <param name="ConsumedMah">Charge used since start, milliampere hours.</param>
/// <param name="TimeRemaining">What the autopilot estimates is left.</param>
/// <param name="TemperatureC">Degrees Celsius.</param>
/// <param name="Level">The autopilot's judgement.</param>
public readonly record struct BatteryReading(
    int? RemainingPercent,
    double? VoltageV,
    double? CurrentA,
    double? ConsumedMah,
    TimeSpan? TimeRemaining,
    double? TemperatureC,
    BatteryLevel Level);

/// <summary>GPS_RAW_INT.</summary>
/// <param name="Fix">Kind of fix.</param>
/// <param name="Satellites">Satellites in use; null where unknown (255 on the wire).</param>
/// <param name="HorizontalDilution">HDOP; null where unknown (65535 on the wire).</param>
/// <param name="HorizontalAccuracyM">Metres, one standard deviation; null where not sent.</param>
/// <param name="GeoidSeparationM">How far mean sea level lies above the WGS-84 ellipsoid here, as the receiver knows it; null where not sent.</param>
public readonly record struct GpsReading(GpsFixType Fix, int? Satellites, double? HorizontalDilution, double? HorizontalAccuracyM, double? GeoidSeparationM)
{
    /// <summary>Whether a position in three dimensions is known.</summary>
    public bool HasFix => Fix is >= GpsFixType.Type3dFix and <= GpsFixType.Ppp;
}

/// <summary>EKF_STATUS_REPORT (ArduPilot) or ESTIMATOR_STATUS (others); the low ten bits mean the same in both.</summary>
/// <param name="Flags">The flags as sent.</param>
/// <param name="IsReady">Attitude, horizontal velocity and both horizontal positions are good and the filter has started:
/// (flags &amp; 0x1b) == 0x1b and, on ArduPilot, not 0x400.</param>
public readonly record struct EstimatorReading(uint Flags, bool IsReady);

/// <summary>Where the knowledge about being on the ground or in the air comes from.</summary>
public enum LandedSource
{
    /// <summary>EXTENDED_SYS_STATE: the autopilot's own landing detector.</summary>
    ExtendedSysState,

    /// <summary>FLIGHT_INFORMATION: take-off and landing times kept by the autopilot.</summary>
    FlightInformation,

    /// <summary>Inferred here from arming, height, climb and throttle, for a vehicle that does not say.</summary>
    Inferred,
}

/// <summary>On the ground or in the air.</summary>
/// <param name="State">The state; take-off and landing count as in the air.</param>
/// <param name="Source">How it is known.</param>
public readonly record struct LandedReading(MavLandedState State, LandedSource Source)
{
    /// <summary>Whether the vehicle is off the ground.</summary>
    public bool IsInAir => State is MavLandedState.InAir or MavLandedState.Takeoff or MavLandedState.Landing;
}

/// <summary>HOME_POSITION. Its quaternion is NaN on ArduPilot and is not kept.</summary>
/// <param name="Point">WGS-84.</param>
/// <param name="Amsl">Altitude above mean sea level.</param>
public readonly record struct HomeReading(GeoPoint Point, Altitude Amsl);

/// <summary>MISSION_CURRENT.</summary>
/// <param name="Sequence">The active item by its number on the wire, where an ArduPilot has home as item 0.</param>
/// <param name="PlanIndex">The active item as an index into the uploaded items; -1 while home (or nothing) is the active item.</param>
/// <param name="Total">Items aboard without home; null where the vehicle does not tell.</param>
/// <param name="State">Progress; Unknown where the vehicle does not tell.</param>
public readonly record struct MissionReading(int Sequence, int PlanIndex, int? Total, MissionState State);

/// <summary>FENCE_STATUS together with the geofence bits of SYS_STATUS.</summary>
/// <param name="IsEnabled">The fence is in force; null where not told.</param>
/// <param name="IsBreached">The vehicle is outside.</param>
/// <param name="BreachCount">Breaches so far.</param>
/// <param name="BreachType">What was crossed last.</param>
public readonly record struct FenceReading(bool? IsEnabled, bool IsBreached, int BreachCount, FenceBreach BreachType);

/// <summary>SYS_STATUS sensor bits.</summary>
/// <param name="Present">Sensors on board.</param>
/// <param name="Enabled">Sensors in use.</param>
/// <param name="Healthy">Sensors in order.</param>
public readonly record struct SensorsReading(MavSysStatusSensor Present, MavSysStatusSensor Enabled, MavSysStatusSensor Healthy)
{
    /// <summary>Whether the pre-arm checks pass in the mode the vehicle is in now; null where the autopilot does not have the bit.
    /// On an ArduCopter the bit comes earlier in STABILIZE than in GUIDED, so it alone does not mean "ready for AUTO".</summary>
    public bool? PrearmChecksPass =>
        (Present & MavSysStatusSensor.PrearmCheck) == 0 ? null : (Healthy & MavSysStatusSensor.PrearmCheck) != 0;

    /// <summary>Whether a fence is in force; null where the autopilot has none.</summary>
    public bool? FenceEnabled =>
        (Present & MavSysStatusSensor.Geofence) == 0 ? null : (Enabled & MavSysStatusSensor.Geofence) != 0;
}

/// <summary>A video stream as VIDEO_STREAM_INFORMATION tells of it.</summary>
/// <param name="ComponentId">The component that tells: the autopilot, or a camera.</param>
/// <param name="StreamId">Its number with that component, from 1.</param>
/// <param name="Type">How it travels.</param>
/// <param name="Encoding">How it is coded.</param>
/// <param name="IsThermal">Whether it shows warmth.</param>
/// <param name="Name">What the camera calls it.</param>
/// <param name="Uri">Where it is: an address, or only a port.</param>
/// <param name="Width">Pixels; 0 where it does not say.</param>
/// <param name="Height">Pixels; 0 where it does not say.</param>
public sealed record VideoStreamReading(
    byte ComponentId, byte StreamId, VideoStreamType Type, VideoStreamEncoding Encoding, bool IsThermal, string Name, string Uri, int Width, int Height);
