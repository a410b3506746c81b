using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles.Protocols;

namespace DroneOps.Vehicles;

/// <content>Take-off and landing, home, mission and fence: what the log of a sortie is made of.</content>
public sealed partial class Vehicle
{
    private const double HomeStepDeg = 1 / 111_000.0;
    private const double HomeStepM = 1;

    private readonly LandedWatch _landed = new();
    private readonly LeadingLink _landedLead = new(TimeSpan.FromSeconds(1));
    private SampleOrder _flightOrder;
    private bool _flying;
    private bool _groundSeen;
    private HomeReading? _toldHome;
    private bool _missionDone = true;

    private void InferLanded(DateTimeOffset at)
    {
        if (_landed.TryInfer(State, _flying, at, out var reading, out var since))
            FoldLanded(reading, at, since.At, since.NotBefore, since.NotAfter, isTimed: false);
    }

    private void FoldLandedState(in ExtendedSysState message, byte sequence, int link, DateTimeOffset at)
    {
        if (!_landed.TryRead(message, out var told) || !_landedLead.Leads(link, sequence, at, told.IsInAir, out var since))
            return;
        var seenBefore = _landed.SeenBefore(at);
        FoldLanded(told, at, since, seenBefore > since ? since : seenBefore, since, isTimed: false);
    }

    private void FoldFlight(in FlightInformation message, DateTimeOffset at)
    {
        if (!Boot(message.TimeBootMs, at) || !_flightOrder.IsNewer(message.TimeBootMs) || !_landed.TryRead(message, out var reading))
            return;
        var seenBefore = _landed.SeenBefore(at);
        var since = LandedWatch.Happened(message, at, seenBefore);
        FoldLanded(reading, at, since, since < at ? since : seenBefore, since, isTimed: since < at);
    }

    private void FoldLanded(in LandedReading reading, DateTimeOffset at, DateTimeOffset since, DateTimeOffset? notBefore, DateTimeOffset notAfter, bool isTimed)
    {
        State.Landed = new(reading, at);
        var inAir = reading.IsInAir;
        if (!inAir && !_groundSeen)
        {
            _groundSeen = true;
            if (!_flying)
                Tell(new VehicleFact.FoundOnGround(at) { LandedAt = notBefore is null ? null : since, NotBefore = notBefore, NotAfter = notAfter });
        }

        if (inAir == _flying)
            return;
        _flying = inAir;
        var position = State.Position?.Value;
        if (inAir)
        {
            // Whatever the armed bit looked like, this is a flight.
            State.MotorTest = false;
            Tell(new VehicleFact.TookOff(at, position?.Point, position?.Amsl, reading.Source, FirstSeen: !_groundSeen && !isTimed)
            {
                Since = since,
                NotBefore = _groundSeen || isTimed ? notBefore : null,
                NotAfter = notAfter,
            });
        }
        else
        {
            Tell(new VehicleFact.Landed(at, position?.Point, position?.Amsl, reading.Source) { Since = since, NotBefore = notBefore, NotAfter = notAfter });
        }
    }

    private void FoldHome(in HomePosition message, DateTimeOffset at)
    {
        var point = GeoPoint.FromE7(message.Latitude, message.Longitude);
        if ((message.Latitude == 0 && message.Longitude == 0) || !point.IsValid)
            return;
        var home = new HomeReading(point, Altitude.Amsl(message.Altitude / 1000.0));
        State.Home = new(home, at);
        if (_toldHome is { } told && !Moved(told, home))
            return;
        _toldHome = home;
        Tell(new VehicleFact.HomeMoved(at, home));
        UpdateReadiness(at);
    }

    private static bool Moved(in HomeReading from, in HomeReading to) =>
        Math.Abs(from.Point.LatitudeDeg - to.Point.LatitudeDeg) > HomeStepDeg
        || Math.Abs(from.Point.LongitudeDeg - to.Point.LongitudeDeg) > HomeStepDeg
        || Math.Abs(from.Amsl.Metres - to.Amsl.Metres) > HomeStepM;

    private int PlanIndexOf(int sequence) => _talk.Autopilot.HomeIsItemZero ? sequence - 1 : sequence;

    private void FoldMission(in MissionCurrent message, DateTimeOffset at)
    {
        // An older sender knows neither total nor state: both are extensions, and read as zero.
        int? total = message.Total is ushort.MaxValue || (message.Total == 0 && message.MissionState == MissionState.Unknown)
            ? null
            : message.Total;
        var reading = new MissionReading(message.Seq, PlanIndexOf(message.Seq), total, message.MissionState);
        var before = State.Mission?.Value;
        State.Mission = new(reading, at);
        if (before == reading)
            return;
        Tell(new VehicleFact.MissionProgress(at, reading));
        if (reading.State is MissionState.Active or MissionState.Paused)
            _missionDone = false;
        else if (reading.State == MissionState.Complete)
            CompleteMission(at);
    }

    private void FoldReached(int sequence, DateTimeOffset at)
    {
        var index = PlanIndexOf(sequence);
        Tell(new VehicleFact.MissionItemReached(at, sequence, index));
        if (State.Mission?.Value.Total is { } total && total > 0 && index == total - 1)
            CompleteMission(at);
    }

    /// <summary>Told once for each run: both the last item and the mission state show the end.</summary>
    private void CompleteMission(DateTimeOffset at)
    {
        if (_missionDone)
            return;
        _missionDone = true;
        Tell(new VehicleFact.MissionCompleted(at));
    }

    private void FoldFence(in FenceStatus message, DateTimeOffset at)
    {
        var was = State.Fence?.Value.IsBreached ?? false;
        var breached = message.BreachStatus != 0;
        // An ArduPilot sends this message only while a fence is in force.
        var enabled = State.Sensors?.Value.FenceEnabled ?? true;
        State.Fence = new(new(enabled, breached, message.BreachCount, message.BreachType), at);
        if (breached && !was)
            Tell(new VehicleFact.FenceBreached(at, message.BreachType));
        else if (was && !breached)
            Tell(new VehicleFact.FenceCleared(at));
        UpdateReadiness(at);
    }
}
