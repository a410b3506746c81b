using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles.Protocols;

/// <summary>Decides whether the vehicle is on the ground or in the air. What the autopilot tells comes first (EXTENDED_SYS_STATE, then
/// FLIGHT_INFORMATION); only for a vehicle that tells nothing it is inferred from arming, height, climb and throttle.</summary>
internal sealed class LandedWatch
{
    /// <summary>How long the autopilot has to tell before anything is inferred.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan AloftFor = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AtRestFor = TimeSpan.FromSeconds(2);
    private const double AloftM = 1.5;
    private const double RestSpeedMps = 0.3;
    private const int RestThrottlePercent = 20;

    private DateTimeOffset? _since;
    private LandedSource? _told;
    private double? _groundM;
    private DateTimeOffset? _aloftSince;
    private DateTimeOffset? _atRestSince;

    public void Forget()
    {
        _since = null;
        _told = null;
        _groundM = null;
        _aloftSince = null;
        _atRestSince = null;
    }

    public void HeartbeatAt(DateTimeOffset at) => _since ??= at;

    public bool TryRead(in ExtendedSysState message, out LandedReading reading)
    {
        reading = new(message.LandedState, LandedSource.ExtendedSysState);
        if (message.LandedState is MavLandedState.Undefined or > MavLandedState.Landing)
            return false;
        _told = LandedSource.ExtendedSysState;
        return true;
    }

    public bool TryRead(in FlightInformation message, out LandedReading reading)
    {
        // A landing time of 0 with a take-off time set is a flight that goes on.
        var inAir = message.TakeoffTimeUtc != 0 && message.LandingTime == 0;
        reading = new(inAir ? MavLandedState.InAir : MavLandedState.OnGround, LandedSource.FlightInformation);
        if (_told == LandedSource.ExtendedSysState)
            return false;
        _told = LandedSource.FlightInformation;
        return true;
    }

    /// <summary>Infers the state from what else is known, where the autopilot does not tell.</summary>
    public bool TryInfer(VehicleState state, DateTimeOffset at, out LandedReading reading)
    {
        reading = default;
        var height = state.Position?.Value.AboveHome.Metres;
        if (!state.Armed)
            _groundM = height;
        if (_told is not null || _since is not { } since || at - since < Grace)
            return false;
        var wasInAir = state.Landed?.Value.IsInAir ?? false;
        var inAir = state.Armed && !state.MotorTest && (wasInAir ? !AtRest(state, at) : Aloft(height, at));
        if (inAir != wasInAir)
        {
            _aloftSince = null;
            _atRestSince = null;
        }

        reading = new(inAir ? MavLandedState.InAir : MavLandedState.OnGround, LandedSource.Inferred);
        return true;
    }

    private bool Aloft(double? heightM, DateTimeOffset at)
    {
        // A vehicle first heard while armed has no ground height; then home is the ground.
        if (heightM is not { } height || height - (_groundM ?? 0) < AloftM)
        {
            _aloftSince = null;
            return false;
        }

        _aloftSince ??= at;
        return at - _aloftSince >= AloftFor;
    }

    private bool AtRest(VehicleState state, DateTimeOffset at)
    {
        var velocity = state.Position?.Value.Velocity;
        var still = velocity is { } v && v.GroundSpeedMps < RestSpeedMps && Math.Abs(v.Down) < RestSpeedMps;
        var idle = state.Air is { } air
            ? air.Value.ThrottlePercent < RestThrottlePercent
            : state.Position?.Value.AboveHome.Metres - (_groundM ?? 0) < AloftM;
        if (!still || !idle)
        {
            _atRestSince = null;
            return false;
        }

        _atRestSince ??= at;
        return at - _atRestSince >= AtRestFor;
    }
}
