using DroneOps.Links.FlightLog;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles;

namespace DroneOps.Server.Sorties.Import;

/// <summary>A sortie found in a recording, with what the vehicle said of itself.</summary>
internal sealed record FlownSortie(byte SystemId, VehicleIdentity? Identity, string? BatterySerial, SortieDraft Draft, IReadOnlyList<TrackPoint> Track);

/// <summary>The flights of every vehicle in a telemetry log (.tlog), on the recording's own clock; one after the other, so that a log of gigabytes
/// takes no more memory than its longest flight.</summary>
internal sealed class RecordedFlights : FlightReader
{
    private readonly Dictionary<byte, (Vehicle Vehicle, SortieRecorder Recorder, List<TrackPoint> Track)> _vehicles = [];
    private readonly Queue<FlownSortie> _flown = new();
    private readonly TlogReader _reader;
    private readonly RecordingClock _clock;
    private readonly FileTerms _terms;
    private bool _isOver;
    private int _number;

    public RecordedFlights(Stream recording, FileTerms terms)
    {
        _reader = new TlogReader(recording, MessageCatalog.Default);
        _clock = new RecordingClock(_reader);
        _terms = terms;
    }

    /// <summary>What was come across so far.</summary>
    public TlogReport Report => _reader.Report;

    public override IReadOnlyList<ImportRemark> Remarks
    {
        get
        {
            List<ImportRemark> remarks = [];
            if (Report.Records == 0)
                remarks.Add(new("file", "There is no MAVLink frame in the file."));
            if (Report.SkippedBytes > 0)
                remarks.Add(new("file", $"{Report.SkippedBytes} bytes are no frames and were skipped."));
            if (Report.BadStamps > 0)
                remarks.Add(new("file", $"{Report.BadStamps} records with a damaged time were left out."));
            if (Report.IsTorn)
                remarks.Add(new("file", "The last record is torn."));
            if (_clock.Steps.Count > 0)
                remarks.Add(new("file", $"The clock of the recorder was set {_clock.Steps.Count} times; the flights are on its first."));
            return remarks;
        }
    }

    public override ReadFlight? Next() => NextFlown() is { } flown ? Flight(flown) : null;

    public override void Dispose()
    {
        // The stream is the caller's.
    }

    /// <summary>The next sortie as its vehicle's recorder closed it; null at the end. What is still open at the end of the recording comes last.</summary>
    public FlownSortie? NextFlown()
    {
        while (_flown.Count == 0 && !_isOver)
        {
            if (_clock.TryRead(out var at, out var frame))
                Take(at, frame);
            else
                End();
        }

        return _flown.TryDequeue(out var next) ? next : null;
    }

    private void Take(DateTimeOffset at, in MavlinkFrame frame)
    {
        if (!frame.IsKnown)
            return;
        var system = frame.SystemId;
        if (!_vehicles.TryGetValue(system, out var one))
        {
            if (!frame.Is<Heartbeat>() || frame.Decode<Heartbeat>().Autopilot == MavAutopilot.Invalid)
                return;
            _vehicles[system] = one = (new Vehicle(new("replay", system), new VehicleOptions { ListenOnly = true }, new(255, 190)), new SortieRecorder(), []);
        }

        // The recording is the clock: what was late or silent then is late or silent now.
        one.Vehicle.Tick(at);
        one.Vehicle.OnMessage(frame, at);
        while (one.Vehicle.TryTakeFact(out var fact))
        {
            var step = one.Recorder.Apply(fact);
            if (one.Recorder.LastClosed is { } closed)
                _flown.Enqueue(new(system, one.Vehicle.State.Identity, one.Vehicle.State.BatterySerial, closed, [.. one.Track]));
            if (one.Recorder.LastClosed is not null || step == SortieStep.Opened)
                one.Track.Clear();
            if (step == SortieStep.Moved)
                one.Track.Add(one.Recorder.LastTrackPoint!);
        }
    }

    private void End()
    {
        _isOver = true;
        foreach (var (system, (vehicle, recorder, track)) in _vehicles)
        {
            if (recorder.Current is { } open)
                _flown.Enqueue(new(system, vehicle.State.Identity, vehicle.State.BatterySerial, open, track));
        }
    }

    private ReadFlight Flight(FlownSortie flown)
    {
        _number++;
        var draft = flown.Draft;
        List<ImportRemark> remarks = [];

        // The recording is over: what was still open in it ends with what is known.
        if (draft.LandedAt is null)
            (draft.LandedAt, draft.LandingSource) = (draft.LastHeardAt, ClockSource.LastKnown);
        draft.DisarmedAt ??= draft.LastHeardAt;
        if (FlightTimes.Wrong(draft.TakeoffAt, draft.LandedAt.Value, _terms.Now) is { } wrong)
            return ReadFlight.Refused(_number, wrong.Field, wrong.Why);
        if (draft.TakeoffSource == ClockSource.FirstSeen)
            remarks.Add(new("takeoffAt", "The log starts in the air: the take-off is not in it, and the time before it is not counted."));
        if (draft.LandingSource == ClockSource.LastKnown)
            remarks.Add(new("landedAt", "The landing is not in the log: the flight is counted to the last that was heard."));
        if (flown.Track.Count == 0)
            remarks.Add(new("points", "There is no position in the log: the flight has no track."));
        return new(_number, new()
        {
            Vehicle = _terms.Vehicle ?? flown.Identity?.HardwareId ?? $"SYS-{flown.SystemId}",
            HardwareId = flown.Identity?.HardwareId,
            SystemId = flown.SystemId,
            Firmware = flown.Identity?.Firmware,
            BatterySerial = flown.BatterySerial,
            Pilot = _terms.Pilot,
            Track = flown.Track,
            Draft = draft,
        }, remarks);
    }
}
