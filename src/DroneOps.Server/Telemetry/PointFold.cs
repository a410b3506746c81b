using DroneOps.Server.Fleet;
using DroneOps.Vehicles;

namespace DroneOps.Server.Telemetry;

/// <summary>Makes points of one vehicle's facts. Pure: what it knows is in the facts, in their order, and in what the board showed then.</summary>
/// <param name="vehicle">The fleet's own number of the vehicle.</param>
/// <param name="parkedEvery">How far apart the points of a disarmed vehicle on the ground are at least.</param>
internal sealed class PointFold(int vehicle, TimeSpan parkedEvery)
{
    private bool? _isArmed;
    private bool? _isInAir;
    private string? _mode;
    private TelemetryPoint? _last;
    private DateTimeOffset _lastReceived;

    /// <summary>Takes in a fact.</summary>
    /// <param name="fact">What the vehicle showed.</param>
    /// <param name="shown">The vehicle as the board shows it, for what changes slowly; null when it is not on the board.</param>
    /// <returns>The point to keep, or null.</returns>
    public TelemetryPoint? Apply(VehicleFact fact, FleetVehicle? shown)
    {
        switch (fact)
        {
            case VehicleFact.Armed:
                _isArmed = true;
                return null;
            case VehicleFact.Disarmed:
                _isArmed = false;
                return null;
            case VehicleFact.TookOff:
                _isInAir = true;
                return null;
            case VehicleFact.Landed:
                _isInAir = false;
                return null;
            case VehicleFact.Rebooted:
                _isInAir = null;
                return null;
            case VehicleFact.ModeChanged mode:
                _mode = mode.To;
                return null;
            case VehicleFact.PositionFixed position:
                return Keep(position, shown);
            default:
                return null;
        }
    }

    private TelemetryPoint? Keep(VehicleFact.PositionFixed position, FleetVehicle? shown)
    {
        // What was told before this vehicle got its id (it proved to be another one) stands on the board.
        var isArmed = _isArmed ?? shown?.Snapshot.Armed ?? false;
        var isInAir = _isInAir ?? shown?.Snapshot.InAir;
        var at = Microseconds(position.At);
        var isParked = !isArmed && isInAir != true;
        if (isParked && _last is { } last && last.Armed == isArmed && last.InAir == isInAir && at >= last.At && at - last.At < parkedEvery)
            return null;

        // Two messages in one datagram have one time of arrival, and the key is vehicle and time: the second is a microsecond younger.
        var isTwin = _last is not null && at == _lastReceived;
        _lastReceived = at;
        return _last = new TelemetryPoint
        {
            At = isTwin ? _last!.At.AddMicroseconds(1) : at,
            Vehicle = vehicle,
            LonE7 = position.Point.LongitudeE7,
            LatE7 = position.Point.LatitudeE7,
            AltitudeAmslMm = Thousandths(position.Amsl.Metres),
            AltitudeAboveHomeMm = Thousandths(position.AboveHome.Metres),
            HeadingCdeg = position.HeadingDeg is { } heading ? (int)Math.Round(heading * 100) : null,
            GroundSpeedCms = Hundredths(position.Velocity.GroundSpeedMps),
            ClimbCms = Hundredths(position.Velocity.ClimbMps),
            BatteryPercent = shown?.Snapshot.Battery is { IsStale: false, Value.RemainingPercent: { } percent } ? (short)percent : null,
            LinkLossPermille = shown?.LossPercent is { } loss ? (short)Math.Clamp(Math.Round(loss * 10), 0, 1000) : null,
            Armed = isArmed,
            InAir = isInAir,
            Mode = _mode ?? shown?.Snapshot.Mode,
        };
    }

    private static DateTimeOffset Microseconds(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    private static int Thousandths(double metres) => (int)Math.Clamp(Math.Round(metres * 1000), int.MinValue, int.MaxValue);

    private static short Hundredths(double metresPerSecond) => (short)Math.Clamp(Math.Round(metresPerSecond * 100), short.MinValue, short.MaxValue);
}
