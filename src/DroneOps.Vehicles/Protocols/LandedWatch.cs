using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles.Protocols;

/// <summary>When something happened, as far as is known: at a moment, and certainly between two others.</summary>
internal readonly record struct Moment(DateTimeOffset At, DateTimeOffset? NotBefore, DateTimeOffset NotAfter);

/// <summary>Decides whether the vehicle is on the ground or in the air. What the autopilot tells comes first (EXTENDED_SYS_STATE, then
/// FLIGHT_INFORMATION); only for a vehicle that tells nothing it is inferred from arming, height, climb and throttle.</summary>
/// <remarks>An inference is certain only a while after what it tells of: it is dated back to the moment between the last sample at rest and
/// the first in motion, or the other way round, at which the motion says the ground was left or met.</remarks>
internal sealed class LandedWatch
{
    /// <summary>How long the autopilot has to tell before anything is inferred.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan AloftFor = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AtRestFor = TimeSpan.FromSeconds(2);
    private const double AloftM = 1.5;
    private const double RestSpeedMps = 0.3;
    private const int RestThrottlePercent = 20;
    private const double LongestFlightMs = 24 * 3600 * 1000.0;

    private DateTimeOffset? _since;
    private LandedSource? _told;
    private double? _groundM;
    private DateTimeOffset? _aloftSince;
    private DateTimeOffset? _aloftFirst;
    private bool _wasAloft;
    private Sample? _last;
    private Sample? _lastStill;
    private Sample? _stillBefore;
    private Sample? _lastMoving;
    private Sample? _lifted;
    private Sample? _stopped;

    /// <summary>When the autopilot last told.</summary>
    public DateTimeOffset? SeenAt { get; private set; }

    public void Forget()
    {
        _since = null;
        _told = null;
        _groundM = null;
        _aloftSince = null;
        _aloftFirst = null;
        _wasAloft = false;
        _last = _lastStill = _stillBefore = _lastMoving = _lifted = _stopped = null;
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
        // Both count from boot and are cleared by arming: no landing since the take-off is a flight that goes on.
        var inAir = message.TakeoffTimeUtc != 0 && message.LandingTime * 1000UL < message.TakeoffTimeUtc;
        reading = new(inAir ? MavLandedState.InAir : MavLandedState.OnGround, LandedSource.FlightInformation);
        if (_told == LandedSource.ExtendedSysState)
            return false;
        _told = LandedSource.FlightInformation;
        return true;
    }

    /// <summary>The autopilot tells now; when did it last?</summary>
    public DateTimeOffset? SeenBefore(DateTimeOffset at)
    {
        var before = SeenAt;
        SeenAt = at;
        return before;
    }

    /// <summary>When the take-off or landing of FLIGHT_INFORMATION happened: its times count from boot (the field's "UTC" is a misnomer, as
    /// the message's own definition says), so its own time stamp says how long ago that is.</summary>
    /// <param name="notBefore">When the message last told otherwise.</param>
    public static DateTimeOffset Happened(in FlightInformation message, DateTimeOffset at, DateTimeOffset? notBefore)
    {
        var happenedMs = Math.Max(message.LandingTime, message.TakeoffTimeUtc / 1000.0);
        var agoMs = message.TimeBootMs - happenedMs;
        var happened = agoMs is >= 0 and < LongestFlightMs ? at - TimeSpan.FromMilliseconds(agoMs) : at;

        // A moment that contradicts what the message said itself is not believed.
        return happened < notBefore - Grace ? at : happened;
    }

    /// <summary>Infers the state from what else is known, where the autopilot does not tell.</summary>
    /// <param name="state">What else is known.</param>
    /// <param name="wasInAir">Whether it flew by what was known until now; a restart of the autopilot does not set it down.</param>
    public bool TryInfer(VehicleState state, bool wasInAir, DateTimeOffset at, out LandedReading reading, out Moment since)
    {
        reading = default;
        since = new(at, null, at);
        var height = state.Position?.Value.AboveHome.Metres;
        if (!state.Armed)
            _groundM = height;
        if (_told is not null)
            return false;
        Look(state);
        if (_since is not { } heard || at - heard < Grace)
            return false;
        var inAir = state.Armed && !state.MotorTest && (wasInAir || _wasAloft ? !AtRest(state) : Aloft(height, at));

        // High up and not yet for certain: it may have been heard first in the air.
        if (!inAir && _aloftSince is not null)
            return false;
        if (inAir != wasInAir)
        {
            _aloftSince = null;
            since = inAir ? LeftGround(at) : MetGround(at);
        }
        else if (!inAir && _wasAloft)
        {
            // It came down before anything could be inferred.
            since = MetGround(at);
        }

        _wasAloft = false;

        reading = new(inAir ? MavLandedState.InAir : MavLandedState.OnGround, LandedSource.Inferred);
        return true;
    }

    /// <summary>Takes in a position once: the last at rest, the last in motion, and the first of the run that goes on.</summary>
    private void Look(VehicleState state)
    {
        if (state.Position is not { } position || position.At == _last?.At)
            return;
        var sample = new Sample(position.At, position.Value.AboveHome.Metres, -position.Value.Velocity.Down);
        _last = sample;
        var isStill = position.Value.Velocity.GroundSpeedMps < RestSpeedMps && Math.Abs(sample.ClimbMps) < RestSpeedMps;
        if (isStill)
        {
            // The last sample that looks at rest may be the first of a climb: the one before it was on the ground for certain.
            (_stillBefore, _lastStill) = (_lastStill, sample);
            _stopped ??= sample;
        }
        else
        {
            _lastMoving = sample;
            _stopped = null;
        }


        // Nothing is inferred yet, and it may be down again by then.
        if (_since is { } heard && sample.At - heard < Grace && state.Armed && sample.HeightM - (_groundM ?? 0) >= AloftM)
            _wasAloft = sample.At - (_aloftFirst ??= sample.At) >= AloftFor;
        if (isStill && sample.HeightM - (_groundM ?? 0) < AloftM)
            _lifted = null;
        else
            _lifted ??= sample;
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

    private bool AtRest(VehicleState state)
    {
        var isIdle = state.Air is { } air
            ? air.Value.ThrottlePercent < RestThrottlePercent
            : state.Position?.Value.AboveHome.Metres - (_groundM ?? 0) < AloftM;
        return _stopped is { } stopped && _last is { } last && isIdle && last.At - stopped.At >= AtRestFor;
    }

    private Moment LeftGround(DateTimeOffset at)
    {
        if (_lifted is not { } lifted)
            return new(at, null, at);
        var before = _lastStill is { } still && still.At < lifted.At ? still.At : (DateTimeOffset?)null;
        var left = before is not null && lifted.ClimbMps > RestSpeedMps
            ? lifted.At - TimeSpan.FromSeconds(Math.Clamp(2 * (lifted.HeightM - (_groundM ?? 0)) / lifted.ClimbMps, 0, 10)) // from rest, gaining speed evenly
            : lifted.At;
        return new(left < before ? before.Value : left, _stillBefore?.At ?? before, lifted.At);
    }

    private Moment MetGround(DateTimeOffset at)
    {
        // Disarmed in motion: nothing dates it better than the disarming.
        if (_stopped is not { } stopped)
            return new(at, _lastMoving?.At, at);
        if (_lastMoving is not { } moving || moving.At > stopped.At)
            return new(stopped.At, null, stopped.At);
        var met = moving.ClimbMps < -RestSpeedMps
            ? moving.At + TimeSpan.FromSeconds(Math.Clamp((moving.HeightM - stopped.HeightM) / -moving.ClimbMps, 0, 10))
            : stopped.At;
        return new(met > stopped.At ? stopped.At : met, moving.At, stopped.At);
    }

    private readonly record struct Sample(DateTimeOffset At, double HeightM, double ClimbMps);
}
