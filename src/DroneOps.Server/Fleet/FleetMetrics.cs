using System.Diagnostics.Metrics;
using DroneOps.Links;
using DroneOps.Vehicles;

namespace DroneOps.Server.Fleet;

/// <summary>Figures of links, vehicles and commands. Names by Prometheus' custom: base units, <c>_total</c> for counters; no vehicle's id in a label.</summary>
internal sealed class FleetMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _outcomes;
    private readonly Histogram<double> _latency;

    public FleetMetrics(IMeterFactory meters, VehicleBoard board, TimeProvider time)
    {
        _meter = meters.Create("DroneOps.Fleet");
        _outcomes = _meter.CreateCounter<long>("fleet_command_outcome", description: "Commands by how they ended");
        _latency = _meter.CreateHistogram<double>("fleet_command_latency", "s", "From the order to its end, by command", tags: null, new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30],
        });
        _meter.CreateObservableGauge("fleet_heartbeat_age", () => OldestHeartbeat(board, time.GetUtcNow()), "s", "Since the last heartbeat of the connected vehicle that was silent longest; 0 without one");
        _meter.CreateObservableGauge("fleet_vehicles", () => Vehicles(board), description: "Vehicles by the state of their link");
        _meter.CreateObservableGauge("fleet_vehicles_in_air", () => board.All.Count(vehicle => vehicle.Snapshot.InAir == true), description: "Vehicles in the air");
    }

    /// <summary>Counts a command that has ended.</summary>
    /// <param name="command">Its name in the API.</param>
    /// <param name="outcome">accepted, inProgress, rejected, unknown, notSent or refused.</param>
    public void CommandDone(string command, string outcome, TimeSpan took)
    {
        _outcomes.Add(1, new("command", command), new("result", outcome));
        _latency.Record(took.TotalSeconds, new KeyValuePair<string, object?>("command", command));
    }

    /// <summary>Shows the links of the gateway, which is made after this.</summary>
    public void Watch(Router router, Func<long> droppedByLoops)
    {
        _meter.CreateObservableGauge("fleet_link_state", () => router.Links.Select(link => new Measurement<int>(link.State == LinkState.Open ? 1 : 0, new KeyValuePair<string, object?>("link", link.Uri.ToString()))), description: "1 where a link is open");
        _meter.CreateObservableCounter("fleet_mavlink_frames", () => Frames(router, droppedByLoops()), description: "MAVLink frames by what became of them");
        _meter.CreateObservableCounter("fleet_mavlink_skipped_bytes", () => router.Links.Sum(link => link.Status().Frames.SkippedBytes), description: "Bytes that belong to no frame");
        _meter.CreateObservableCounter("fleet_mavlink_sent_frames", () => router.Links.Sum(link => link.Status().SentFrames), description: "Frames handed to a transport");
        _meter.CreateObservableCounter("fleet_signature_failures", () => Signatures(router), description: "Frames refused for their signature, by reason");
    }

    public void Dispose() => _meter.Dispose();

    private static double OldestHeartbeat(VehicleBoard board, DateTimeOffset now) => board.All
        .Where(vehicle => vehicle.Snapshot is { Link: VehicleLinkState.Up, HeartbeatAt: not null })
        .Select(vehicle => Math.Max(0, (now - vehicle.Snapshot.HeartbeatAt!.Value).TotalSeconds)).DefaultIfEmpty(0).Max();

    private static IEnumerable<Measurement<int>> Vehicles(VehicleBoard board)
    {
        var states = board.All.CountBy(vehicle => vehicle.Snapshot.Link).ToDictionary();
        return Enum.GetValues<VehicleLinkState>().Select(state => new Measurement<int>(states.GetValueOrDefault(state), new KeyValuePair<string, object?>("link", char.ToLowerInvariant(state.ToString()[0]) + state.ToString()[1..])));
    }

    private static IEnumerable<Measurement<long>> Frames(Router router, long dropped)
    {
        LinkStatus[] links = [.. router.Links.Select(link => link.Status())];
        var counters = router.Counters();
        return new (string Reason, long Count)[]
        {
            ("passed", counters.Passed),
            ("duplicate", counters.Duplicates),
            ("unknown", links.Sum(link => link.Frames.UnknownFrames)),
            ("badChecksum", links.Sum(link => link.Frames.BadChecksums)),
            ("unsupportedFlags", links.Sum(link => link.Frames.UnsupportedFlags)),
            ("truncated", links.Sum(link => link.Frames.Truncated)),
            ("otherEndpoint", links.Sum(link => link.RefusedFrames)),
            ("noRoom", links.Sum(link => link.UnadmittedFrames)),
            ("badSignature", links.Sum(link => link.Signatures.Total)),
            ("droppedByFlood", dropped),
        }.Select(frames => new Measurement<long>(frames.Count, new KeyValuePair<string, object?>("reason", frames.Reason)));
    }

    private static IEnumerable<Measurement<long>> Signatures(Router router)
    {
        SignatureRefusals[] links = [.. router.Links.Select(link => link.Status().Signatures)];
        return new (string Reason, long Count)[]
        {
            ("absent", links.Sum(link => link.Absent)),
            ("wrong", links.Sum(link => link.Wrong)),
            ("replayed", links.Sum(link => link.Replayed)),
            ("tooOld", links.Sum(link => link.TooOld)),
            ("tooManyStreams", links.Sum(link => link.TooManyStreams)),
        }.Select(refused => new Measurement<long>(refused.Count, new KeyValuePair<string, object?>("reason", refused.Reason)));
    }
}
