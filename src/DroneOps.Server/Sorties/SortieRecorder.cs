using DroneOps.Missions.Geodesy;
using DroneOps.Vehicles;

namespace DroneOps.Server.Sorties;

/// <summary>What a recorder tells of its sortie.</summary>
internal enum SortieStep
{
    /// <summary>Nothing worth keeping happened.</summary>
    None,

    /// <summary>A sortie began.</summary>
    Opened,

    /// <summary>It has a new point on its track.</summary>
    Moved,

    /// <summary>It landed; the armed clock may still run.</summary>
    Landed,

    /// <summary>Both clocks have stopped.</summary>
    Closed,

    /// <summary>Something else about it changed.</summary>
    Changed,
}

/// <summary>Makes sorties of one vehicle's facts. Pure: no clock, no store; what it knows is in the facts' own times, so a recording gives
/// the same sorties as the live flight.</summary>
/// <remarks>The rules. A sortie is one take-off to one landing. The armed clock of a flight with several hops is cut at each landing, so
/// that armed seconds add up to the time the motors ran. Arming without a take-off (a ground run) and a motor test make no sortie.
/// A sortie that is landed and still armed is closed by the next take-off, by disarming, or by the vehicle's restart. What happened while
/// nothing was heard is dated to the last that was known, and every moment is kept with those between which it lies.</remarks>
internal sealed class SortieRecorder
{
    private static readonly TimeSpan TrackEvery = TimeSpan.FromMilliseconds(950);

    /// <summary>A take-off that lies further back than this was not seen.</summary>
    private static readonly TimeSpan Unseen = TimeSpan.FromSeconds(5);

    private DateTimeOffset? _armedSince;
    private EdgeBounds _armedBounds = EdgeBounds.None;
    private (DateTimeOffset? LandedAt, ClockSource Source, SortieBounds Bounds, DateTimeOffset LastHeardAt) _beforeGivenUp;
    private DateTimeOffset? _lastTrackAt;
    private string? _mode;
    private int? _battery;

    /// <summary>A recorder that has seen nothing yet.</summary>
    public SortieRecorder()
    {
    }

    /// <summary>A recorder that goes on with a sortie the last run of the service left open. Nothing is heard of the vehicle until it is discovered, and if it
    /// never is no loss of its link is told: the silence counts from what the last run heard.</summary>
    public SortieRecorder(SortieDraft open)
    {
        Current = open;
        (_armedSince, _armedBounds) = (open.ArmedAt, open.Bounds.Armed);
        if (open.Gaps is not [.., { To: null }])
            open.Gaps.Add(new(open.LastHeardAt, null));
    }

    /// <summary>A recorder that has a sortie which the last run of the service gave up.</summary>
    public static SortieRecorder WithGivenUp(SortieDraft closed)
    {
        var wasSeenToLand = closed.LandingSource != ClockSource.LastKnown;
        var bounds = closed.Bounds with { Landing = wasSeenToLand ? closed.Bounds.Landing : EdgeBounds.None, Disarmed = EdgeBounds.None };
        return new() { GivenUp = closed, _beforeGivenUp = (wasSeenToLand ? closed.LandedAt : null, closed.LandingSource, bounds, closed.LastHeardAt) };
    }

    /// <summary>The sortie in progress, or null.</summary>
    public SortieDraft? Current { get; private set; }

    /// <summary>The sortie that the last step closed.</summary>
    public SortieDraft? LastClosed { get; private set; }

    /// <summary>The sortie that was closed because its vehicle was not heard for too long. It goes on when the vehicle is heard again.</summary>
    public SortieDraft? GivenUp { get; private set; }

    /// <summary>Whether the last step began with a sortie that had been given up.</summary>
    public bool HasReopened { get; private set; }

    /// <summary>The last point of the track, where the last step was <see cref="SortieStep.Moved"/>.</summary>
    public TrackPoint? LastTrackPoint { get; private set; }

    /// <summary>Takes in a fact. A take-off that also closes the sortie before answers <see cref="SortieStep.Opened"/> with
    /// <see cref="LastClosed"/> set.</summary>
    public SortieStep Apply(VehicleFact fact)
    {
        LastClosed = null;
        HasReopened = GivenUp is not null && fact is (VehicleFact.LinkRestored or VehicleFact.Discovered);
        if (HasReopened)
            Reopen();
        if (fact is VehicleFact.Discovered discovered)
            return OnDiscovered(discovered);
        var step = Take(fact);

        // Not before: what it decides goes by the last that was heard until now.
        if (Current is { } sortie && fact is not VehicleFact.LinkLost && fact.At > sortie.LastHeardAt)
            sortie.LastHeardAt = fact.At;
        return step;
    }

    /// <summary>Nothing was heard of the vehicle for too long: its sortie ends with what is known, and how much later it really ended nothing bounds.</summary>
    /// <returns>False where no sortie is open.</returns>
    public bool GiveUp()
    {
        LastClosed = null;
        if (Current is not { } sortie)
            return false;
        _beforeGivenUp = (sortie.LandedAt, sortie.LandingSource, sortie.Bounds, sortie.LastHeardAt);
        var known = sortie.Gaps is [.., { To: null } gap] ? gap.From : sortie.LastHeardAt;
        if (sortie.LandedAt is null)
            Land(sortie, known > sortie.TakeoffAt ? known : sortie.TakeoffAt, ClockSource.LastKnown, new(known, null));
        Close(known > sortie.LandedAt ? known : sortie.LandedAt!.Value, new(known, null));
        GivenUp = sortie;
        return true;
    }

    /// <summary>Somebody has said since how it ended.</summary>
    public void Forget() => GivenUp = null;

    /// <summary>The vehicle is heard again: its sortie is as it was, and what is heard next says whether it flies.</summary>
    private void Reopen()
    {
        var sortie = GivenUp!;
        (sortie.LandedAt, sortie.LandingSource, sortie.Bounds, sortie.LastHeardAt) = _beforeGivenUp;
        sortie.DisarmedAt = null;
        (Current, GivenUp) = (sortie, null);
    }

    private SortieStep Take(VehicleFact fact)
    {
        return fact switch
        {
            VehicleFact.Armed { MotorTest: false } armed => OnArmed(armed),
            VehicleFact.Disarmed { MotorTest: false } disarmed => OnDisarmed(disarmed),
            VehicleFact.TookOff takeoff => OnTookOff(takeoff),
            VehicleFact.Landed landed => OnLanded(landed),
            VehicleFact.FoundOnGround found => OnFoundOnGround(found),
            VehicleFact.PositionFixed position => OnPosition(position),
            VehicleFact.ModeChanged mode => OnMode(mode),
            VehicleFact.BatteryReported battery => OnBattery(battery),
            VehicleFact.LinkLost lost => OnGap(lost),
            VehicleFact.LinkRestored restored => OnGapEnd(restored),
            VehicleFact.FailsafeEntered failsafe => Note(failsafe.Text),
            VehicleFact.FenceBreached => Note("Fence breached"),
            _ => SortieStep.None,
        };
    }

    /// <summary>The first that is heard since the start of the service, of a vehicle that was on a sortie when the last run ended.</summary>
    private SortieStep OnDiscovered(VehicleFact.Discovered discovered)
    {
        if (Current is not { } sortie)
            return SortieStep.None;
        if (sortie.Gaps is [.., { To: null } open])
            sortie.Gaps[^1] = open with { To = discovered.At };
        else if (sortie.LandedAt is null)
            sortie.Gaps.Add(new(sortie.LastHeardAt, discovered.At));
        if (!discovered.IsArmed)
        {
            // Over, nobody saw when: both clocks stop where they were last known to run.
            var between = new EdgeBounds(sortie.LastHeardAt, discovered.At);
            if (sortie.LandedAt is null)
                Land(sortie, sortie.LastHeardAt, ClockSource.LastKnown, between);
            return Close(sortie.LastHeardAt, between);
        }

        // Landed, it stands there with its motors running.
        if (sortie.LandedAt is null)
            sortie.LastHeardAt = discovered.At;
        return SortieStep.Changed;
    }

    /// <summary>The vehicle came down while the service was away, with its motors running.</summary>
    private SortieStep OnFoundOnGround(VehicleFact.FoundOnGround found)
    {
        if (Current is not { LandedAt: null } sortie)
            return SortieStep.None;
        if (found is { LandedAt: { } at, NotBefore: { } notBefore } && Unheard(sortie, notBefore) is null)
        {
            Land(sortie, at > sortie.TakeoffAt ? at : sortie.TakeoffAt, ClockSource.Inferred, new(notBefore, found.NotAfter));
            return SortieStep.Landed;
        }

        var known = sortie.Gaps is [.., var gap] ? gap.From : sortie.LastHeardAt;
        Land(sortie, known, ClockSource.LastKnown, new(known, found.At));
        return SortieStep.Landed;
    }

    private SortieStep OnArmed(VehicleFact.Armed armed)
    {
        // After a restart of the service an armed vehicle is "first seen": the sortie it is on knows better since when.
        if (armed.FirstSeen && Current is not null)
            return SortieStep.None;
        (_armedSince, _armedBounds) = (armed.Since, new(armed.NotBefore, armed.Since));
        if (Current is not { LandedAt: null, ArmedAt: null } sortie || armed.NotBefore is null)
            return SortieStep.None;

        // The take-off was told before the arming that it needs.
        sortie.ArmedAt = sortie.TakeoffAt;
        sortie.Bounds = sortie.Bounds with { Armed = new(armed.NotBefore, sortie.TakeoffAt) };
        return SortieStep.Changed;
    }

    private SortieStep OnDisarmed(VehicleFact.Disarmed disarmed)
    {
        _armedSince = null;
        if (Current is not { } sortie)
            return SortieStep.None;

        // Disarmed without a landing: it fell, or it landed unseen. Either way the flight is over.
        if (sortie.LandedAt is null)
        {
            // Not known to be in the air since the service is back: it came down before that.
            var inAir = disarmed.LastInAir ?? (sortie.Gaps is [.., var gap] ? gap.From : disarmed.NotBefore);
            var unheard = Unheard(sortie, inAir);
            Land(sortie, unheard ?? disarmed.Since, unheard is null ? ClockSource.Inferred : ClockSource.LastKnown, new(Earlier(unheard, inAir), disarmed.Since));
        }

        var at = Unheard(sortie, disarmed.NotBefore) ?? disarmed.Since;
        at = at < sortie.LandedAt ? sortie.LandedAt.Value : at;
        return Close(at, new(disarmed.NotBefore < at ? disarmed.NotBefore : at, disarmed.Since > at ? disarmed.Since : at));
    }

    private SortieStep OnTookOff(VehicleFact.TookOff takeoff)
    {
        if (Current is { LandedAt: null })
            return SortieStep.None;
        var (armedAt, armedBounds, notBefore) = (_armedSince, _armedBounds, takeoff.NotBefore);
        if (Current is { } before)
        {
            // Touch and go: the armed time after the landing belongs to the next hop.
            (armedAt, armedBounds) = (before.LandedAt, before.Bounds.Landing);
            notBefore ??= before.LandedAt;
            Close(before.LandedAt!.Value, before.Bounds.Landing);
        }

        // Dated back so far that the bounds are wide: it was seen to fly, not to take off.
        var wasUnseen = takeoff.FirstSeen || takeoff.NotAfter - takeoff.NotBefore > Unseen;
        GivenUp = null;
        Current = new SortieDraft
        {
            TakeoffAt = takeoff.Since,
            TakeoffSource = wasUnseen ? ClockSource.FirstSeen : Source(takeoff.Source),
            ArmedAt = armedAt > takeoff.Since ? takeoff.Since : armedAt,
            LastHeardAt = takeoff.At,
            LastPoint = takeoff.Where,
            BatteryStartPercent = _battery,
            Modes = _mode is { } mode ? [new(takeoff.Since, mode)] : [],
            Bounds = SortieBounds.None with { Armed = armedBounds, Takeoff = new(notBefore, takeoff.NotAfter) },
        };
        _lastTrackAt = null;
        return SortieStep.Opened;
    }

    private SortieStep OnLanded(VehicleFact.Landed landed)
    {
        if (Current is not { LandedAt: null } sortie)
            return SortieStep.None;
        if (Unheard(sortie, landed.NotBefore) is { } known)
            Land(sortie, known, ClockSource.LastKnown, new(Earlier(known, landed.NotBefore), landed.NotAfter));
        else
            Land(sortie, landed.Since > sortie.TakeoffAt ? landed.Since : sortie.TakeoffAt, Source(landed.Source), new(landed.NotBefore, landed.NotAfter));
        sortie.BatteryEndPercent = _battery;
        return SortieStep.Landed;
    }

    /// <summary>When the vehicle was last heard before a silence in which something happened.</summary>
    /// <param name="lastSeenBefore">When it was last seen not to have happened.</param>
    /// <returns>Null when it happened while the vehicle was heard.</returns>
    private static DateTimeOffset? Unheard(SortieDraft sortie, DateTimeOffset? lastSeenBefore) =>
        lastSeenBefore is { } seen && sortie.Gaps is [.., { To: { } end } gap] && seen < end ? gap.From : null;

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one < other ? one : other;

    private static void Land(SortieDraft sortie, DateTimeOffset at, ClockSource source, EdgeBounds bounds)
    {
        (sortie.LandedAt, sortie.LandingSource) = (at, source);
        sortie.Bounds = sortie.Bounds with { Landing = bounds };
    }

    private SortieStep OnPosition(VehicleFact.PositionFixed position)
    {
        if (Current is not { LandedAt: null } sortie)
            return SortieStep.None;
        if (sortie.LastPoint is { } last)
            sortie.DistanceM += Geodesic.DistanceM(last, position.Point);
        sortie.LastPoint = position.Point;
        sortie.MaxAltitudeAboveHomeM = Math.Max(sortie.MaxAltitudeAboveHomeM ?? double.MinValue, position.AboveHome.Metres);
        sortie.MaxAltitudeAmslM = Math.Max(sortie.MaxAltitudeAmslM ?? double.MinValue, position.Amsl.Metres);
        sortie.MaxSpeedMps = Math.Max(sortie.MaxSpeedMps, position.Velocity.GroundSpeedMps);
        if (position.At - _lastTrackAt < TrackEvery)
            return SortieStep.None;
        _lastTrackAt = position.At;
        LastTrackPoint = new(
            position.At, position.Point.LongitudeDeg, position.Point.LatitudeDeg,
            position.Amsl.Metres, position.AboveHome.Metres, position.Velocity.GroundSpeedMps);
        return SortieStep.Moved;
    }

    private SortieStep OnMode(VehicleFact.ModeChanged mode)
    {
        _mode = mode.To;
        if (Current is not { LandedAt: null } sortie)
            return SortieStep.None;
        sortie.Modes.Add(new(mode.At, mode.To));
        return SortieStep.Changed;
    }

    private SortieStep OnBattery(VehicleFact.BatteryReported battery)
    {
        _battery = battery.Battery.RemainingPercent ?? _battery;
        if (Current is { LandedAt: null } sortie)
            (sortie.BatteryStartPercent, sortie.BatteryEndPercent) = (sortie.BatteryStartPercent ?? _battery, _battery);
        return SortieStep.None;
    }

    private SortieStep OnGap(VehicleFact.LinkLost lost)
    {
        if (Current is not { } sortie)
            return SortieStep.None;
        sortie.Gaps.Add(new(lost.LastHeard, null));
        return SortieStep.Changed;
    }

    private SortieStep OnGapEnd(VehicleFact.LinkRestored restored)
    {
        if (Current?.Gaps is not [.., { To: null } open])
            return SortieStep.None;
        Current.Gaps[^1] = open with { To = restored.At };
        return SortieStep.Changed;
    }

    private SortieStep Note(string text)
    {
        if (Current is not { LandedAt: null } sortie)
            return SortieStep.None;
        sortie.Failsafes.Add(text);
        return SortieStep.Changed;
    }

    private SortieStep Close(DateTimeOffset disarmedAt, EdgeBounds bounds)
    {
        Current!.DisarmedAt = disarmedAt;
        Current.LastHeardAt = Current.LastHeardAt > disarmedAt ? Current.LastHeardAt : disarmedAt;
        Current.Bounds = Current.Bounds with { Disarmed = bounds };
        LastClosed = Current;
        Current = null;
        return SortieStep.Closed;
    }

    private static ClockSource Source(LandedSource source) => source switch
    {
        LandedSource.ExtendedSysState => ClockSource.LandedState,
        LandedSource.FlightInformation => ClockSource.FlightInformation,
        _ => ClockSource.Inferred,
    };
}
