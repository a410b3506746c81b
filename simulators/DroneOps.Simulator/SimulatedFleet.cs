using DroneOps.Links;
using DroneOps.Simulator.Airframe;

namespace DroneOps.Simulator;

/// <summary>Many vehicles on one clock and one loop. Either <see cref="RunAsync"/> drives it, or its owner calls <see cref="Step"/> with
/// a clock of his own; they talk over UDP, over a line in this process, or their owner moves the datagrams of <see cref="Copters"/>
/// himself. Not safe for two threads.</summary>
internal sealed class SimulatedFleet : IDisposable
{
    /// <summary>How often the loop looks at sockets and clock: a real vehicle answers within 1-23 ms.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);

    /// <summary>The autopilot's default.</summary>
    private const double GcsTimeoutS = 5;

    private readonly TimeProvider _time;
    private readonly CopterPort[] _ports;
    private readonly MemoryLink? _line;
    private readonly DatagramSink[] _sinks;
    private readonly int[] _boots;
    private readonly byte[] _buffer = new byte[2048];

    /// <summary>Puts the vehicles down and switches them on.</summary>
    public SimulatedFleet(SimulatorOptions options, TimeProvider time)
    {
        _time = time;
        var scenario = options.Scenario;
        var start = time.GetUtcNow();
        Copters = [.. Enumerable.Range(0, scenario.Count).Select(i => Build(options, i, start))];
        _ports = options.Ground is { } ground ? [.. Copters.Select(_ => new CopterPort(ground))] : [];
        _line = options.Line;
        _sinks = _line is { } line
            ? [.. Copters.Select(_ => (DatagramSink)(datagram => line.TrySend(datagram)))]
            : [.. _ports.Select(port => (DatagramSink)port.Send)];
        _boots = [.. Copters.Select(c => c.BootCount)];
    }

    /// <summary>The vehicles, by ascending system id.</summary>
    public IReadOnlyList<SimulatedCopter> Copters { get; }

    /// <summary>Advances every vehicle, after it has heard what waits on its line and before its own frames leave.</summary>
    public void Step(DateTimeOffset now)
    {
        while (_line is { } line && line.TryReceive(out var datagram))
        {
            foreach (var copter in Copters)
                copter.OnDatagram(datagram.Span);
        }

        for (var i = 0; i < Copters.Count; i++)
        {
            var copter = Copters[i];
            if (_ports.Length > 0)
                _ports[i].Receive(_buffer, copter);
            copter.Step(now);
            if (_ports.Length > 0 && copter.BootCount != _boots[i])
            {
                _boots[i] = copter.BootCount;
                _ports[i].Reopen();
            }

            if (_sinks.Length > 0)
                copter.Drain(_sinks[i]);
        }
    }

    /// <summary>Steps the fleet on its time provider until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                Step(_time.GetUtcNow());
        }
        catch (OperationCanceledException)
        {
            // The asked-for end.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var port in _ports)
            port.Dispose();
    }

    private static SimulatedCopter Build(SimulatorOptions options, int index, DateTimeOffset start)
    {
        var scenario = options.Scenario;
        var home = scenario.HomeOf(index);
        var copter = new SimulatedCopter(
            new(
                (byte)(scenario.FirstSystemId + index),
                home.Point,
                home.AltitudeAmsl,
                home.HeadingDeg,
                SeededNoise.Derive(options.Seed, (ulong)index),
                scenario.FastBoot,
                options.Speedup,
                scenario.Dock,
                scenario.AirspeedSensor)
            {
                Camera = options.Cameras?.SetupOf(index, (byte)(scenario.FirstSystemId + index)),
            },
            start);
        // The ground's heartbeats keep its own time, however fast the vehicle's runs.
        if (options.Speedup > 1)
            _ = copter.TrySetParameter("FS_GCS_TIMEOUT", (float)(GcsTimeoutS * options.Speedup));
        foreach (var (name, value) in scenario.InitialParameters())
            _ = copter.TrySetParameter(name, value);
        foreach (var fault in scenario.PlannedFaults)
        {
            if (fault.Vehicle == 0 || fault.Vehicle == index + 1)
                copter.Plan(fault);
        }

        return copter;
    }
}
